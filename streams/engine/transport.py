"""The Faust transport ``kafka+chunks://``: one message to an agent is a whole fetched chunk.

Offsets travel in the transactions of the chunks, so this consumer never commits: Faust's own bookkeeping of
acknowledged messages, gaps and read offsets, which can move an offset backwards or ahead of a crash and drops what it
takes for read, is switched off. Back-pressure is that only wanted chunks are handed over.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError
from faust.transport import drivers
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from streams.engine.assignor import SpreadAssignor
from streams.engine.chunk import Chunk
from streams.engine.fetch import fetch_chunks_with

log = logging.getLogger("mobility.engine")

SCHEME = "kafka+chunks"
LEAVE_SECONDS = 1.5


class ChunkConsumerThread(driver.AIOKafkaConsumerThread):
    """Runs the client in a thread of its own, so that heartbeats go on while a step computes."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # Faust sets it only together with its own transactions
        # Faust's own assignor fills workers up to a capacity: of 4 partitions and 3 workers one got none.
        consumer._partition_assignment_strategy = [SpreadAssignor]
        return consumer

    async def on_start(self) -> None:
        await super().on_start()
        fetch_chunks_with(self._ensure_consumer(), rest=True)

    async def on_thread_stop(self) -> None:
        """Leave the group. In the middle of a rebalance it answers late; it will miss this worker by itself."""
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await super().on_thread_stop()
        except TimeoutError:
            log.info("stopped without leaving the group: it did not answer within %.0f s", LEAVE_SECONDS)

    def close(self) -> None:
        """A rebalance met a worker that stops. Faust would close the client from a foreign thread here, and hang."""

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
        consumer._coordinator.check_errors()  # a coordination that has died leaves a consumer that only seems to live
        owners = self.app.owners

        def wanted(source: TopicPartition) -> bool:
            return source in active_partitions and owners.wants_chunk(source)

        with fetcher._subscriptions.fetch_context():
            chunks = await fetcher.fetched_chunks(wanted, timeout or 1.0, max_records or 16_000)
        return {TP(*chunk.source): [chunk] for chunk in chunks}

    def seek_now(self, source: TopicPartition, offset: int) -> None:
        """In the client's own loop. A partition that is not assigned (any more) has no position to set."""
        try:
            self._ensure_consumer().seek(source, offset)
        except IllegalStateError:
            return
        self.wake_now()

    def wake_now(self) -> None:
        """In the client's own loop: look again at what is wanted."""
        self._ensure_consumer()._fetcher.wake()


class _NothingRead(dict[TP, int | None]):
    """Faust drops messages below the offset that it last saw; the owners know better what they have."""

    def __missing__(self, _: TP) -> None:
        return None

    def __setitem__(self, _: TP, __: int | None) -> None:
        """Not remembered."""

    def update(self, *_: Any, **__: Any) -> None:
        """Not remembered."""


class ChunkConsumer(driver.Consumer):
    """Hands chunks to agents; ``broker_max_poll_records`` and ``consumer_max_fetch_size`` bound them."""

    _thread: ChunkConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = _NothingRead()

    def _new_consumer_thread(self) -> ChunkConsumerThread:
        return ChunkConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:
        """One message per partition that has something new and whose owner wants it."""
        fetched, _ = await self._wait_next_records(timeout)
        owners = self.app.owners
        for source in fetched or ():
            owners.promise(TopicPartition(*source))
        generation = self.app.consumer_generation_id
        for source, (chunk,) in (fetched or {}).items():
            if self.should_stop or not self.flow_active or self.app.consumer_generation_id != generation:
                return
            yield source, self._chunk_message(source, chunk)

    def _chunk_message(self, source: TP, chunk: Chunk) -> ConsumerMessage:
        return ConsumerMessage(
            source.topic,
            source.partition,
            chunk.next - 1,
            0.0,
            0,
            (),
            None,
            chunk,
            None,
            0,
            0,
            source,
            generation_id=self.app.consumer_generation_id,
        )

    def seek_soon(self, source: TopicPartition, offset: int) -> None:
        """Read on from an offset. From any thread; what is on its way already still comes."""
        self._thread.thread_loop.call_soon_threadsafe(self._thread.seek_now, source, offset)

    def wake_soon(self) -> None:
        """An owner takes another chunk. From any thread."""
        self._thread.thread_loop.call_soon_threadsafe(self._thread.wake_now)

    def position_now(self, source: TopicPartition) -> int:
        """The offset after what was fetched of a partition so far; 0 where it is not known (yet, any more)."""
        subscription = self._thread._ensure_consumer()._subscription.subscription
        assignment = subscription.assignment if subscription is not None else None
        state = assignment.state_value(source) if assignment is not None and source in assignment.tps else None
        return state._position or 0 if state is not None else 0

    def ack(self, message: ConsumerMessage) -> bool:
        """Only what a graceful stop waits for; offsets are the business of the transactions."""
        message.acked = True
        self._unacked_messages.discard(message)
        return True

    async def perform_seek(self) -> None:
        """Faust's way back to what the group has committed: an owner asks for its position itself once it has it."""

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
