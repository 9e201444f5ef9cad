"""The store's life: read, write, and begin again after whatever may pass."""

import asyncio
import logging
import threading
import time
from typing import Final

import aiokafka.errors
import psycopg

from consumers.migrations import migrate
from consumers.store import metrics
from consumers.store.areas import load_shipped
from consumers.store.chunks import Chunk
from consumers.store.errors import StaleOffsetError
from consumers.store.read import MAX_RECORDS, LogReader, TopicMissingError
from consumers.store.stage import READERS, stage
from consumers.store.write import Connection, prepare, write
from schemas.cancelling import only_own_cancels

log = logging.getLogger(__name__)

SCHEMA: Final = "store"
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_POLL: Final = 0.1
"""Seconds to wait for records; transaction markers alone are seen after as long."""
_LOOK_EVERY: Final = 1.0
"""Seconds between looks at the stored offsets while nothing arrives."""
_GRACE: Final = 0.8
"""Seconds that the batch in hand has to finish after a stop; then it is broken off and nothing of it is kept."""
_LAST_GRACE: Final = 1.4
"""Seconds after a stop when the store returns even if a service has frozen. What it held was not committed."""


def run_store(*, kafka: str, dsn: str, stop: threading.Event, max_records: int = MAX_RECORDS) -> None:
    """Keep PostgreSQL at the log until ``stop`` is set; then return within two seconds.

    ``kafka`` is ``host:port``; ``dsn`` a PostgreSQL URL. Services that are away are waited for. Several stores on one
    database do no harm: the offset's row lets one of them write.

    Raises LogMismatchError, MigrationError.
    """
    failed: list[BaseException] = []

    def live() -> None:
        try:
            asyncio.run(_run(kafka, dsn, stop, max_records))
        except BaseException as error:
            failed.append(error)

    # A thread that nobody waits for when the process ends: a connection to a frozen service can't be given up in time.
    life = threading.Thread(target=live, name="store", daemon=True)
    life.start()
    while life.is_alive() and not stop.is_set():
        life.join(0.1)
    life.join(_LAST_GRACE)
    if life.is_alive():
        log.warning("Stopped without an answer from PostgreSQL or Kafka; the batch in hand will be read again")
    for error in failed:
        raise error


def prepare_database(dsn: str) -> list[str]:
    """Apply the migrations of the schema ``store`` and load the shipped areas; gives the migrations applied now."""
    applied = migrate(dsn, schema=SCHEMA, package="consumers.store")
    load_shipped(dsn)
    return applied


async def _run(kafka: str, dsn: str, stop: threading.Event, max_records: int) -> None:
    work = asyncio.create_task(_work(kafka, dsn, stop, max_records))
    while not stop.is_set() and not work.done():
        await asyncio.wait([work], timeout=0.1)
    await asyncio.wait([work], timeout=_GRACE)
    if not work.done():
        work.cancel()
        await asyncio.wait([work], timeout=_GRACE / 2)
    if work.done() and not work.cancelled():
        work.result()


async def _work(kafka: str, dsn: str, stop: threading.Event, max_records: int) -> None:
    pause = _FIRST_PAUSE
    migrated = False
    while not stop.is_set():
        progress = Progress()
        try:
            if not migrated:
                prepare_database(dsn)  # nothing else is under way yet
                migrated = True
            with only_own_cancels():
                await _session(kafka, dsn, stop, max_records, progress)
            return
        except StaleOffsetError as error:
            log.warning("Reading starts again at the stored offsets: %s", error)
            metrics.RETRIES.labels("offsets").inc()
        except TopicMissingError as error:
            log.info("The topic %s is not there yet", error)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            log.warning("PostgreSQL does not answer, trying again: %s", str(error).strip().splitlines()[:1])
            metrics.RETRIES.labels("postgres").inc()
        except (aiokafka.errors.KafkaError, OSError) as error:
            log.warning("Kafka does not answer, trying again: %s %s", type(error).__name__, error)
            metrics.RETRIES.labels("kafka").inc()
        pause = _FIRST_PAUSE if progress.batches else min(pause * 2, _LONGEST_PAUSE)
        await _sleep(pause, stop)


class Progress:
    """Whether a session came as far as writing: then the next failure is a new one."""

    batches = 0


async def _sleep(seconds: float, stop: threading.Event) -> None:
    for _ in range(max(1, int(seconds / 0.1))):
        if stop.is_set():
            return
        await asyncio.sleep(0.1)


async def _session(kafka: str, dsn: str, stop: threading.Event, max_records: int, progress: Progress) -> None:
    """From connecting to the first failure. The next batch is read and decoded while one is being written."""
    async with (
        await psycopg.AsyncConnection.connect(dsn, autocommit=True, application_name="mobility store") as conn,
        LogReader(kafka, READERS, max_records=max_records) as reader,
    ):
        await prepare(conn)
        await reader.seek(await _stored(conn, await reader.partitions()))
        await _aim(conn, reader.ends)
        writing: asyncio.Task[None] | None = None
        looked = time.monotonic()
        try:
            while not stop.is_set():
                chunks = await _next(reader, writing)
                if not chunks and writing is None and time.monotonic() > looked + _LOOK_EVERY:
                    await _compare(conn, reader.at)
                    looked = time.monotonic()
                staged = stage(chunks) if chunks else None
                if writing is not None and (staged or writing.done()):
                    await writing
                    writing = None
                    progress.batches += 1
                if staged:
                    writing = asyncio.create_task(write(conn, staged))
            if writing is not None:
                await writing
                writing = None
        finally:
            if writing is not None:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)


async def _aim(conn: Connection, ends: dict[tuple[str, int], int]) -> None:
    """Write down how far there is to go, so that an answer given on the way can say so."""
    async with conn.transaction(), conn.cursor() as cursor:
        await cursor.executemany(
            "update store.offsets set goal = %s where topic = %s and partition = %s",
            [(end, topic, partition) for (topic, partition), end in sorted(ends.items())],
        )


async def _next(reader: LogReader, writing: asyncio.Task[None] | None) -> list[Chunk]:
    """The next chunks; returns early and empty when the write at work ends, so that its failure is seen."""
    chunks = await reader.poll(_POLL)
    if not chunks and writing is not None:
        await asyncio.wait([writing], timeout=_POLL)
    return chunks


async def _compare(conn: Connection, at: dict[tuple[str, int], int]) -> None:
    """A reset is noticed although nothing new arrives. Raises StaleOffsetError."""
    rows = await (await conn.execute("select topic, partition, next_offset from store.offsets")).fetchall()
    stored = {(topic, partition): offset for topic, partition, offset in rows}
    moved = sorted(place for place, offset in at.items() if stored.get(place) != offset)
    if moved:
        raise StaleOffsetError(f"{moved[0][0]}/{moved[0][1]} is no longer at {at[moved[0]]}")


async def _stored(conn: Connection, partitions: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The stored offsets; partitions not seen before begin at 0."""
    async with conn.transaction(), conn.cursor() as cursor:
        await cursor.executemany(
            "insert into store.offsets (topic, partition, next_offset) values (%s, %s, 0) on conflict do nothing",
            partitions,
        )
        await cursor.execute(
            "insert into store.clock (partition) "
            "select partition from store.offsets where topic = 'unit.changes' on conflict do nothing"
        )
        rows = await (await cursor.execute("select topic, partition, next_offset from store.offsets")).fetchall()
    known = {(topic, partition): offset for topic, partition, offset in rows}
    return {place: known[place] for place in partitions}
