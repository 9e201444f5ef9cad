"""Which dead records an operator has dealt with. The records are on Kafka; the marks are here and survive a rebuild.

A mark holds the digest of its record: one that comes to stand at the same place, as on another cluster, is open again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import psycopg

from consumers.store.statements import statement

Place = tuple[str, int, int]
"""Topic that the record died on, partition, offset."""
State = Literal["replaying", "replayed", "discarded"]
OPEN: Final = frozenset({"", "replaying"})
"""States of a record that still waits for somebody: none, and a replay of which the end is not known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What was done with a record, by whom; ``why`` of a discarded one."""

    digest: bytes
    state: State
    by: str
    why: str
    at: datetime


def read_marks(connection: psycopg.Connection[Any]) -> dict[Place, Mark]:
    """All of them, by place."""
    rows = connection.execute(_sql("dead_marks")).fetchall()
    return {(row[0], row[1], row[2]): Mark(bytes(row[3]), *row[4:]) for row in rows}


def put_mark(
    connection: psycopg.Connection[Any], place: Place, digest: bytes, state: State, *, by: str, why: str = ""
) -> None:
    """Mark a record; the last mark holds. Commit it, or use a connection that does."""
    topic, partition, offset = place
    said = {"topic": topic, "partition": partition, "offset": offset, "digest": digest}
    connection.execute(_sql("put_dead_mark"), {**said, "state": state, "by": by, "why": why})


def drop_mark(connection: psycopg.Connection[Any], place: Place) -> None:
    """The record is open again."""
    topic, partition, offset = place
    connection.execute(_sql("drop_dead_mark"), {"topic": topic, "partition": partition, "offset": offset})


def _sql(name: str) -> bytes:
    return statement(name, package="consumers.watch")
