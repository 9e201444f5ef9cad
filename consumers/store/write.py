"""A batch into PostgreSQL: rows and source offsets in one transaction."""

import json
import logging
import re
import time
from collections.abc import Iterator
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor, DataError, IntegrityError
from psycopg.errors import ProgramLimitExceeded, UniqueViolation

from consumers.store import metrics
from consumers.store.chunks import Chunk, count, halves
from consumers.store.declared import latest
from consumers.store.errors import StaleOffsetError
from consumers.store.month_ends import freeze, take_places
from consumers.store.stage import Staged, stage
from consumers.store.statements import statement
from schemas.topics import CHANGES

CHANNEL: Final = "store_changed"
"""Notified in each batch's transaction; the payload is ``{"topics": [...]}``."""

TABLES: Final = (
    "marks",
    "actions",
    "inheritances",
    "unit_status",
    "alerts",
    "movements",
    "receipts",
    "receipt_refusals",
    "finding_versions",
    "findings",
    "register_facts",
)
"""In the order of writing, by a stage each; what is copied straight comes before them."""

_BEFORE: Final = {"movements": "superseded", "findings": "superseded_findings"}
_STRAIGHT: Final = {"facts": "facts", "first_movements": "movements"}
"""Lines that are new whatever the store holds, by their table: they are copied straight into it, as effects are, which
takes half the time of a stage. A movement's first version comes before its others, as its person's records have one
partition."""

_TOLD: Final = 5
"""Rejected records of a batch that the log names one by one; all of them are in ``store.rejected``."""
_QUOTED: Final = re.compile(r'(?s)".*"').sub

log = logging.getLogger(__name__)

Cursor = AsyncCursor[tuple[Any, ...]]
Connection = AsyncConnection[tuple[Any, ...]]


async def prepare(conn: Connection) -> None:
    """What a connection needs before its first batch.

    Commits need not reach the disk at once: rows and offsets are lost together, and are read again from the log.
    Tables that have just been filled have no statistics, and the planner would read them whole for every row of a
    batch; each statement here looks its rows up by an index.
    """
    await conn.execute("set synchronous_commit = off")
    await conn.execute("set enable_seqscan = off")
    await conn.execute("set jit = off")  # a plan that is said to be dear, since it may not read a table whole
    for table in ("effects", "facts", *TABLES):
        name = f"stage_{table}".encode()
        await conn.execute(
            b"create temp table " + name + b" (like store." + table.encode() + b") on commit delete rows"
        )
    await conn.execute(
        "create temp table store_due (person uuid, unit text, workers smallint, present smallint, members smallint) "
        "on commit delete rows"
    )


async def write(conn: Connection, staged: Staged) -> None:
    """Write all of it. A record that the database does not take is found by halving, rejected, and passed over.

    Raises StaleOffsetError, psycopg.OperationalError.
    """
    try:
        try:
            await _write(conn, staged)
        except UniqueViolation:
            await _write(conn, staged, again=True)
    except (DataError, IntegrityError, ProgramLimitExceeded) as error:  # the last: a key too long for an index
        if count(staged.chunks) > 1:
            for half in halves(staged.chunks):
                await write(conn, stage(half))
        else:
            said = _QUOTED("…", (error.diag.message_primary or "data error").split(":")[0])  # without the value
            reason = f"PostgreSQL does not take it: {said} ({error.sqlstate})"
            await _write(conn, stage(staged.chunks, refuse=reason))


