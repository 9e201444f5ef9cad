"""Ids that were merged into others: facts that were identified under them go on being the same facts (rule 7)."""

from collections import defaultdict

import psycopg

from producers.sql import query

PACKAGE = "producers.index"


class Merges:
    """Winner → the ids that were merged into it. Read on first use, for the run: the intake's lock holds merges off."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._formers: dict[str, tuple[str, ...]] | None = None

    def formers(self, person: str) -> tuple[str, ...]:
        """Ids that this one was also known by; none for nearly everybody."""
        if self._formers is None:
            found: dict[str, list[str]] = defaultdict(list)
            for loser, winner in self._connection.execute(query(PACKAGE, "find_merges")).fetchall():
                found[winner.hex].append(loser.hex)
            self._formers = {winner: tuple(losers) for winner, losers in found.items()}
        return self._formers.get(person, ())

    def ids(self, person: str) -> tuple[str, ...]:
        """The person's id, then those that were merged into it."""
        return (person, *self.formers(person))
