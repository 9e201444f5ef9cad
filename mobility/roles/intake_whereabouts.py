"""Where enterprises are and whom unions cover, as the store tells today: what the intake's keys for areas ask."""

from collections import defaultdict
from collections.abc import Collection
from importlib.resources import files
from typing import LiteralString

import psycopg

from producers.http.silence import AnsweringConnection


def _query(name: str) -> LiteralString:
    return (files("mobility.roles") / f"{name}.sql").read_text("utf-8")


class StoreWhereabouts:
    """Asks PostgreSQL. A store that is not there yet knows nothing, and then nothing is granted by area."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def areas_of(self, enterprises: Collection[str]) -> dict[str, str]:
        """Unit id → area code, empty where the enterprise is known without one. psycopg.Error."""
        try:
            with AnsweringConnection.connect(self._dsn, connect_timeout=5) as connection:
                return dict(connection.execute(_query("find_areas"), {"units": list(enterprises)}).fetchall())
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return {}

    def covered_by(self, unions: Collection[str]) -> dict[str, set[str]]:
        """Union's unit id → unit ids of the live enterprises that it covers. psycopg.Error."""
        found: dict[str, set[str]] = defaultdict(set)
        try:
            with AnsweringConnection.connect(self._dsn, connect_timeout=5) as connection:
                codes = [unit.removeprefix("u") for unit in unions]
                for code, unit in connection.execute(_query("find_covered"), {"codes": codes}):
                    found[f"u{code}"].add(unit)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return {}
        return dict(found)
