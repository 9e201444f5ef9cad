"""Month-ends frozen as published: which tick on the log closes which month-end, and the freezing itself."""

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from psycopg import AsyncCursor

from consumers.store.statements import statement

GRACE_DAYS: Final = 30
"""Days after a month-end on which its figures are published: by then most late rows are in (meaning, rule 13, where
alerts look at it on the same tick). To change it is to publish other figures: then rebuild the store."""


class Tick(NamedTuple):
    """A day of the clock, at its place on a partition of ``unit.changes``."""

    offset: int
    day: date


class Place(NamedTuple):
    """What lies before ``offset`` on its partition was known when the month-end was published."""

    month_end: date
    offset: int
    day: date


def places(ticks: list[Tick], before: date | None) -> list[Place]:
    """The month-ends that these ticks of one partition close, in the order of the log; ``before``: the clock's day.

    The first tick of all closes the month-end 30 days back if it is one, and none before: nobody was counting then.
    """
    found = []
    for tick in sorted(ticks):
        if before is not None and tick.day <= before:
            continue
        since = before + timedelta(days=1) if before is not None else tick.day
        found += [Place(end, tick.offset, tick.day) for end in _month_ends(since, tick.day)]
        before = tick.day
    return found


def _month_ends(since: date, until: date) -> list[date]:
    """Month-ends that lie ``GRACE_DAYS`` before one of these days, both included."""
    first, last = since - timedelta(days=GRACE_DAYS), until - timedelta(days=GRACE_DAYS)
    found = []
    following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while following - timedelta(days=1) <= last:
        found.append(following - timedelta(days=1))
        following = (following + timedelta(days=32)).replace(day=1)
    return found


async def take_places(cursor: AsyncCursor[tuple[Any, ...]], ticks: dict[int, list[Tick]]) -> bool:
    """Note the places of month-ends that these ticks (by partition) close. To be called before the clock moves on.

    True if there are any.
    """
    await cursor.execute("select partition, day from store.clock where partition = any (%s)", [list(ticks)])
    clock = dict(await cursor.fetchall())
    rows = [
        {"partition": partition, **place._asdict()}
        for partition, found in ticks.items()
        for place in places(found, clock.get(partition))
    ]
    if rows:
        await cursor.executemany(statement("month_end_places"), rows)
    return bool(rows)


async def freeze(cursor: AsyncCursor[tuple[Any, ...]]) -> None:
    """Freeze what every partition has passed, in this transaction. To be called once the batch's rows are in."""
    await cursor.execute(statement("month_ends_ready"))
    for (month_end,) in await cursor.fetchall():
        # These read whole tables, of which the planner may know nothing yet; the batch's statements look rows up.
        await cursor.execute(
            "set local enable_seqscan = on; set local enable_nestloop = off; set local work_mem = '64MB'"
        )
        await cursor.execute("call store.freeze(%s)", [month_end])
        await cursor.execute("set local enable_seqscan = off; set local enable_nestloop = on")