async def _write(conn: Connection, staged: Staged, *, again: bool = False) -> None:
    began = time.monotonic()
    async with conn.transaction(), conn.cursor() as cursor:
        for chunk in staged.chunks:
            await _advance(cursor, chunk)
        closes = bool(staged.ticks) and await take_places(cursor, staged.ticks)
        await _due(cursor, staged, again)
        for name, table in _STRAIGHT.items():
            if not again and (lines := staged.lines.get(name)):
                await _copy(cursor, f"store.{table}", lines)
        for table, lines in _tables(staged, again=again):
            await _copy(cursor, f"stage_{table}", lines)
            if before := _BEFORE.get(table):
                await cursor.execute(statement(before))
            await cursor.execute(statement(table))
        if closes:
            await freeze(cursor)
        for partition, day in staged.passed.items():
            await cursor.execute(statement("passed"), {"partition": partition, "day": day})
        if staged.rejected:
            names = ("topic", "partition", "offset", "reason")
            await cursor.executemany(
                statement("rejected"), [dict(zip(names, row, strict=True)) for row in staged.rejected]
            )
        topics = sorted({chunk.topic for chunk in staged.chunks if chunk.records})
        if topics:
            await cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps({"topics": topics})])
    _count(staged, time.monotonic() - began)


def _tables(staged: Staged, *, again: bool) -> Iterator[tuple[str, list[str]]]:
    """The stages that have lines: all but those of effects, and of what was copied straight unless it is ``again``."""
    lines = dict(staged.lines)
    for name, table in _STRAIGHT.items():
        straight = lines.pop(name, [])
        if straight and again:
            lines[table] = [*straight, *lines.get(table, [])]
    if "findings" in lines:
        lines["findings"], lines["finding_versions"] = latest(lines["findings"])
    for table in ("facts", *TABLES):
        if found := lines.get(table):
            yield table, found


async def _advance(cursor: Cursor, chunk: Chunk) -> None:
    """Also the fence: a second store, or a reset meanwhile, has moved the offset away from where this one began."""
    await cursor.execute(
        statement("advance_offset"),
        {"topic": chunk.topic, "partition": chunk.partition, "start": chunk.start, "end": chunk.end},
    )
    if cursor.rowcount != 1:
        raise StaleOffsetError(f"{chunk.topic}/{chunk.partition} is no longer at {chunk.start}")


async def _due(cursor: Cursor, staged: Staged, again: bool) -> None:
    """Effects, and the sums of those that are due: now, or by a tick.

    They are copied straight into their table, which takes half the time of a stage. The offsets see to it that none is
    there yet; where they don't, since somebody has moved them by hand, the batch is written ``again`` by the stage.
    """
    for partition, ticks in staged.ticks.items():
        at = {"partition": partition, "day": max(tick.day for tick in ticks)}
        await cursor.execute(statement("due_by_tick"), at)
        await cursor.execute(statement("tick"), at)
    if lines := staged.lines.get("effects"):
        await _copy(cursor, "stage_effects" if again else "store.effects", lines)
        if again:
            await cursor.execute(statement("effects_again"))
        for chunk in staged.chunks if not again else ():
            if chunk.topic == CHANGES and chunk.records:
                at = {"partition": chunk.partition, "start": chunk.start, "end": chunk.end}
                await cursor.execute(statement("effects"), at)
    if lines or staged.ticks:
        for name in ("due_units", "due_persons", "due_several", "due_single"):
            await cursor.execute(statement(name))


async def _copy(cursor: Cursor, table: str, lines: list[str]) -> None:
    async with cursor.copy(f"copy {table} from stdin".encode()) as copy:
        await copy.write("".join(lines).encode())


def _count(staged: Staged, seconds: float) -> None:
    metrics.COMMIT_SECONDS.observe(seconds)
    if records := count(staged.chunks):
        metrics.BATCH_RECORDS.observe(records)
    for chunk in staged.chunks:
        metrics.RECORDS.labels(chunk.topic).inc(len(chunk.records))
        metrics.NEXT_OFFSET.labels(chunk.topic, chunk.partition).set(chunk.end)
    for topic, _, _, _ in staged.rejected:
        metrics.REJECTED.labels(topic).inc()
    for topic, partition, offset, reason in staged.rejected[:_TOLD]:
        log.error("%s/%d offset %d was rejected: %s. See store.rejected.", topic, partition, offset, reason)
    if len(staged.rejected) > _TOLD:
        log.error("... and %d more records of this batch. See store.rejected.", len(staged.rejected) - _TOLD)
