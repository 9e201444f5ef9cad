"""The Faust transport ``kafka+chunks://``: one message to an agent is a whole fetched chunk.

Offsets travel in the transactions of the chunks, so this consumer never commits: Faust's own bookkeeping of
acknowledged messages and gaps, which can move an offset backwards or ahead of a crash, is switched off.
"""

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer
from faust.transport import drivers
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from streams.engine.chunk import Chunk
from streams.engine.fetch import fetch_chunks_with

SCHEME = "kafka+chunks"


class ChunkConsumerThread(driver.AIOKafkaConsumerThread):
    """Runs the client in a thread of its own, so that heartbeats go on while a step computes."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # Faust sets it only together with its own transactions
        consumer._fetch_max_wait_ms = 500
        return consumer

    async def on_start(self) -> None:
        await super().on_start()
        fetch_chunks_with(self._ensure_consumer())

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> dict[TP, list[Chunk]]:
        if not self.consumer.flow_active:
            return {}
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed:
            raise driver.ConsumerStoppedError()
        with fetcher._subscriptions.fetch_context():
            chunks = await fetcher.fetched_chunks(active_partitions, timeout or 1.0, max_records or 4000)
        return {TP(*chunk.source): [chunk] for chunk in chunks}


class ChunkConsumer(driver.Consumer):
    """Hands chunks to agents; ``broker_max_poll_records`` and ``consumer_max_fetch_size`` bound them."""

    def _new_consumer_thread(self) -> ChunkConsumerThread:
        return ChunkConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """One message per partition that has something new."""
        fetched, active = await self._wait_next_records(timeout)
        if fetched is None or self.should_stop or not self.flow_active:
            return
        generation = self.app.consumer_generation_id
        for partition, (chunk,) in fetched.items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            if active is None or partition in active:
                yield partition, self._chunk_message(partition, chunk)

    def _chunk_message(self, partition: TP, chunk: Chunk) -> ConsumerMessage:
        return ConsumerMessage(
            partition.topic,
            partition.partition,
            chunk.next - 1,
            0.0,
            0,
            (),
            None,
            chunk,
            None,
            0,
            0,
            partition,
            generation_id=self.app.consumer_generation_id,
        )

    def ack(self, message: ConsumerMessage) -> bool:
        """Only what a graceful stop waits for; offsets are the business of the transactions."""
        message.acked = True
        self._unacked_messages.discard(message)
        return True

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        """Never: a commit outside a chunk's transaction could move the offset away from the state."""
        return False

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Gaps are inside the chunks."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust looks for commits of its own here; lag is measured by the owners instead."""


class ChunkTransport(driver.Transport):
    """Faust's aiokafka driver with a consumer of chunks."""

    Consumer = ChunkConsumer


drivers.TRANSPORTS.aliases[SCHEME] = f"{__name__}:ChunkTransport"
