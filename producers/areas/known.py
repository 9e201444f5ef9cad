"""Which provinces and wards there are, from when to when, and what lies in what.

A code means nothing without its day: wards of 2025 reuse codes of wards before, with another extent.
"""

from collections import defaultdict
from collections.abc import Iterable
from csv import DictReader
from functools import cache
from importlib.resources import files

import psycopg
from msgspec import Struct

from producers.sql import query

PACKAGE = "producers.areas"
_LEVELS = ("province", "district", "ward")


class Area(Struct, frozen=True):
    """``first`` and ``last``: the days (``YYYY-MM-DD``) it was valid, both included, empty where open. ``parent``: the
    code of the area around it, empty for a province."""

    code: str
    level: str
    parent: str
    first: str
    last: str


class ShippedAreas:
    """Those of the files that come with the program."""

    def of(self, code: str) -> list[Area]:
        """Every meaning of a code."""
        return _shipped().get(code, [])

    def is_ward(self, code: str, day: str) -> bool:
        """Whether a ward or commune had the code on the day; empty: on any."""
        wards = (area for area in self.of(code) if area.level == "ward")
        return any(not day or (area.first or "0000") <= day <= (area.last or "9999") for area in wards)

    def is_area(self, code: str) -> bool:
        """Whether there is such a province, district or ward today."""
        return self._today(code) is not None

    def lies_in(self, code: str, areas: frozenset[str]) -> bool:
        """Whether the area of today is one of these or in one of them. A code of before 2025-07-01 may name another
        place today, so it is in none."""
        seen = set[str]()
        while code not in seen and (area := self._today(code)):
            if code in areas:
                return True
            seen.add(code)
            code = area.parent
        return False

    def _today(self, code: str) -> Area | None:
        return next((area for area in self.of(code) if not area.last), None)


class Areas(ShippedAreas):
    """The same and the loaded ones. One is for one file or post: what is loaded meanwhile counts for the next."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._loaded: dict[str, list[Area]] = {}

    def of(self, code: str) -> list[Area]:
        """Every meaning of a code; what was loaded under it speaks before what came with the program."""
        found = self._loaded.get(code)
        if found is None:
            rows = self._connection.execute(query(PACKAGE, "find_area"), (code,)).fetchall()
            meanings = {area.first: area for area in super().of(code)} | {row[3]: Area(*row) for row in rows}
            found = self._loaded[code] = list(meanings.values())
        return found


def load(connection: psycopg.Connection, areas: Iterable[Area]) -> None:
    """Keep areas, each instead of those that its code named in the same time before. Commit is the caller's."""
    rows = [(area.code, area.level, area.parent, area.first, area.last) for area in areas if area.level in _LEVELS]
    with connection.cursor() as cursor:
        cursor.executemany(query(PACKAGE, "write_area"), rows)


@cache
def _shipped() -> dict[str, list[Area]]:
    found: dict[str, list[Area]] = defaultdict(list)
    for entry in sorted((files("schemas") / "areas").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith("_areas.csv"):
            with entry.open(encoding="utf-8") as lines:
                for row in DictReader(lines):
                    if row["level"] in _LEVELS:
                        said = (row[name] for name in ("code", "level", "parent_code", "valid_from", "valid_to"))
                        area = Area(*said)
                        found[area.code].append(area)
    return dict(found)
