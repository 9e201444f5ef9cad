"""Whether a text that goes onto the log in clear (a dossier number, a register's code) is a person's name or number."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from producers.readers.texts import fold
from producers.validate.citizen import cannot_be
from producers.validate.offices import parted

ANY_DAY = "9999-12-31"
CITIZEN_DIGITS = 12
_SHORTEST = 9
"""Digits of an old identity card: no number of a person is shorter."""
_NUMBERS = re.compile(r"[0-9]+(?:[\s._\-]{1,3}[0-9]+)*")
_WORDS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"[A-Za-z][a-z]+[A-Z][a-z]")
_OFFICE = re.compile(
    r"(?<!\w)(?:hồ sơ|số|ngày|tháng|năm|quý|đợt|lần|quyết định|công văn|công đoàn|bổ sung|điều chỉnh|mẫu)(?!\w)",
    re.IGNORECASE,
)
_SYLLABLE = re.compile(r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")


@lru_cache(maxsize=8192)
def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    """(digits without what stands between, words without office words) of a text."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s._\-]", "", text), tuple(_WORDS.findall(_OFFICE.sub(" 1 ", text)))


def _unmarked(text: str) -> str:
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return bare.replace("đ", "d").replace("Đ", "D")


@lru_cache(maxsize=8192)
def holds_citizen_number(text: str) -> bool:
    """Whether 12 digits in it may be a citizen number, also with spaces, dots or dashes between.

    Dates and counters with dashes make 12 digits too (``600-10-2026-001``): in pieces it is one with the code of a
    province in front, or in pieces of three and more.
    """
    for found in _NUMBERS.finditer(unicodedata.normalize("NFKC", text)):
        pieces = re.findall(r"[0-9]+", found[0])
        for begin in range(len(pieces)):
            for end in range(begin + 1, len(pieces) + 1):
                some = pieces[begin:end]
                number = "".join(some)
                if len(number) > CITIZEN_DIGITS:
                    break
                sure = len(some) == 1 or number[0] == "0" or min(map(len, some)) > 2
                if len(number) == CITIZEN_DIGITS and sure and cannot_be(number, ANY_DAY) is None:
                    return True
    return False


def holds_number_of(text: str, values: Mapping[str, str]) -> bool:
    """Whether one of the row's own numbers stands in it."""
    bare = _parted(text)[0]
    if len(bare) < _SHORTEST:
        return False
    own = (re.sub(r"\D", "", values.get(name, "")) for name in ("insurance_number", "personal_number", "phone"))
    return any(len(number) >= _SHORTEST and number in bare for number in own)


def holds_name_of(text: str, values: Mapping[str, str]) -> bool:
    """Whether the name of the row's person, or two words of it, stand in it. A place is no name: who is called An Dương
    may be declared by ``BHXH huyện An Dương``."""
    text, words = _unplaced(text)
    name = values.get("full_name", "")
    if not words or not name:
        return False
    whole = fold(name)
    if len(whole) > 4 and whole in text:
        return True
    return len(words) > 1 and len(words & {fold(word) for word in name.split()}) > 1


@lru_cache(maxsize=8192)
def _unplaced(text: str) -> tuple[str, frozenset[str]]:
    """The text without its places, and its words; folded."""
    text = parted(text).unplaced
    return fold(text), frozenset(map(fold, _parted(text)[1]))


@lru_cache(maxsize=8192)
def reads_like_a_name(text: str) -> bool:
    """Two words with Vietnamese marks, or ``PhamThiLo``; words of an office (*ngày*, *hồ sơ*) don't count."""
    marked = [word for word in _parted(text)[1] if not word.isascii()]
    return len(marked) > 1 or bool(_HUMP.search(_unmarked(text)))


@lru_cache(maxsize=8192)
def plain_words(text: str) -> int:
    """How many words of two letters and more stand in it, those with digits left out."""
    pieces = re.split(r"[\W_]+", _OFFICE.sub(" 1 ", unicodedata.normalize("NFKC", text)))
    return sum(1 for piece in pieces if len(piece) > 1 and piece.isalpha())


@lru_cache(maxsize=8192)
def syllables(text: str) -> int:
    """How many of its words are Vietnamese syllables, as names are and abbreviations (``CDCS``) mostly are not."""
    return sum(1 for word in _parted(text)[1] if _SYLLABLE.fullmatch(fold(word)))


def is_personal(text: str, values: Mapping[str, str]) -> bool:
    """Whether a register's code is rather a person's number or name. ``values``: the row that states it."""
    return (
        holds_citizen_number(text)
        or holds_number_of(text, values)
        or holds_name_of(text, values)
        or reads_like_a_name(text)
        or syllables(text) > 2
    )
