"""Chunks straight from the fetched record batches, without an object for every record.

aiokafka decodes a batch in C and then builds a ``ConsumerRecord`` (13 fields) for each of its records in Python, which
costs a third of a worker's time. The C record already has offset, key and value; a chunk holds those.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult

from streams.engine.chunk import Chunk
from streams.engine.unread import Unread

Wanted = Callable[[TopicPartition], bool]
"""Whether a partition's next chunk may be handed over now."""


def fetch_chunks_with(consumer: AIOKafkaConsumer, *, rest: bool = False) -> "ChunkFetcher":
    """Let a started consumer fetch chunks. It has its fetcher since ``start``; only the class of that one changes.

    ``rest``: after a chunk that was not nearly full its partition is not asked for more for a moment. Not for one who
    reads up to an end and waits for it.
    """
    fetcher = consumer._fetcher
    fetcher.__class__ = ChunkFetcher
    assert isinstance(fetcher, ChunkFetcher)  # noqa: S101 - narrows the type
    fetcher._may_rest = rest
    fetcher._prefetch_backoff = 0.0  # else one partition that waits to be consumed holds up the others of its broker
    return fetcher


SHORT_WAIT_MS = 20
LONG_WAIT_MS = 500
REST_SECONDS = 0.025
BUSY_REST_SECONDS = 0.15
BUSY_RECORDS = 500
"""After a chunk a partition is not asked for more for a moment, so that a transaction, and each key's state and status,
serve more records. Longer if it brought many, yet not a full chunk: then nobody waits for a single record."""


class ChunkFetcher(Fetcher):
    """A fetcher with one more way to hand over what it has fetched."""

    _may_rest: bool

    def _get_actions_per_node(self, assignment: Any) -> Any:
        """A request that is under way can't be widened. So it is short as long as there are partitions outside it,
        which may want to be fetched at any moment, and long when all are in it and nothing happens."""
        self._fetch_max_wait_ms = SHORT_WAIT_MS if self._records or self._in_flight else LONG_WAIT_MS
        return super()._get_actions_per_node(assignment)

    async def fetched_chunks(self, wanted: Wanted | None, timeout: float, max_records: int) -> list[Chunk]:
        """At most one chunk of every wanted partition, so that none waits for another; none after ``timeout`` seconds.

        What is not wanted stays fetched. ``wanted`` (None: all are) is asked again when data come in and at ``wake``.
        ``max_records`` bounds each chunk in records, ``max_partition_fetch_bytes`` of the consumer in bytes.
        Raises KafkaError, also when the background fetching has died.
        """
        deadline = time.monotonic() + timeout
        while True:
            if self._fetch_task.done() and not self._closed:
                self._fetch_task.result()
            if self._subscriptions.reassignment_in_progress:
                await self._subscriptions.wait_for_assignment()
            chunks = []
            for source in list(self._records):
                if not self._subscriptions.is_assigned(source):
                    del self._records[source]
                elif self._rests(source):
                    continue
                elif (wanted is None or wanted(source)) and (chunk := self._take(source, max_records)) is not None:
                    chunks.append(chunk)
            left = deadline - time.monotonic()
            if chunks or left <= 0 or self._closed:
                return chunks
            waiter = self._create_fetch_waiter()
            done, _ = await asyncio.wait([waiter], timeout=left)
            if not done:
                waiter.cancel()
                return []
            waiter.result()

    def wake(self) -> None:
        """Another partition is wanted now. Call it in the consumer's own loop."""
        for waiter in list(self._fetch_waiters):
            self._notify(waiter)

    def _take(self, source: TopicPartition, max_records: int) -> Chunk | None:
        fetched = self._records[source]
        if not isinstance(fetched, FetchResult):
            self._done_with(source)
            fetched.check_raise()
            return None
        if not fetched.check_assignment(source) or not fetched.has_more():
            self._done_with(source)
            return None
        unread = fetched._partition_records
        if not isinstance(unread, Unread):
            unread = fetched._partition_records = Unread(unread)
        begin = unread.next_fetch_offset
        records = unread.take(max_records)
        fetched._update_position()
        if len(records) < max_records:
            fetched._partition_records = None
            if self._may_rest and len(records) < max_records // 2:
                self._rest(source, fetched, BUSY_REST_SECONDS if len(records) >= BUSY_RECORDS else REST_SECONDS)
            else:
                self._done_with(source)
        return Chunk(source, begin, records, unread.next_fetch_offset)

    def _rest(self, source: TopicPartition, fetched: FetchResult, seconds: float) -> None:
        """What is used up stays for a while, so that no new data are asked for."""

        def end() -> None:
            if self._records.get(source) is fetched:
                self._done_with(source)

        asyncio.get_running_loop().call_later(seconds, end)

    def _rests(self, source: TopicPartition) -> bool:
        fetched = self._records[source]
        return isinstance(fetched, FetchResult) and fetched._partition_records is None

    def _done_with(self, source: TopicPartition) -> None:
        del self._records[source]
        self._notify(self._wait_consume_future)
