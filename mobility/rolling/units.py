"""A part of one partition's units: state in the changelog, live state in the store, kept sums, sums of effects."""

import zlib
from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from consumers.store import checking
from consumers.store.asking import Row
from consumers.store.checking import Slice
from mobility.rolling.ranges import BehindError, Ranges
from schemas import topics
from streams.engine.routing import Router
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
    moving = _moving(ranges, at.partition, moment, position or 0)
    compared = [key for key in units if key not in moving]
    differences = [
        difference
        for key in compared
        for difference in _compared(key.decode(), load(live.get(key)), rows[key.decode()], stated=key in live)
    ]
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


def _moving(ranges: Ranges, partition: int, moment: checking.Moment, position: int) -> set[bytes]:
    """Units with a record that one side has taken and another may not have."""
    source, status = (topics.CHANGES, partition), (topics.STATUS, partition)
    ends = ranges.ends([source, status])
    begin = min(position, moment.offsets.get(source, 0))
    moving: set[bytes] = set()
    for record in ranges.records(*source, begin, ends[source], at_most=MOVING):
        if record.key == CLOCK:
            raise BehindError(f"{topics.CHANGES}/{partition}: a tick lies in between")
        moving.add(record.key or b"")
    for record in ranges.records(*status, moment.offsets.get(status, 0), ends[status], at_most=MOVING):
        moving.add(record.key or b"")
    return moving


def _difference(code: str, figure: str, log: object, live: object, store: object) -> Difference:
    return {"kind": "units", "key": code, "figure": figure, "log": log, "live": live, "store": store}
