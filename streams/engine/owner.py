"""The owner of one input partition: its state, its transactional id, and one chunk at a time.

On becoming owner: **fence** (the transactional id's previous owner can write no more, what it left open is aborted),
**recover** (state from the changelog), **skip** (to the offset that was committed with that state). Then each chunk is
a transaction of changelog, outputs and offset. If anything fails the owner starts over from the fence: what was not
committed never happened, and the chunk is run again on the state before it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import InvalidProducerEpoch, KafkaError, ProducerFenced

from streams.engine import metrics
from streams.engine.chunk import Chunk
from streams.engine.poison import dead_record, run_step
from streams.engine.recovery import recover
from streams.engine.routing import Router
from streams.engine.writer import TransactionWriter
from streams.step import Step

log = logging.getLogger("mobility.engine")

FENCED = (ProducerFenced, InvalidProducerEpoch)
IDLE_SECONDS = 0.5
"""After so long without records a position that moved over transaction markers is committed too, so that lag is 0."""
LONGEST_BACKOFF = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What an owner needs to know of its stage."""

    name: str
    step: Step
    source: str
    changelog: str
    dead: str
    broker: str
    group: str
    same_partition: frozenset[str]  # outputs with the key and partition count of the source
    routers: dict[str, Router]  # the other outputs
    seek: Callable[[TopicPartition, int], Awaitable[None]]
    committed: Callable[[TopicPartition], Awaitable[int]]
    transaction_timeout_ms: int = 60_000
    labels: dict[str, str] = field(default_factory=dict)


