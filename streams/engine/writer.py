"""What a chunk leads to, written as record batches inside one transaction."""

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer


class TransactionWriter:
    """Fills batches by (topic, partition) and sends each when it is full; ``sent`` waits for all of them.

    Keys and values go into the client's C batch builder directly: no object, no future and no await for a record.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._open: dict[tuple[str, int], Any] = {}
        self._sent: list[asyncio.Future[Any]] = []

    async def write(self, topic: str, partition: int, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Append records in their order. Raises KafkaError; ValueError for a record larger than a batch may be."""
        at = (topic, partition)
        batch = self._open.get(at) or self._producer.create_batch()
        append = batch.append
        for key, value in records:
            if append(timestamp=None, key=key, value=value) is None:
                if batch.record_count() == 0:
                    raise ValueError(f"a record of {len(value or b'')} bytes is larger than a batch for {topic} may be")
                await self._send(at, batch)
                batch = self._producer.create_batch()
                append = batch.append
                append(timestamp=None, key=key, value=value)
        self._open[at] = batch

    async def sent(self) -> None:
        """Every record has arrived. Raises KafkaError for the first that did not."""
        for at, batch in self._open.items():
            if batch.record_count():
                await self._send(at, batch)
        self._open.clear()
        if self._sent:
            await asyncio.gather(*self._sent)
            self._sent.clear()

    async def _send(self, at: tuple[str, int], batch: Any) -> None:
        batch.close()
        self._sent.append(await self._producer.send_batch(batch, at[0], partition=at[1]))
