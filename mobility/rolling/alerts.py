"""One partition of ``alerts``: the last state of each on the log stands in the store, and nothing else does.

That they are the right ones is for the kind ``units``, which compares each unit's alert in the changelog.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from psycopg import Connection

from consumers.store import checking
from consumers.store.asking import Row
from consumers.store.checking import Slice
from mobility.replay import data_of
from mobility.rolling.ranges import Ranges
from schemas import topics
from streams.engine.routing import Router

Difference = dict[str, Any]

OF_THE_STEP = (
    "state",
    "version",
    "workers",
    "opened_on",
    "confirmed_on",
    "resolved_on",
    "reason",
    "snoozed_until",
    "history",
    "successors",
)
"""What the changelog of ``units`` knows of an alert in the same words."""
FIGURES = ("unit", "episode", *OF_THE_STEP, "by", "tax_code", "name", "rule", "inherited")
_NOT_SHOWN = frozenset({"by", "history", "inherited"})
"""A difference goes to the log, and these name who has an alert in hand."""
LARGEST = 1 << 40
"""The topic is compacted: what there is to read is little more than the alerts."""


def look(ranges: Ranges, connection: Connection[Any], at: Slice, partitions: int) -> tuple[int, int, list[Difference]]:
    """(compared, passed over, differences). What the store has not read yet is passed over."""
    route = Router(partitions)
    place = (topics.ALERTS, at.partition)
    with connection.transaction():
        read = checking.moment(connection).offsets.get(place, 0)
        rows = checking.check(connection, "alerts", {"units": None})
    kept = {row["id"]: row for row in rows if route(row["id"].encode()) == at.partition}
    said: dict[str, Row] = {}
    moving: set[str] = set()
    for record in ranges.records(*place, 0, ranges.ends([place])[place], at_most=LARGEST):
        data = data_of(record)
        if data is None or record.key is None:
            continue
        identity = record.key.decode(errors="replace")
        if record.offset >= read:
            moving.add(identity)
        elif identity not in said or said[identity]["version"] < data["version"]:
            said[identity] = data
    everything = said.keys() | kept.keys()
    compared = sorted(everything - moving)
    found = [one for key in compared for one in differing(key, said.get(key), kept.get(key))]
    return len(compared), len(everything) - len(compared), found


def differing(identity: str, log: Row | None, store: Row | None) -> Iterator[Difference]:
    """Figure by figure. An alert that is only on one side differs once, in its state."""
    if log is None or store is None:
        states = [None if one is None else one["state"] for one in (log, store)]
        yield _difference(identity, "state", *states)
        return
    for figure in FIGURES:
        wanted, kept = log.get(figure), plain(store[figure])
        if (wanted or None) != kept:
            shown = ("…", "…") if figure in _NOT_SHOWN else (wanted, str(kept))
            yield _difference(identity, figure, *shown)


def plain(value: Any) -> Any:
    """A field of a row as its record has it; None for what is empty."""
    return (value.isoformat() if isinstance(value, date) else value) or None


def _difference(identity: str, figure: str, log: object, store: object) -> Difference:
    return {"kind": "alerts", "key": identity, "figure": f"alert {figure}", "log": log, "live": None, "store": store}
