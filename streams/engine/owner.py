"""The owner of one input partition: its state, its transactional id, and one chunk at a time.

On becoming owner: **fence** (the transactional id's previous owner can write no more, what it left open is aborted),
**recover** (state and position from the changelog), **skip** (to that position). Then each chunk is a transaction of
changelog, outputs and offset. If anything fails the owner starts over from the fence: what was not committed never
happened, and the chunk is run again on the state before it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaProducer, TopicPartition

from schemas.cancelling import heed_cancel, only_own_cancels
from streams.engine import metrics
from streams.engine.chunk import Chunk
from streams.engine.errors import FATAL, FENCED, PASSING
from streams.engine.plan import Plan
from streams.engine.poison import dead_record, run_step
from streams.engine.producer import open_producer, release
from streams.engine.recovery import recover
from streams.engine.transaction import Outcome, commit_chunk
from streams.engine.waiting import Waiting
from streams.step import Records

log = logging.getLogger("mobility.engine")

IDLE_SECONDS = 0.5
"""After so long without records a position that moved over transaction markers is committed too, so that lag is 0."""
LOST_SECONDS = 5.0
"""A chunk that was promised and has not come after so long is asked for again."""
LONGEST_BACKOFF = 3.0
FENCED_BACKOFF = 3.0
"""Longer than a heartbeat: by then a worker that was away has heard that its partitions are somebody else's."""

OnCrash = Callable[[BaseException], Awaitable[None]]


