"""Pieces of the log: a range of offsets of one partition, or a changelog from its beginning."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.broker import client_arguments
from schemas.cancelling import only_own_cancels
from streams.engine.recovery import POSITION_KEY
from streams.step import Record

Answer = TypeVar("Answer")
SILENCE_SECONDS = 20.0
FETCH_WAIT_MS = 20
"""A fetch under way holds up the next partition, which is another one with every look."""
REQUEST_MS = 40_000
LOOK_MS = 50
"""Transaction markers alone bring no record, only a position that has moved on."""


class BehindError(Exception):
    """Too much lies between two positions: the slice is looked at later."""


class Ranges:
    """Reads committed records. Use as a context manager. Raises KafkaError, TimeoutError.

    The client lives on a thread of its own: looks are minutes apart, and a client that stands still meanwhile takes
    the pause for a broker that does not answer.
    """

    def __init__(self, broker: str, *, request_ms: int = REQUEST_MS) -> None:
        """``request_ms``: what the broker may take for one answer."""
        self._broker = broker
        self._request_ms = request_ms
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ranges", daemon=True)
        self._consumer: AIOKafkaConsumer = None

    def __enter__(self) -> "Ranges":
        self._thread.start()
        try:
            self._run(self._open())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def ends(self, places: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """Where the committed records of these partitions end now."""
        found = self._run(self._consumer.end_offsets([TopicPartition(*place) for place in places]))
        return {(place.topic, place.partition): end for place, end in found.items()}

    def partitions(self, topic: str) -> list[int]:
        """Those of a topic; empty if there is none."""
        return self._run(self._partitions(topic))

    def records(self, topic: str, partition: int, first: int, end: int, *, at_most: int) -> Iterator[Record]:
        """Records with offsets from ``first`` up to ``end``. More than ``at_most``: BehindError."""
        if end - first > at_most:
            raise BehindError(f"{topic}/{partition}: {end - first:,} offsets lie in between")
        for chunk in self._chunks(TopicPartition(topic, partition), first, end):
            yield from (record for record in chunk if first <= record.offset < end)

    def changelog(
        self, topic: str, partition: int, wanted: Callable[[bytes], bool]
    ) -> tuple[dict[bytes, bytes], int | None]:
        """The live entries whose keys are ``wanted``, and the source position that they speak of; None: no position."""
        place = TopicPartition(topic, partition)
        state: dict[bytes, bytes] = {}
        position: int | None = None
        for chunk in self._chunks(place, 0, self.ends([(topic, partition)])[topic, partition]):
            for record in chunk:
                key, value = record.key, record.value
                if key == POSITION_KEY:
                    position = int(value) if value is not None else None
                elif key is None or not wanted(key):
                    continue
                elif value is None:
                    state.pop(key, None)
                else:
                    state[key] = value
        return state, position

    def _chunks(self, place: TopicPartition, first: int, end: int) -> Iterator[list[Record]]:
        if first >= end:
            return
        self._run(self._begin(place, first))
        quiet = 0.0
        try:
            while self._run(self._consumer.position(place)) < end:
                fetched = self._run(self._consumer.getmany(place, timeout_ms=LOOK_MS, max_records=20_000))
                quiet = 0.0 if fetched else quiet + LOOK_MS / 1000
                if quiet > SILENCE_SECONDS:
                    raise TimeoutError(f"nothing came of {place.topic} for {SILENCE_SECONDS:.0f} s")
                yield from fetched.values()
        finally:
            self._run(self._leave())

    def _run(self, asked: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result()

    async def _open(self) -> None:
        self._consumer = AIOKafkaConsumer(
            **client_arguments(self._broker),
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            request_timeout_ms=self._request_ms,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=4 << 20,
        )
        await self._consumer.start()

    async def _close(self) -> None:
        if self._consumer is not None:
            with contextlib.suppress(ConnectionError), only_own_cancels():
                await self._consumer.stop()

    async def _begin(self, place: TopicPartition, first: int) -> None:
        self._consumer.assign([place])
        begins = await self._consumer.beginning_offsets([place])
        self._consumer.seek(place, max(first, begins[place]))

    async def _leave(self) -> None:
        """Nothing is fetched between looks."""
        self._consumer.unsubscribe()

    async def _partitions(self, topic: str) -> list[int]:
        cluster = await self._consumer._client.fetch_all_metadata()
        return sorted(cluster.partitions_for_topic(topic) or ())