class PartitionOwner:
    """Runs the chunks of one partition. ``deliver`` waits while one is under way: that is the back-pressure."""

    def __init__(self, plan: Plan, partition: int) -> None:
        self.plan = plan
        self.source = TopicPartition(plan.source, partition)
        self.changelog = TopicPartition(plan.changelog, partition)
        self.state: dict[bytes, bytes] = {}
        self.next = 0  # position up to which records are in the state
        self.stored = 0  # the same, as committed
        self._producer: AIOKafkaProducer | None = None
        self._chunks: asyncio.Queue[Chunk] = asyncio.Queue(maxsize=1)
        self._task: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()
        self._labels = {"stage": plan.name, "partition": str(partition)}

    def start(self, on_crash: Callable[[BaseException], Awaitable[None]]) -> None:
        """Begin to own the partition in the background."""
        self._task = asyncio.get_running_loop().create_task(self._run(on_crash), name=f"{self.source}")

    async def deliver(self, chunk: Chunk) -> None:
        """Hand over the next chunk; waits while the one before it is not committed."""
        await self._chunks.put(chunk)

    def forget_undelivered(self) -> None:
        """A rebalance has begun: what waits here is fetched again by whoever owns the partition then."""
        while not self._chunks.empty():
            self._chunks.get_nowait()

    async def finish_chunk(self, seconds: float) -> None:
        """Let the transaction under way end, for so long; beyond that the next owner's fence aborts it."""
        try:
            async with asyncio.timeout(seconds):
                async with self._busy:
                    return
        except TimeoutError:
            log.warning("%s: the transaction under way did not end in %.0f s", self.source, seconds)

    async def stop(self) -> None:
        """Give the partition up: no more chunks, the transactional id released."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._close()
        metrics.OWNED.labels(**self._labels).set(0)

    async def _run(self, on_crash: Callable[[BaseException], Awaitable[None]]) -> None:
        try:
            await self._until_done(self._ensure_open)
            while True:
                try:
                    chunk = await asyncio.wait_for(self._chunks.get(), IDLE_SECONDS)
                except TimeoutError:
                    if self.next > self.stored:
                        await self._until_done(self._commit_position)
                    continue
                await self._until_done(lambda chunk=chunk: self._take(chunk))  # type: ignore[misc]
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            log.exception("%s: the owner stops, and the worker with it", self.source)
            await on_crash(error)

    async def _until_done(self, act: Callable[[], Awaitable[None]]) -> None:
        """Try until it succeeds. Every failure of broker or connection closes the producer: start from the fence.

        A fenced owner waits until the group has noticed that somebody else is the owner; if nobody is, it goes on.
        """
        backoff = 0.1
        while True:
            try:
                async with self._busy:
                    await self._ensure_open()
                    await act()
            except FENCED:
                log.warning("%s: fenced, another worker owned this partition in between", self.source)
                backoff = 3.0
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("%s: %s: %s; trying again in %.1f s", self.source, type(error).__name__, error, backoff)
                metrics.WAITING.labels(**self._labels).set(1)
            else:
                metrics.WAITING.labels(**self._labels).set(0)
                return
            metrics.RETRIES.labels(**self._labels).inc()
            async with self._busy:
                await self._close()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF)

    async def _ensure_open(self) -> None:
        if self._producer is not None:
            return
        plan = self.plan
        started = time.monotonic()
        producer = AIOKafkaProducer(
            bootstrap_servers=plan.broker,
            transactional_id=f"{plan.group}.{plan.name}.{self.source.partition}",
            transaction_timeout_ms=plan.transaction_timeout_ms,
            compression_type="lz4",
            max_batch_size=1 << 20,
            max_request_size=8 << 20,
            linger_ms=0,
        )
        self._producer = producer  # closed by the caller whatever happens next
        await producer.start()  # fence: also completes or aborts what the previous owner left open
        self.state, entries = await recover(plan.broker, self.changelog)
        self.next = self.stored = await plan.committed(self.source)
        metrics.RECOVERED.labels(**self._labels).inc(entries)
        metrics.KEYS.labels(**self._labels).set(len(self.state))
        metrics.OWNED.labels(**self._labels).set(1)
        seconds = time.monotonic() - started
        log.info(
            "%s: owned from offset %d, %d keys from %d entries in %.2f s",
            self.source,
            self.next,
            len(self.state),
            entries,
            seconds,
        )

    async def _close(self) -> None:
        producer, self._producer = self._producer, None
        self.state = {}
        if producer is not None:
            try:
                async with asyncio.timeout(5):
                    await producer.stop()
            except (KafkaError, OSError, TimeoutError) as error:
                log.info("%s: closing the producer: %s", self.source, error)

    async def _take(self, chunk: Chunk) -> None:
        if chunk.next <= self.next:
            return
        if chunk.begin > self.next:
            log.warning(
                "%s: records from %d on are missing before %d: reading them again", self.source, self.next, chunk.begin
            )
            await self.plan.seek(self.source, self.next)
            return
        records = chunk.records
        if records and records[0].offset < self.next:
            records = [record for record in records if record.offset >= self.next]
        if not records:
            self.next = chunk.next
            return
        started = time.monotonic()
        outcome = run_step(self.plan.step, self.state, records)
        produced = await self._transact(
            chunk.next,
            outcome.result.writes,
            outcome.result.outputs,
            [dead_record(self.plan.name, self.source, record, reason) for record, reason in outcome.dead],
        )
        for record, reason in outcome.dead:
            log.error("%s offset %d: put on %s: %s", self.source, record.offset, self.plan.dead, reason)
        metrics.DEAD.labels(**self._labels).inc(len(outcome.dead))
        metrics.RECORDS.labels(**self._labels).inc(len(records))
        metrics.OUTPUTS.labels(**self._labels).inc(produced)
        metrics.CHUNK_SECONDS.labels(self.plan.name).observe(time.monotonic() - started)
        metrics.KEYS.labels(**self._labels).set(len(self.state))

    async def _commit_position(self) -> None:
        if self.next > self.stored:
            await self._transact(self.next, {}, {}, [])

    async def _transact(
        self,
        position: int,
        writes: dict[bytes, bytes | None],
        outputs: dict[str, list[tuple[bytes, bytes]]],
        dead: list[tuple[bytes, bytes]],
    ) -> int:
        producer, plan, partition = self._producer, self.plan, self.source.partition
        if producer is None:
            raise ConnectionError("the producer is closed")
        await producer.begin_transaction()
        writer = TransactionWriter(producer)
        await writer.write(self.changelog.topic, partition, writes.items())
        produced = 0
        for topic, records in outputs.items():
            produced += len(records)
            if topic in plan.same_partition:
                await writer.write(topic, partition, records)
            else:
                for target, group in _by_partition(records, plan.routers[topic]).items():
                    await writer.write(topic, target, group)
        await writer.write(plan.dead, partition, dead)
        await writer.sent()
        await producer.send_offsets_to_transaction({self.source: position}, plan.group)
        await producer.commit_transaction()
        for key, value in writes.items():
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value
        self.next = self.stored = position
        metrics.POSITION.labels(**self._labels).set(position)
        return produced


def _by_partition(records: list[tuple[bytes, bytes]], route: Router) -> dict[int, list[tuple[bytes, bytes]]]:
    grouped: dict[int, list[tuple[bytes, bytes]]] = {}
    for record in records:
        grouped.setdefault(route(record[0]), []).append(record)
    return grouped
