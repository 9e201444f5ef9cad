"""Vietnamese that people read places its tone marks one way (hóa, thỏa, hủy); what is read from files settles both."""

import re
from pathlib import Path

import pytest

from producers.readers.texts import fold

ROOT = Path(__file__).parents[3]
OTHER_WAY = re.compile(r"\b\w*[^\Wqo](?:o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])\b|\b[uo][ỳýỷỹỵàáảãạ]\b", re.IGNORECASE)
"""Open syllables in oa, oe, uy with the mark on the second vowel; after q it belongs there (quý)."""
READ_ONLY = {
    "producers/validate/fields.py",
    "producers/vault/record.py",
    "producers/readers/texts.py",
    "producers/readers/vocabulary.py",
}
"""What files may say, either way."""


@pytest.mark.parametrize("package", ["consumers", "mobility", "producers"])
def test_texts_for_people_are_written_one_way(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word[0]}"
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in (".py", ".toml", ".html", ".js")
        and str(path.relative_to(ROOT)) not in READ_ONLY
        and "synth" not in path.parts
        for word in OTHER_WAY.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_files_may_write_both() -> None:
    assert fold("thoả ước") == fold("thỏa ước")
