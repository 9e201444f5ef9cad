"""What the rolling check asks of the store, and where it keeps how far it is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from consumers.store.asking import Row
from consumers.store.statements import statement

Place = tuple[str, int]
"""Topic and partition."""


class Moment(NamedTuple):
    """How far the store is: the first offset of each partition that it lacks, and the day of each partition's clock."""

    offsets: dict[Place, int]
    days: dict[int, date | None]


class Slice(NamedTuple):
    """A part of one partition's keys (``part`` of ``parts``) under one kind of check."""

    kind: str
    partition: int
    part: int
    parts: int


class Look(NamedTuple):
    """What came of a look at a slice. ``passed_over``: keys that were moving and could not be compared."""

    compared: int
    passed_over: int
    seconds: float
    differences: list[dict[str, Any]]


def moment(connection: Connection[Any]) -> Moment:
    """To be asked first in a repeatable-read transaction: then all that follows is of this moment."""
    offsets = connection.execute("select topic, partition, next_offset from store.offsets").fetchall()
    days = connection.execute("select partition, day from store.clock").fetchall()
    return Moment({(topic, number): offset for topic, number, offset in offsets}, dict(days))


def check(connection: Connection[Any], name: str, values: Row) -> list[Row]:
    """The rows of ``sql/check_NAME.sql``."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement(f"check_{name}"), values).fetchall()


def persons_between(connection: Connection[Any], partition: int, first: UUID, last: UUID) -> set[UUID]:
    """Ids from ``first`` to ``last``, both included, that have facts on the partition."""
    return {
        row["person"] for row in check(connection, "persons", {"partition": partition, "first": first, "last": last})
    }


def begin_round(connection: Connection[Any]) -> tuple[int, datetime]:
    """The round that is under way, else a new one: its number and when it began. The connection commits by itself."""
    found = connection.execute(
        "select round, began_at from store.check_rounds where ended_at is null order by round desc limit 1"
    ).fetchone()
    if found is None:
        found = connection.execute("insert into store.check_rounds default values returning round, began_at").fetchone()
        assert found is not None  # noqa: S101 - narrows the type
    return found[0], found[1]


def end_round(connection: Connection[Any], number: int) -> None:
    """All slices were looked at. Old rounds are forgotten but for the last hundred."""
    connection.execute(
        "update store.check_rounds set ended_at = now(), slices = (select count(*) from store.checks), "
        "differences = (select coalesce(sum(jsonb_array_length(differences)), 0) from store.checks) where round = %s",
        [number],
    )
    connection.execute("delete from store.check_rounds where round <= %s - 100", [number])


def looked_at(connection: Connection[Any], since: datetime) -> dict[tuple[str, int], tuple[int, set[int]]]:
    """(kind, partition) -> how many parts it has in this round, and those that were looked at."""
    found: dict[tuple[str, int], tuple[int, set[int]]] = {}
    rows = connection.execute(
        "select kind, partition, part, parts from store.checks where checked_at >= %s", [since]
    ).fetchall()
    for kind, partition, part, parts in rows:
        found.setdefault((kind, partition), (parts, set()))[1].add(part)
    return found


def keep(connection: Connection[Any], at: Slice, look: Look) -> None:
    """Write down a look; parts of an earlier division of the partition go."""
    connection.execute(
        "insert into store.checks values (%s, %s, %s, %s, clock_timestamp(), %s, %s, %s, %s) "
        "on conflict (kind, partition, part) do update set parts = excluded.parts, checked_at = excluded.checked_at, "
        "compared = excluded.compared, passed_over = excluded.passed_over, seconds = excluded.seconds, "
        "differences = excluded.differences",
        [*at, look.compared, look.passed_over, look.seconds, Jsonb(look.differences)],
    )
    connection.execute(
        "delete from store.checks where kind = %s and partition = %s and part >= %s", [at.kind, at.partition, at.parts]
    )


def standing(connection: Connection[Any]) -> Row:
    """The last full round, the one under way, and every difference that the last look at its slice found."""
    with connection.cursor(row_factory=dict_row) as cursor:
        last = cursor.execute(
            "select round, began_at, ended_at, slices, differences from store.check_rounds "
            "where ended_at is not null order by round desc limit 1"
        ).fetchone()
        now = cursor.execute(
            "select round, began_at, (select count(*) from store.checks c where c.checked_at >= r.began_at) as slices "
            "from store.check_rounds r where ended_at is null order by round desc limit 1"
        ).fetchone()
        slices = cursor.execute(
            "select kind, count(*) as slices, sum(compared)::bigint as compared, "
            "sum(passed_over)::bigint as passed_over, "
            "min(checked_at) as oldest, sum(jsonb_array_length(differences))::int as differences "
            "from store.checks group by kind order by kind"
        ).fetchall()
        found = cursor.execute(
            "select d.value as difference from store.checks c, jsonb_array_elements(c.differences) d "
            "order by c.kind, c.partition, c.part limit 1000"
        ).fetchall()
    return {"last": last, "now": now, "kinds": slices, "differences": [row["difference"] for row in found]}


def last_check(connection: Connection[Any]) -> Row | None:
    """In short: when the last full round ended (``ended_at``, None before the first) and how many ``differences`` the
    last look at each slice found. None while there is nothing to tell."""
    found = check(connection, "last", {})[0]
    return found if found["ended_at"] or found["differences"] else None


def unit_names(connection: Connection[Any]) -> Sequence[str]:
    """Every unit that the store knows."""
    return [row["unit"] for row in check(connection, "unit_names", {})]
