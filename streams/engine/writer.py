"""What a chunk leads to, written as record batches inside one transaction."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.engine.errors import RecordTooLargeError

LARGEST_BATCH = 1_000_000
"""Bytes of a batch before compression: below the 1,048,588 that a broker takes unless it is told otherwise."""
_OVERHEAD = 256  # what a batch and a record add to key and value, at most
_NO_HEADERS: list[tuple[str, bytes | None]] = []
Pair = tuple[bytes, bytes | None]
"""Key and value."""


def never_continues(_: bytes) -> bool:
    """Every record stands by itself."""
    return False


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
    """Fills batches and sends each when it is full; ``sent`` waits for all of them.

    Keys and values go into the client's C batch builder directly: no object, no future and no await for a record, and
    the clock is asked once. Another producer's batch may come to stand between two batches; so records that belong
    together go into one: ``continues(value)`` says that the next record belongs to this one.
    """

    def __init__(self, producer: AIOKafkaProducer, continues: Callable[[bytes], bool] = never_continues) -> None:
        self._producer = producer
        self._continues = continues
        self._sent: list[asyncio.Future[Any]] = []

    async def write(self, topic: str, partition: int, records: Sequence[Pair]) -> None:
        """Append records in their order. Raises KafkaError, RecordTooLargeError."""
        begin = 0
        while begin < len(records):
            batch, count = self._filled(topic, partition, records[begin:] if begin else records)
            end = begin + count
            if end < len(records) and begin < (whole := self._last_whole(records, begin, end)) < end:
                end = whole
                batch, _ = self._filled(topic, partition, records[begin:end])
            batch.close()
            future = await self._producer.send_batch(batch, topic, partition=partition)
            future.add_done_callback(_seen)
            self._sent.append(future)
            begin = end

    async def sent(self) -> None:
        """Every record has arrived. Raises KafkaError for the first that did not."""
        await asyncio.gather(*self._sent)
        self._sent.clear()

    def _filled(self, topic: str, partition: int, records: Sequence[Pair]) -> tuple[Any, int]:
        """A batch with as many of the first records as it takes, at least one. Raises RecordTooLargeError."""
        batch = self._producer.create_batch()
        append, count, now = batch._builder.append, 0, int(time.time() * 1000)
        for key, value in records:
            if append(count, now, key, value, _NO_HEADERS) is None:
                break
            count += 1
        first = records[0]
        if not count or (count == 1 and not fits(*first)):  # the builder takes a first record of any size
            raise too_large(topic, partition, first[1])
        batch._relative_offset = count
        return batch, count

    def _last_whole(self, records: Sequence[Pair], begin: int, end: int) -> int:
        """The last place up to ``end`` where what belongs together is not parted; ``begin`` if there is none."""
        while end > begin and self._continues(records[end - 1][1] or b""):
            end -= 1
        return end


def _seen(future: asyncio.Future[Any]) -> None:
    """The first failure is raised by ``sent``; asyncio need not complain of the others."""
    if not future.cancelled():
        future.exception()
