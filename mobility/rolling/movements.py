"""A range of offsets of ``mobility.movements``: each reading stands in the store, saying the same.

Whether they are the right ones is for the kind ``people``, which finds the readings that follow from the facts.
"""

import re
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

AT_A_TIME = 20_000

Difference = dict[str, Any]
Readings = dict[tuple[str, int], Row]
"""(movement, version) -> what its record says."""

_ID = re.compile(r"[0-9a-f]{32}").fullmatch
_TEXTS = ("what", "from_unit", "to_unit")
_DAYS = ("left_on", "started_on")


def look(ranges: Ranges, connection: Connection[Any], at: Slice, partitions: int) -> tuple[int, int, list[Difference]]:
    """(compared, passed over, differences). The range ends where the store stands: a reading is in it or it differs."""
    place = (topics.MOVEMENTS, at.partition)
    with connection.transaction():
        end = checking.moment(connection).offsets.get(place, 0)
    first, last = end * at.part // at.parts, end * (at.part + 1) // at.parts
    said: Readings = {}
    for record in ranges.records(*place, first, last, at_most=last - first):
        data = data_of(record)
        if data is not None and _ID(str(data.get("movement_id"))) and isinstance(data.get("version"), int):
            said.setdefault((data["movement_id"], data["version"]), data)
    return len(said), 0, list(_differing(connection, said))


def reading(data: Row) -> list[Any]:
    """A reading as it is compared, from its record or from a row of the store."""
    person = data["person"] if isinstance(data["person"], str) else data["person"].hex
    days = [found.isoformat() if isinstance(found := data.get(name), date) else found or "" for name in _DAYS]
    return [data.get("supersedes", 0), person, *(data.get(name, "") for name in _TEXTS), *days, data.get("facts", [])]


def difference(kind: str, movement: str, log: Row | None, store: Row | None) -> Difference:
    """Named by the movement's id; of what differs only the units' and persons' ids, the days and the kind are told."""
    told = [None if one is None else [one["version"], *reading(one)] for one in (log, store)]
    return {"kind": kind, "key": movement, "figure": "movement", "log": told[0], "live": None, "store": told[1]}


def _differing(connection: Connection[Any], said: Readings) -> Iterator[Difference]:
    keys = list(said)
    asked = {"ids": [key[0] for key in keys], "versions": [key[1] for key in keys]}
    kept: dict[tuple[str, int], list[Row]] = {}
    with connection.transaction():
        for row in checking.check(connection, "movements", asked):
            key = keys[row["place"] - 1]
            kept.setdefault(key, []).append({**row, "version": key[1]})
    for key, data in said.items():
        rows = kept.get(key, [])
        if [reading(row) for row in rows] != [reading(data)]:
            yield difference("movements", key[0], data, rows[0] if rows else None)
