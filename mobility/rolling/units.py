"""A part of one partition's units: state in the changelog, live state in the store, kept sums, sums of effects."""

import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from psycopg import Connection

from consumers.store import checking
from consumers.store.asking import Row
from consumers.store.checking import Slice
from mobility.replay import data_of
from mobility.rolling import alerts
from mobility.rolling.ranges import BehindError, Ranges
from schemas import topics
from schemas.ids import alert_id
from streams.engine.routing import Router
from streams.rules import no_union
from streams.units import output
from streams.units.clock import KEY as CLOCK
from streams.units.unit import Unit, load, today

CHANGELOG = "units.state"
MOVING = 50_000
FIGURES = ("workers", "present", "members")

Difference = dict[str, Any]


def size(ranges: Ranges, partition: int) -> int:
    """Units in the changelog of the partition."""
    state, _ = ranges.changelog(CHANGELOG, partition, is_unit)
    return len(state)


def is_unit(key: bytes) -> bool:
    """Not the clock, nor what the step keeps for itself."""
    return key[:1] in (b"e", b"u")


def look(ranges: Ranges, connection: Connection[Any], at: Slice, partitions: int) -> tuple[int, int, list[Difference]]:
    """(compared, passed over, differences). Raises BehindError, KafkaError, psycopg.Error."""
    route = Router(partitions)

    def ours(key: bytes) -> bool:
        return is_unit(key) and zlib.crc32(key) % at.parts == at.part

    live, position = ranges.changelog(CHANGELOG, at.partition, ours)
    with connection.transaction():
        moment = checking.moment(connection)
        known = {name.encode() for name in checking.unit_names(connection) if ours(name.encode())}
        units = sorted(live.keys() | {key for key in known if route(key) == at.partition})
        asked = {"units": [key.decode() for key in units], "day": moment.days.get(at.partition)}
        rows = {row["unit"]: row for row in checking.check(connection, "units", asked)}
        warned = {row["id"]: row for row in checking.check(connection, "alerts", {"units": asked["units"]})}
    moving = _moving(ranges, at.partition, moment, position or 0)
    compared = [key for key in units if key not in moving]
    differences: list[Difference] = []
    for key in compared:
        unit, state, row = key.decode(), load(live.get(key)), rows[key.decode()]
        differences += _compared(unit, state, row, stated=key in live)
        if state.alert is not None:
            differences += _alert(unit, state, row, warned.get(alert_id(no_union.NAME, unit, state.alert.episode)))
    return len(compared), len(units) - len(compared), differences


def _compared(unit: str, state: Unit, row: Row, *, stated: bool) -> Iterator[Difference]:
    """``log``: the sum of the effects on the log of changes; ``live``: the changelog; ``store``: what is shown."""
    said = today(state)
    code = row["tax_code"] or row["union_code"] or unit[1:]
    for figure in FIGURES:
        log, live, kept = row[f"due_{figure}"], getattr(state, figure), row[f"kept_{figure}"]
        if not log == live == kept:
            yield _difference(code, f"{figure} (sum of effects)", log, live, kept)
        shown, wanted = row[figure] or 0, 0 if said.dissolved_on else live
        if shown != wanted:
            yield _difference(code, figure, 0 if said.dissolved_on else log, wanted, shown)
    if stated and row["version"] != state.version:
        yield _difference(code, "version", state.version, state.version, row["version"])
    if unit.startswith("e") and sorted(said.covers) != sorted(row["unions"] or []):
        yield _difference(code, "unions", sorted(said.covers), sorted(said.covers), row["unions"])


def _alert(unit: str, state: Unit, row: Row, kept: Row | None) -> Iterator[Difference]:
    """The alert that the changelog holds of a unit, beside the store's. Name and code are of its last transition."""
    assert state.alert is not None  # noqa: S101 - narrows the type
    live = msgspec.json.decode(output.alert(unit, state.alert, today(state), "")[1])["data"]
    code = row["tax_code"] or unit[1:]
    if kept is None:
        yield _difference(code, "alert state", None, live["state"], None)
        return
    for figure in alerts.OF_THE_STEP:
        if (live[figure] or None) != alerts.plain(kept[figure]):
            shown = [None if figure == "history" else one[figure] for one in (live, kept)]
            yield _difference(code, f"alert {figure}", None, shown[0], shown[1] and str(shown[1]))


def _moving(ranges: Ranges, partition: int, moment: checking.Moment, position: int) -> set[bytes]:
    """Units with a record that one side has taken and another may not have."""
    source, status = (topics.CHANGES, partition), (topics.STATUS, partition)
    warnings = [place for place in moment.offsets if place[0] == topics.ALERTS]
    ends = ranges.ends([source, status, *warnings])
    begin = min(position, moment.offsets.get(source, 0))
    moving: set[bytes] = set()
    for record in ranges.records(*source, begin, ends[source], at_most=MOVING):
        if record.key == CLOCK:
            raise BehindError(f"{topics.CHANGES}/{partition}: a tick lies in between")
        moving.add(record.key or b"")
    for record in ranges.records(*status, moment.offsets.get(status, 0), ends[status], at_most=MOVING):
        moving.add(record.key or b"")
    for place in warnings:
        for record in ranges.records(*place, moment.offsets[place], ends[place], at_most=MOVING):
            moving.add(str((data_of(record) or {}).get("unit", "")).encode())
    return moving


def _difference(code: str, figure: str, log: object, live: object, store: object) -> Difference:
    return {"kind": "units", "key": code, "figure": figure, "log": log, "live": live, "store": store}
