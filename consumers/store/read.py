"""The log, from the offsets that the database holds: partitions of our own choice, read committed, no group."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from consumers.store import metrics
from consumers.store.chunks import Chunk, Raw
from consumers.store.errors import LogMismatchError
from schemas.broker import client_arguments

MAX_RECORDS: Final = 20_000
"""In one batch: some 10 MB of JSON, and half a second of work for the database."""


_LOOKS: Final = 3
"""A broker that has just come back may for a moment know less of its log than it holds."""


class TopicMissingError(Exception):
    """A topic is not there (yet)."""


class LogReader:
    """Reads all partitions of some topics. Use as an async context manager."""

    def __init__(self, kafka: str, topics: Iterable[str], *, max_records: int = MAX_RECORDS) -> None:
        self._topics = list(topics)
        self._max_records = max_records
        self._at: dict[Any, int] = {}
        self._ends: dict[Any, int] = {}
        self._consumer: Any = AIOKafkaConsumer(
            **client_arguments(kafka),
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=4 << 20,
            fetch_max_bytes=32 << 20,
            fetch_max_wait_ms=200,
            metadata_max_age_ms=30_000,
            request_timeout_ms=20_000,
        )

    async def __aenter__(self) -> "LogReader":
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def partitions(self) -> list[tuple[str, int]]:
        """All partitions of the topics. Raises TopicMissingError."""
        cluster = await self._consumer._client.fetch_all_metadata()  # the consumer itself knows only what it reads
        found: list[tuple[str, int]] = []
        for topic in self._topics:
            partitions = cluster.partitions_for_topic(topic)
            if not partitions:
                raise TopicMissingError(topic)
            found += [(topic, partition) for partition in sorted(partitions)]
        return found

    async def seek(self, offsets: dict[tuple[str, int], int]) -> None:
        """Start at these offsets; 0 is the beginning, wherever the log begins. Raises LogMismatchError."""
        places = {TopicPartition(topic, partition): offset for (topic, partition), offset in offsets.items()}
        self._consumer.assign(list(places))
        for attempt in range(_LOOKS):
            ends = await self._consumer.end_offsets(list(places))
            begins = await self._consumer.beginning_offsets(list(places))
            wrong = [at for at, offset in places.items() if offset > ends[at] or 0 < offset < begins[at]]
            if not wrong:
                break
            if attempt == _LOOKS - 1:
                at = wrong[0]
                raise LogMismatchError(
                    f"{at.topic}, partition {at.partition}: the database has read up to offset {places[at]}, but the "
                    f"log holds {begins[at]} to {ends[at]}: this database was made from another log, or the log was "
                    "cut. Run mobility rebuild to make it again from this log."
                )
            await asyncio.sleep(1)
        self._ends = ends
        for place, offset in places.items():
            self._at[place] = offset
            self._consumer.seek(place, max(offset, begins[place]))

    @property
    def ends(self) -> dict[tuple[str, int], int]:
        """Where the log ended when ``seek`` was called."""
        return {(place.topic, place.partition): end for place, end in self._ends.items()}

    @property
    def at(self) -> dict[tuple[str, int], int]:
        """Up to where the chunks given out reach."""
        return {(place.topic, place.partition): offset for place, offset in self._at.items()}

    async def poll(self, seconds: float) -> list[Chunk]:
        """What has come, by partition; empty after ``seconds`` if nothing has.

        Raises aiokafka's OffsetOutOfRangeError if the log was cut meanwhile: ``seek`` then says so.
        """
        fetched = await self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=self._max_records)
        chunks = []
        for place, start in self._at.items():
            end = await self._consumer.position(place)
            if end > start:
                records = [Raw(one.offset, one.key, one.value) for one in fetched.get(place, ())]
                chunks.append(Chunk(place.topic, place.partition, start, end, records))
                self._at[place] = end
            high = self._consumer.highwater(place)
            if high is not None:
                metrics.LAG.labels(place.topic, place.partition).set(max(high - end, 0))
        return chunks
