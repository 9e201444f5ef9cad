"""Dossiers that were sent to replace others: their lines speak under the identity of the first one."""

from collections.abc import Sequence

import psycopg

from producers.sql import query
from producers.units.tax_code import Place

PACKAGE = "producers.index"
ALL = "*"
"""In the place of a place: a register file replaces another as a whole."""


class Dossiers:
    """(source, place, number) → the number under which its lines have their identity."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._known: dict[str, dict[tuple[str, str], str]] = {}
        self._families: dict[tuple[str, str], frozenset[str]] = {}

    def first(self, source: str, place: str, dossier: str) -> str:
        """The dossier that this one replaced, else itself."""
        return self._firsts(dossier).get((source, place), dossier)

    def _firsts(self, dossier: str) -> dict[tuple[str, str], str]:
        if dossier not in self._known:
            rows = self._connection.execute(query(PACKAGE, "find_dossier_aliases"), (dossier,)).fetchall()
            self._known[dossier] = {(row[0], row[1]): row[2] for row in rows}
        return self._known[dossier]

    def stating(self, source: str, places: Sequence[Place], dossier: str, line: str) -> list[Place]:
        """Those of the places at which this line of this dossier stands, or stood until it was withdrawn."""
        numbers = {place: {dossier, self.first(source, place.key, dossier)} for place in places}
        every = sorted(set().union(*numbers.values()))
        rows = self._connection.execute(
            query(PACKAGE, "find_cited"), {"dossiers": every, "lines": [line] * len(every)}
        ).fetchall()
        said = {(Place(row[8], row[9]), row[16] or row[11]) for row in rows if row[7] == source}
        return [place for place in places if any((place, number) in said for number in numbers[place])]

    def replace(self, source: str, place: str, dossier: str, first: str, batch: str) -> None:
        """From now on ``dossier`` speaks under ``first``. Part of the caller's transaction."""
        if self.first(source, place, dossier) != first:
            self._known[dossier][source, place] = first
            self._families = {}
            self._connection.execute(query(PACKAGE, "write_dossier_alias"), (source, place, dossier, first, batch))

    def family(self, source: str, file: str) -> frozenset[str]:
        """Of a register's file: the one that all began with, and every file that has replaced it since. A row's facts
        stay under the file that stated them first, so what the last file says stands under any of these."""
        if (source, file) not in self._families:
            first = self.first(source, ALL, file)
            rows = self._connection.execute(query(PACKAGE, "find_replacing"), (source, ALL, first)).fetchall()
            self._families[source, file] = frozenset({file, first, *(row[0] for row in rows)})
        return self._families[source, file]

    def exists(self, dossier: str, source: str) -> bool:
        """Something was taken in under this number, or it has replaced another for some place."""
        return any(of == source for of, _ in self._firsts(dossier)) or (
            self._connection.execute(query(PACKAGE, "find_dossier"), (dossier, dossier, source)).fetchone() is not None
        )

    def places(self, dossier: str, source: str) -> frozenset[str]:
        """Places that something was taken in for under this number, or for which it has replaced another."""
        rows = self._connection.execute(query(PACKAGE, "find_dossier_places"), {"dossier": dossier, "source": source})
        return frozenset(row[0] for row in rows)

    def forget(self) -> None:
        """Drop what is at hand: after a file was refused, the database has what counts."""
        self._known, self._families = {}, {}
