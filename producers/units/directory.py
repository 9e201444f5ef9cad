"""Unit codes of the social insurance, as the enterprise register stated them, dated."""

from collections import defaultdict
from collections.abc import Iterable

import psycopg

from producers.sql import query
from producers.units.tax_code import Place

PACKAGE = "producers.units"


class UnitDirectory:
    """Unit code → place. Codes are fetched in bulk and kept for the run; what the run itself states is seen at once."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._known: dict[str, list[tuple[str, Place]]] = {}
        self._stated: dict[tuple[str, str], tuple[Place, str]] = {}
        self._codes: dict[tuple[Place, str], str] = {}

    def fetch(self, unit_codes: Iterable[str]) -> None:
        """Have these at hand: one statement for all that are not yet."""
        wanted = {code for code in unit_codes if code and code not in self._known}
        if not wanted:
            return
        found = defaultdict(list)
        for code, since, unit, branch in self._connection.execute(query(PACKAGE, "find_unit_codes"), (list(wanted),)):
            found[code].append((since.isoformat(), Place(unit, branch)))
        for code in wanted:
            self._known[code] = found[code]

    def place_of(self, unit_code: str, day: str) -> Place | None:
        """The enterprise that had the code on a day; before its first date, the first that had it. None: unknown."""
        self.fetch([unit_code])
        dated = self._known[unit_code]
        held = [place for since, place in dated if since <= day]
        return held[-1] if held else dated[0][1] if dated else None

    def holders(self, unit_code: str) -> list[Place]:
        """All who ever had the code, the first one first."""
        self.fetch([unit_code])
        return list(dict.fromkeys(place for _, place in self._known[unit_code]))

    def taken_on(self, unit_code: str, day: str) -> Place | None:
        """Who has the code from this very day on. None: nobody began to have it then."""
        self.fetch([unit_code])
        return next((place for since, place in self._known[unit_code] if since == day), None)

    def has_given_up(self, place: Place, since: str, unit_code: str) -> bool:
        """The row by which the place had the code from that day on says another one, or none."""
        if (place, since) in self._codes:
            return self._codes[place, since] != unit_code
        asked = {"unit": place.unit, "branch": place.branch, "since": since, "code": unit_code}
        return self._connection.execute(query(PACKAGE, "find_other_code"), asked).fetchone() is not None

    def drop(self, place: Place, since: str) -> None:
        """The register says that the place has no code from a day on."""
        self._codes[place, since] = ""

    def state(self, unit_code: str, since: str, place: Place, batch: str) -> None:
        """The register says that the enterprise has this code from a day on."""
        self.fetch([unit_code])
        self._codes[place, since] = unit_code
        dated = [entry for entry in self._known[unit_code] if entry[0] != since]
        if (since, place) not in self._known[unit_code]:
            self._known[unit_code] = sorted([*dated, (since, place)])
            self._stated[unit_code, since] = (place, batch)

    def store(self) -> None:
        """Write what was stated. Part of the caller's transaction."""
        if self._stated:
            rows = [
                (code, since, place.unit, place.branch, batch) for (code, since), (place, batch) in self._stated.items()
            ]
            columns = [list(column) for column in zip(*rows, strict=True)]
            self._connection.execute(query(PACKAGE, "write_unit_codes"), columns)
            self._stated = {}

    def forget(self) -> None:
        """Drop what is at hand: after a file was refused, the database has what counts."""
        self._known, self._stated, self._codes = {}, {}, {}
