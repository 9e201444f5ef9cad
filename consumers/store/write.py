"""A batch into PostgreSQL: rows and source offsets in one transaction."""

import json
import logging
import time
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor, DataError, IntegrityError

from consumers.store import metrics
from consumers.store.chunks import Chunk, count, halves
from consumers.store.errors import StaleOffsetError
from consumers.store.stage import Staged, stage
from consumers.store.statements import statement

CHANNEL: Final = "store_changed"
"""Notified in each batch's transaction; the payload is ``{"topics": [...]}``."""

TABLES: Final = ("marks", "actions", "unit_status", "alerts", "movements", "receipts", "receipt_refusals")
"""In the order of writing; effects come before them."""

_BEFORE: Final = {"movements": "superseded"}

log = logging.getLogger(__name__)

Cursor = AsyncCursor[tuple[Any, ...]]
Connection = AsyncConnection[tuple[Any, ...]]


async def prepare(conn: Connection) -> None:
    """What a connection needs before its first batch.

    Commits need not reach the disk at once: rows and offsets are lost together, and are read again from the log.
    """
    await conn.execute("set synchronous_commit = off")
    for table in ("effects", *TABLES):
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
        await _write(conn, staged)
    except (DataError, IntegrityError) as error:
        if count(staged.chunks) > 1:
            for half in halves(staged.chunks):
                await write(conn, stage(half))
        else:
            said = (error.diag.message_primary or "data error").split(":")[0]  # the value follows the colon
            reason = f"PostgreSQL does not take it: {said} ({error.sqlstate})"
            await _write(conn, stage(staged.chunks, refuse=reason))


async def _write(conn: Connection, staged: Staged) -> None:
    began = time.monotonic()
    async with conn.transaction(), conn.cursor() as cursor:
        for chunk in staged.chunks:
            await _advance(cursor, chunk)
        await _due(cursor, staged)
        for table in TABLES:
            if lines := staged.lines.get(table):
                await _copy(cursor, table, lines)
                if before := _BEFORE.get(table):
                    await cursor.execute(statement(before))
                await cursor.execute(statement(table))
        for partition, day in staged.passed.items():
            await cursor.execute(statement("passed"), {"partition": partition, "day": day})
        for topic, partition, offset, reason in staged.rejected:
            await cursor.execute(
                statement("rejected"), {"topic": topic, "partition": partition, "offset": offset, "reason": reason}
            )
        topics = sorted({chunk.topic for chunk in staged.chunks if chunk.records})
        if topics:
            await cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps({"topics": topics})])
    _count(staged, time.monotonic() - began)


async def _advance(cursor: Cursor, chunk: Chunk) -> None:
    """Also the fence: a second store, or a reset meanwhile, has moved the offset away from where this one began."""
    await cursor.execute(
        statement("advance_offset"),
        {"topic": chunk.topic, "partition": chunk.partition, "start": chunk.start, "end": chunk.end},
    )
    if cursor.rowcount != 1:
        raise StaleOffsetError(f"{chunk.topic}/{chunk.partition} is no longer at {chunk.start}")


async def _due(cursor: Cursor, staged: Staged) -> None:
    """Effects, and the sums of those that are due: now, or by a tick."""
    for partition, day in staged.ticks.items():
        at = {"partition": partition, "day": day}
        await cursor.execute(statement("due_by_tick"), at)
        await cursor.execute(statement("tick"), at)
    if lines := staged.lines.get("effects"):
        await _copy(cursor, "effects", lines)
        await cursor.execute(statement("effects"))
    if lines or staged.ticks:
        for name in ("due_units", "due_persons", "due_several"):
            await cursor.execute(statement(name))


async def _copy(cursor: Cursor, table: str, lines: list[str]) -> None:
    async with cursor.copy(f"copy stage_{table} from stdin".encode()) as copy:
        await copy.write("".join(lines).encode())


def _count(staged: Staged, seconds: float) -> None:
    metrics.COMMIT_SECONDS.observe(seconds)
    if records := count(staged.chunks):
        metrics.BATCH_RECORDS.observe(records)
    for chunk in staged.chunks:
        metrics.RECORDS.labels(chunk.topic).inc(len(chunk.records))
        metrics.NEXT_OFFSET.labels(chunk.topic, chunk.partition).set(chunk.end)
    for topic, partition, offset, reason in staged.rejected:
        metrics.REJECTED.labels(topic).inc()
        log.error("%s/%d offset %d was rejected: %s. See store.rejected.", topic, partition, offset, reason)