class PartitionOwner:
    """Runs the chunks of one partition. It takes the next one (``wants_chunk``) while one is under way, no more."""

    def __init__(self, plan: Plan, partition: int, waiting: Waiting) -> None:
        self.plan = plan
        self.source = TopicPartition(plan.source, partition)
        self.changelog = TopicPartition(plan.changelog, partition)
        self.name = f"{plan.source}/{partition}"
        self.state: dict[bytes, bytes] = {}
        self.next = 0  # position up to which records are in the state
        self.stored = 0  # the same, as committed
        self._waiting = waiting
        self._producer: AIOKafkaProducer | None = None
        self._chunks: asyncio.Queue[Chunk] = asyncio.Queue()
        self._promised: float | None = None  # since when a fetched chunk is on its way here
        self._task: asyncio.Task[None] | None = None
        self._going = asyncio.Event()  # cleared while a rebalance decides whose the partition is
        self._busy = asyncio.Lock()  # held during a transaction
        self._labels = {"stage": plan.name, "partition": str(partition)}

    def start(self, on_crash: OnCrash) -> None:
        """Begin to own the partition in the background."""
        self._going.set()
        self._waiting.add(self.source, self.plan.name)
        self._task = asyncio.get_running_loop().create_task(self._run(on_crash), name=self.name)

    @property
    def wants_chunk(self) -> bool:
        """Whether the next chunk may come. Also read from the consumer's thread."""
        open_ = self._producer is not None and self._going.is_set()
        return open_ and self._promised is None and self._chunks.empty()

    def promise(self) -> None:
        """A chunk has been fetched and is on its way."""
        self._promised = time.monotonic()

    def deliver(self, chunk: Chunk) -> None:
        """Hand over the next chunk."""
        self._promised = None
        if self._going.is_set():
            self._chunks.put_nowait(chunk)

    def pause(self) -> None:
        """A rebalance has begun: start nothing; what waits here is fetched again by whoever owns the partition then."""
        self._going.clear()
        while not self._chunks.empty():
            self._chunks.get_nowait()

    def resume(self) -> None:
        """The partition stays. State is as it was; if somebody owned the partition in between, the fence will tell."""
        self._going.set()
        self._ask_from_here()

    async def finish_chunk(self, seconds: float) -> None:
        """Let the transaction under way end, for so long; beyond that it is aborted here or by the next owner."""
        try:
            async with asyncio.timeout(seconds), self._busy:
                return
        except TimeoutError:
            log.warning("%s: the transaction under way did not end in %.0f s", self.name, seconds)

    async def stop(self) -> None:
        """Give the partition up: no more chunks, nothing left open."""
        self._going.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._close()
        self._waiting.remove(self.source)
        metrics.OWNED.labels(**self._labels).set(0)

    async def _run(self, on_crash: OnCrash) -> None:
        try:
            with only_own_cancels():
                await self._work()
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            log.exception("%s: the owner stops, and the worker with it", self.name)
            await on_crash(error)

    async def _work(self) -> None:
        await self._until_done(_nothing)
        while True:
            heed_cancel()
            try:
                chunk = await asyncio.wait_for(self._chunks.get(), IDLE_SECONDS)
            except TimeoutError:
                await self._idle()
                continue
            self.plan.consumer().wake_soon()
            await self._until_done(lambda chunk=chunk: self._take(chunk))  # type: ignore[misc]

    async def _idle(self) -> None:
        if self.next > self.stored:
            await self._until_done(self._commit_position)
        elif self._promised is not None:
            if time.monotonic() - self._promised > LOST_SECONDS:
                self._ask_from_here()
        elif self._going.is_set() and self.plan.consumer().position_now(self.source) > self.next:
            self._ask_from_here()

    async def _until_done(self, act: Callable[[], Awaitable[None]]) -> None:
        """Try until it succeeds. A failure of broker or connection closes the producer: start over from the fence.

        A fenced owner waits until the group has noticed that somebody else is the owner; if nobody is, it goes on.
        """
        backoff = 0.1
        while True:
            heed_cancel()
            await self._going.wait()
            try:
                with only_own_cancels():
                    if self._producer is None:
                        await self._open()
                    async with self._busy:
                        await act()
            except FATAL:
                raise
            except FENCED:
                log.warning("%s: fenced, another worker owned this partition in between", self.name)
                backoff = FENCED_BACKOFF
            except PASSING as error:
                self._waiting.begin(self.source, type(error).__name__)
                log.debug("%s: %s: %s; trying again in %.1f s", self.name, type(error).__name__, error, backoff)
            else:
                self._waiting.end(self.source)
                return
            metrics.RETRIES.labels(**self._labels).inc()
            await self._close()
            heed_cancel()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF)

    async def _open(self) -> None:
        plan = self.plan
        started = time.monotonic()
        transactional_id = f"{plan.group}.{plan.name}.{self.source.partition}"
        producer = await open_producer(plan.broker, transactional_id, plan.transaction_timeout_ms)
        try:
            recovered = await recover(plan.broker, plan.group, self.source, self.changelog)
        except BaseException:
            await release(producer)
            raise
        self.state = recovered.state
        self.next = self.stored = recovered.position
        self._producer = producer
        self._ask_from_here()
        metrics.RECOVERED.labels(**self._labels).inc(recovered.entries)
        metrics.KEYS.labels(**self._labels).set(len(self.state))
        metrics.POSITION.labels(**self._labels).set(self.next)
        metrics.OWNED.labels(**self._labels).set(1)
        log.info(
            "%s: owned from offset %d, %d keys from %d entries in %.2f s",
            self.name,
            self.next,
            len(self.state),
            recovered.entries,
            time.monotonic() - started,
        )

    async def _close(self) -> None:
        producer, self._producer = self._producer, None
        self.state = {}
        if producer is not None:
            await release(producer)

    def _ask_from_here(self) -> None:
        """Let the consumer read on from the position of the state."""
        self._promised = None
        self.plan.consumer().seek_soon(self.source, self.next)

    async def _take(self, chunk: Chunk) -> None:
        if chunk.next <= self.next:
            return
        if chunk.begin > self.next:
            log.info("%s: got %d, want %d: reading again from there", self.name, chunk.begin, self.next)
            self._ask_from_here()
            return
        records: Records = chunk.records
        if chunk.begin < self.next:
            records = [record for record in records if record.offset >= self.next]
        if not records:
            self.next = chunk.next
            return
        started = time.monotonic()
        verdict = run_step(self.plan.step, self.state, records)
        dead = [dead_record(self.plan.name, self.source, record, reason) for record, reason in verdict.dead]
        produced = await self._commit(Outcome(chunk.next, verdict.result.writes, verdict.result.outputs, dead))
        self._tell_of_the_dead([record.offset for record, _ in verdict.dead])
        metrics.RECORDS.labels(**self._labels).inc(len(records))
        metrics.OUTPUTS.labels(**self._labels).inc(produced)
        metrics.CHUNK_SECONDS.labels(self.plan.name).observe(time.monotonic() - started)
        metrics.KEYS.labels(**self._labels).set(len(self.state))

    def _tell_of_the_dead(self, offsets: list[int]) -> None:
        """Where they stand, never what they say: a record that can't be read may hold anything."""
        if offsets:
            metrics.DEAD.labels(**self._labels).inc(len(offsets))
            some = ", ".join(map(str, offsets[:5])) + (", …" if len(offsets) > 5 else "")
            log.error("%s: %d records put on %s, offsets %s", self.name, len(offsets), self.plan.dead, some)

    async def _commit_position(self) -> None:
        if self.next > self.stored:
            await self._commit(Outcome(self.next, {}, {}, []))

    async def _commit(self, outcome: Outcome) -> int:
        if self._producer is None:
            raise ConnectionError("the producer is closed")
        produced = await commit_chunk(self._producer, self.plan, self.source, outcome)
        self.state.update(outcome.writes)  # type: ignore[arg-type]
        if None in outcome.writes.values():
            for key in [key for key, value in outcome.writes.items() if value is None]:
                del self.state[key]
        self.next = self.stored = outcome.position
        metrics.POSITION.labels(**self._labels).set(outcome.position)
        return produced


async def _nothing() -> None:
    """Only what comes before: to be open."""
