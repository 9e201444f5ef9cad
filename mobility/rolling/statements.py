"""A range of offsets of ``mobility.events``: each statement stands in the store, saying the same."""

import re
from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from consumers.store import checking
from consumers.store.checking import Slice
from mobility.replay import data_of
from mobility.rolling.ranges import Ranges
from schemas import topics
from streams import people
from streams.engine.poison import run_step
from streams.step import Record

AT_A_TIME = 20_000

Difference = dict[str, Any]
Statements = dict[tuple[str, str, int], tuple[Record, dict[str, Any]]]
"""(person, fact, version) -> the record and what it says."""

_IDS = re.compile(r"[0-9a-f]{32} [0-9a-f]{32}").fullmatch


def look(ranges: Ranges, connection: Connection[Any], at: Slice, partitions: int) -> tuple[int, int, list[Difference]]:
    """(compared, passed over, differences). The range ends where the store stood when it was asked."""
    place = (topics.MOVEMENTS_IN, at.partition)
    with connection.transaction():
        end = checking.moment(connection).offsets.get(place, 0)
    first, last = end * at.part // at.parts, end * (at.part + 1) // at.parts
    said: Statements = {}
    for record in ranges.records(*place, first, last, at_most=last - first):
        data = data_of(record)
        if data is None or record.key is None:
            continue
        key = (record.key.decode(errors="replace"), str(data.get("fact")), data.get("version"))
        if _IDS(f"{key[0]} {key[1]}") and isinstance(key[2], int):
            said.setdefault((key[0], key[1], key[2]), (record, data))
    return len(said), 0, list(_missing(connection, said, at.partition))


def _is_dead(record: Record) -> bool:
    """What the step would not take is on the dead letters, and the store need not have it."""
    return bool(run_step(people.step, {}, [record]).dead)


def _missing(connection: Connection[Any], said: Statements, partition: int) -> Iterator[Difference]:
    keys = list(said)
    asked = {
        "persons": [key[0] for key in keys],
        "facts": [key[1] for key in keys],
        "versions": [key[2] for key in keys],
    }
    with connection.transaction():
        kept = {keys[row["place"] - 1]: row for row in checking.check(connection, "declared", asked)}
    for key, (record, data) in said.items():
        row = kept.get(key)
        stored = None if row is None else [row["change"], row["unit"], row["day"]]
        wanted = [data.get("change"), data.get("unit"), data.get("day")]
        if stored != wanted and not _is_dead(record):
            yield {
                "kind": "log",
                "key": f"{key[1]}@{key[2]}",
                "figure": f"statement at {topics.MOVEMENTS_IN}/{partition} offset {record.offset}",
                "log": wanted,
                "live": None,
                "store": stored,
            }
