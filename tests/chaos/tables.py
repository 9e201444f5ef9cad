"""Compares the tables of the store with the oracle, and with those of a store that nothing has disturbed."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from schemas import topics
from tests.chaos.reading import Stood
from tests.chaos.verdict import FIGURES, FOREVER, Verdict, same
from tests.integration.store_kit import Kit, new_database
from tests.oracle import persons

Row = dict[str, Any]


class Tables:
    """What the store holds; each check raises AssertionError with what differs."""

    def __init__(self, dsn: str, verdict: Verdict) -> None:
        self._dsn = dsn
        self._verdict = verdict

    def check(self) -> int:
        """All that the oracle can tell; gives the number of effects."""
        self.check_counts()
        self.check_persons()
        self.check_totals()
        units = {row["unit"]: row for row in self._rows("select * from store.unit_status")}
        self._verdict.same_units(units, "status in the store")
        alerts = {row["id"]: row for row in self._rows("select * from store.alerts")}
        self._verdict.same_alerts(alerts, "alerts of the store")
        self.check_findings()
        self.check_rejected()
        return self.check_effects()

    def check_effects(self) -> int:
        """Each effect of the log has its row, and the rows sum up to what the facts mean, future days too."""
        changes = self._verdict.log[topics.CHANGES]
        on_log = {(at.partition, at.offset): 1 for at in changes if _kind(at) == "effect"}
        rows = self._rows('select partition, "offset" from store.effects')
        same({(row["partition"], row["offset"]): 1 for row in rows}, on_log, "places of effects")
        same(self._sums("store.effects"), self._verdict.expected(FOREVER), "sums of effects")
        return len(rows)

    def check_counts(self) -> None:
        """The counts of the clock's day, which all partitions have reached."""
        days = {row["day"] for row in self._rows("select day from store.clock")}
        assert days == {self._verdict.day}, days
        same(self._sums("store.unit_counts"), self._verdict.expected(self._verdict.day), "counts of units")

    def check_persons(self) -> None:
        """Who is where on the clock's day."""
        expected: dict[tuple[str, str], tuple[int, ...]] = {}
        for who, said in self._verdict.facts.items():
            for unit, (workers, _, members) in persons.figures(said, self._verdict.day).items():
                expected[who, unit] = (workers, members)
        rows = self._rows("select person, unit, workers, members from store.person_units")
        found = {(row["person"], row["unit"]): (row["workers"], row["members"]) for row in rows}
        same(_counted(found), _counted(expected), "persons in units")

    def check_totals(self) -> None:
        """Each person counts once, however many spells or memberships are open."""
        at_work, members = set(), set()
        for who, said in self._verdict.facts.items():
            for unit, figures in persons.figures(said, self._verdict.day).items():
                if unit.startswith("e") and figures[0] and not self._verdict.ended(unit):
                    at_work.add(who)
                if unit.startswith("u") and figures[2]:
                    members.add(who)
        (found,) = self._rows("select persons, members from store.totals")
        same(dict(found), {"persons": len(at_work), "members": len(members)}, "totals")

    def check_findings(self) -> None:
        """Every open finding, once."""
        rows = self._rows("select person, fact, what from store.findings where open")
        found = {(row["person"], row["fact"], row["what"]): 1 for row in rows}
        self._verdict.same_findings(found, "findings of the store")

    def check_rejected(self) -> None:
        """What no step could read is told by the store too, and nothing else is."""
        rows = self._rows('select topic, partition, "offset" from store.rejected')
        found = {(row["topic"], row["partition"], row["offset"]): 1 for row in rows}
        same(found, dict.fromkeys(self._verdict.poison, 1), "rejected records")

    def _sums(self, table: str) -> dict[str, tuple[int, ...]]:
        figures = ", ".join(f"sum({name})::int as {name}" for name in FIGURES)
        rows = self._rows(f"select unit, {figures} from {table} group by unit")
        return _counted({row["unit"]: tuple(row[name] for name in FIGURES) for row in rows})

    def _rows(self, query: str) -> list[Row]:
        """In the words of the log: ids are plain hexadecimal, days are text, and empty where there is none."""
        with psycopg.connect(self._dsn, row_factory=dict_row) as line:
            rows = line.execute(query.encode()).fetchall()
        return [{name: _said(value) for name, value in row.items()} for row in rows]


def check_undisturbed(kafka: str, dsn: str) -> None:
    """Every table, row by row, is what a store writes that reads the same log in one go. Takes seconds."""
    with new_database(dsn) as other:
        calm, disturbed = Kit(kafka, other, from_now=False), Kit(kafka, dsn, from_now=False)
        try:
            calm.start()
            calm.wait(300)
            found, expected = disturbed.dump(), calm.dump()
        finally:
            calm.close()
            disturbed.close()
    for table, rows in expected.items():
        same(Counter(found[table]), Counter(rows), f"rows of {table}")


def wait_until_stored(kafka: str, dsn: str, seconds: float) -> None:
    """Until the store has all that is on the log."""
    kit = Kit(kafka, dsn, from_now=False)
    try:
        kit.wait(seconds)
    finally:
        kit.close()


def _said(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if type(value) is date else value


def _counted(figures: Mapping[Any, tuple[int, ...]]) -> dict[Any, tuple[int, ...]]:
    return {key: some for key, some in figures.items() if any(some)}


def _kind(at: Stood) -> str:
    try:
        return str(at.event["data"]["kind"])
    except (ValueError, KeyError, TypeError):
        return ""
