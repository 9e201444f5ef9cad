"""Names of provinces, districts, wards and industrial parks of ``schemas/areas``, as folded words."""

import re
import unicodedata
from csv import DictReader
from functools import cache
from importlib.resources import files

UNITS = (
    *("đặc khu", "huyện", "khu chế xuất", "khu công nghiệp", "khu kinh tế", "cụm công nghiệp", "phường", "quận"),
    *("thành phố", "thị trấn", "thị xã", "tỉnh", "tổ hợp khu công nghiệp", "xã"),
)
_COLUMNS = {
    "haiphong_areas.csv": ("name", "parent_name"),
    "haiphong_crosswalk.csv": ("old_province", "old_district", "old_ward", "new_ward"),
    "haiphong_parks.csv": ("name",),
}
_WORDS = re.compile(r"[^\W\d_]+")


def folded(word: str) -> str:
    """Lower case, without marks: ``Đồng`` is ``dong``, also where it came decomposed."""
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", word) if not unicodedata.combining(ch))
    return bare.casefold().replace("đ", "d")


@cache
def area_names() -> frozenset[tuple[str, ...]]:
    """Without the word for what it is: ``("an", "duong")`` of ``Huyện An Dương``."""
    units = tuple(f"{unit} " for unit in UNITS)
    names = set()
    for file, columns in _COLUMNS.items():
        with (files("schemas") / "areas" / file).open(encoding="utf-8") as lines:
            for row in DictReader(lines):
                for column in columns:
                    name = unicodedata.normalize("NFC", row[column]).casefold()
                    unit = next((one for one in units if name.startswith(one)), "")
                    names.add(tuple(map(folded, _WORDS.findall(name.removeprefix(unit)))))
    return frozenset(names - {()})


@cache
def longest() -> int:
    """Words of the longest name."""
    return max(map(len, area_names()))
