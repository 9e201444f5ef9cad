"""What a chunk leads to, written as record batches inside one transaction."""

import asyncio
import time
from collections.abc import Collection
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.engine.errors import RecordTooLargeError

LARGEST_BATCH = 1_000_000
"""Bytes of a batch before compression: below the 1,048,588 that a broker takes unless it is told otherwise."""
_OVERHEAD = 256  # what a batch and a record add to key and value, at most
_NO_HEADERS: list[tuple[str, bytes | None]] = []


def fits(key: bytes | None, value: bytes | None) -> bool:
    """Whether a record fits into a batch."""
    return len(key or b"") + len(value or b"") + _OVERHEAD <= LARGEST_BATCH


def too_large(topic: str, partition: int, value: bytes | None) -> RecordTooLargeError:
    """What to raise for a record that does not fit."""
    return RecordTooLargeError(
        f"{topic} partition {partition}: a record of {len(value or b'')} bytes is larger than the {LARGEST_BATCH} that "
        "a batch may have. The step made it from one key's state: see which of its inputs has grown (the consumer "
        "group's offset says where the worker stands)"
    )


class TransactionWriter:
    """Fills batches by (topic, partition) and sends each when it is full; ``sent`` waits for all of them.

    Keys and values go into the client's C batch builder directly: no object, no future and no await for a record, and
    the clock is asked once.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._open: dict[tuple[str, int], Any] = {}
        self._sent: list[asyncio.Future[Any]] = []

    async def write(self, topic: str, partition: int, records: Collection[tuple[bytes, bytes | None]]) -> None:
        """Append records in their order. Raises KafkaError, RecordTooLargeError."""
        if not records:
            return
        at = (topic, partition)
        batch = self._open.pop(at, None) or self._producer.create_batch()
        append, count, now = batch._builder.append, batch._relative_offset, int(time.time() * 1000)
        for key, value in records:
            if append(count, now, key, value, _NO_HEADERS) is None:
                if not fits(key, value):
                    raise too_large(topic, partition, value)
                batch._relative_offset = count
                await self._send(at, batch)
                batch = self._producer.create_batch()
                append, count = batch._builder.append, 0
                append(count, now, key, value, _NO_HEADERS)
            elif count == 0 and not fits(key, value):  # the builder takes a first record of any size
                raise too_large(topic, partition, value)
            count += 1
        batch._relative_offset = count
        self._open[at] = batch

    async def sent(self) -> None:
        """Every record has arrived. Raises KafkaError for the first that did not."""
        for at, batch in self._open.items():
            if batch.record_count():
                await self._send(at, batch)
        self._open.clear()
        await asyncio.gather(*self._sent)
        self._sent.clear()

    async def _send(self, at: tuple[str, int], batch: Any) -> None:
        batch.close()
        future = await self._producer.send_batch(batch, at[0], partition=at[1])
        future.add_done_callback(_seen)
        self._sent.append(future)


def _seen(future: asyncio.Future[Any]) -> None:
    """The first failure is raised by ``sent``; asyncio need not complain of the others."""
    if not future.cancelled():
        future.exception()
