"""Folding drops every mark, whatever the letter: the quick way says what the way letter by letter says."""

import re
import unicodedata

from producers.readers.examples import says_example
from producers.readers.texts import fold


def _letter_by_letter(text: str) -> str:
    bare = "".join(ch for ch in unicodedata.normalize("NFD", text[:300]) if not unicodedata.combining(ch))
    return re.sub(r"[^a-z0-9]", "", bare.casefold().replace("đ", "d"))


def test_every_letter_folds_as_it_does_alone() -> None:
    letters = [chr(code) for code in range(0x2FFF) if not 0xD800 <= code < 0xE000]
    texts = ["aB" + "".join(letters[start : start + 20]) + "Đ1" for start in range(0, len(letters), 20)]
    assert [fold(text) for text in texts] == [_letter_by_letter(text) for text in texts]
    for text in ("Mã số thuế (*)", "HOÀ", "hòa", "Hòa" * 200, "đ" * 400, ""):
        assert fold(text) == _letter_by_letter(text)


def test_no_number_of_a_line_says_that_it_is_an_example() -> None:
    assert [says_example(line) for line in ("17", "0", "VÍ DỤ", "ví dụ 1", "Example", "")] == [
        False, False, True, False, True, False,
    ]  # fmt: skip
