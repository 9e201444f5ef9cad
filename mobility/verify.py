"""Verify: live state = facts = PostgreSQL.

Counts and cover are a function of the set of facts: they are recomputed from the facts on the log, and once more as the
sum of the effects on ``unit.changes``. Alerts are a function of ``unit.changes`` in its order: they are replayed.
Rows of movements and alerts in PostgreSQL are compared field by field with their records by the rolling check's looks.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg

from consumers.store.snapshot import Snapshot, snapshot
from mobility.clock import last_day
from mobility.endpoints import Endpoints
from mobility.log import read_topics
from mobility.output import Report
from mobility.replay import alerts_of_changes, data_of, effects_of_facts, latest
from mobility.rolling import whole
from schemas import topics

FIGURES = ("workers", "present", "members")
ALERT_FIGURES = ("state", "version", "opened_on", "confirmed_on", "resolved_on", "reason")

Difference = dict[str, Any]


class _Unit:
    """What the log says of one unit on a day."""

    def __init__(self) -> None:
        self.sums = dict.fromkeys(FIGURES, 0)
        self.marks: dict[tuple[Any, ...], int] = defaultdict(int)

    def take(self, data: dict[str, Any], day: str) -> None:
        if data["kind"] == "effect" and data["day"] <= day:
            for figure in FIGURES:
                self.sums[figure] += data.get(figure, 0)
        elif data["kind"] == "mark" and data["day"] <= day:
            self.marks[data["about"], data["key"], data["branch"], data["day"], data["on"]] += data["sign"]

    def unions(self) -> list[str]:
        return sorted({key for about, key, _ in self._live() if about == "cover"})

    def dissolved(self) -> bool:
        return ("dissolved", "", "") in self._live()

    def _live(self) -> set[tuple[str, str, str]]:
        """Of each (about, key, branch) the latest mark; one that ends on a day beats one that begins."""
        asserted = sorted((mark for mark, sign in self.marks.items() if sign > 0), key=lambda m: (m[3], not m[4]))
        on = {(about, key, branch): holds for about, key, branch, _, holds in asserted}
        return {at for at, holds in on.items() if holds}

    def figures(self) -> dict[str, Any]:
        counted = dict.fromkeys(FIGURES, 0) if self.dissolved() else dict(self.sums)
        return {**counted, "unions": self.unions()}


def differences(at: Endpoints, report: Report) -> list[Difference]:
    """Every figure on which facts, log of changes, live state and PostgreSQL don't agree; empty: all is well."""
    day = last_day(at.kafka)
    today = day.isoformat() if day else ""
    report("Facts")
    facts: dict[str, _Unit] = defaultdict(_Unit)
    effects_of_facts(at.kafka, lambda unit, data: facts[unit].take(data, today))
    report("Log of changes")
    changes: dict[str, _Unit] = defaultdict(_Unit)
    for _, _, records in read_topics(at.kafka, topics.CHANGES):
        for record in records:
            data = data_of(record)
            if data is not None and record.key is not None and data.get("kind") in ("effect", "mark"):
                changes[record.key.decode()].take(data, today)
    report("Alerts")
    replayed = alerts_of_changes(at.kafka)
    report("Live state")
    live = {unit: data for unit, data in latest(at.kafka, topics.STATUS).items() if not unit.startswith("clock/")}
    live_alerts = latest(at.kafka, topics.ALERTS)
    report("PostgreSQL")
    with psycopg.connect(at.postgres) as connection:
        stored = snapshot(connection)
    found = [*_counts(facts, changes, live, stored), *_alerts(replayed, live_alerts, stored)]
    report("Rows of alerts and movements")
    codes = {key: row["tax_code"] for rows in (stored.alerts, live_alerts, replayed) for key, row in rows.items()}
    told = {(one["tax_code"], one["figure"]) for one in found}
    rows = [*_alert_rows(at, codes), *_movement_rows(at)]
    return found + [one for one in rows if (one["tax_code"], one["figure"]) not in told]


def _counts(
    facts: dict[str, _Unit], changes: dict[str, _Unit], live: dict[str, Any], stored: Snapshot
) -> Iterator[Difference]:
    for unit in sorted(facts.keys() | changes.keys() | live.keys() | stored.units.keys()):
        said = facts[unit].figures() if unit in facts else _Unit().figures()
        logged = changes[unit].figures() if unit in changes else _Unit().figures()
        shown, row = live.get(unit), stored.units.get(unit)
        code = (shown or row or {}).get("tax_code") or (shown or row or {}).get("union_code") or unit[1:]
        figures = (*FIGURES, "unions") if unit.startswith("e") else ("members",)
        for figure in figures:
            values = [said[figure], logged[figure], _of(shown, figure), _of(row, figure)]
            if any(value != values[0] for value in values):
                yield _difference(code, figure, values)
        for figure in FIGURES if unit.startswith("e") else ("members",):
            summed = row[f"summed_{figure}"] if row else 0
            expected = facts[unit].sums[figure] if unit in facts else 0
            if summed != expected:
                yield _difference(code, f"{figure} (sum of effects)", [expected, expected, expected, summed])


def _alerts(replayed: dict[str, Any], live: dict[str, Any], stored: Snapshot) -> Iterator[Difference]:
    for alert in sorted(replayed.keys() | live.keys() | stored.alerts.keys()):
        rows = [replayed.get(alert), live.get(alert), stored.alerts.get(alert)]
        code = next(row["tax_code"] for row in rows if row)
        for figure in ALERT_FIGURES:
            log, shown, kept = ((row or {}).get(figure) or None for row in rows)
            if not log == shown == kept:
                yield _difference(code, f"alert {alert[:8]} {figure}", [log, log, shown, kept])


def _alert_rows(at: Endpoints, codes: dict[str, str]) -> Iterator[Difference]:
    """Every column; the last record of an alert is what all that comes before the store says."""
    for one in whole.differences(at, "alerts"):
        figure = one["figure"].replace("alert", f"alert {one['key'][:8]}", 1)
        yield _difference(codes.get(one["key"], ""), figure, [one["log"]] * 3 + [one["store"]])


def _movement_rows(at: Endpoints) -> Iterator[Difference]:
    """A reading is told as version, superseded version, person, kind, from, to, left, started, facts."""
    for one in whole.differences(at, "movements"):
        from_unit, to_unit = one["log"][4:6]
        values = [one["log"]] * 3 + [one["store"]]
        yield _difference((to_unit or from_unit)[1:], f"movement {one['key']}", values)


def _of(row: dict[str, Any] | None, figure: str) -> Any:
    """A unit that a consumer does not have counts as empty."""
    value = (row or {}).get(figure)
    return ([] if figure == "unions" else 0) if value is None else value


def _difference(code: str, figure: str, values: list[Any]) -> Difference:
    log, changes, live, store = values
    return {"tax_code": code, "figure": figure, "log": log, "changes": changes, "live": live, "store": store}
