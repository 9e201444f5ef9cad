"""What is on the log after all, read committed; and whether everything has been read and closed."""

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.engine.fetch import fetch_chunks_with


class Stood(NamedTuple):
    """A record where it stands."""

    partition: int
    offset: int
    key: bytes
    value: bytes | None

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent."""
        return dict(json.loads(self.value or b""))


def read(broker: str, topic: str, partitions: int) -> list[Stood]:
    """All committed records of a topic, by partition, in their order."""
    return asyncio.run(_read(broker, topic, partitions))


async def _read(broker: str, topic: str, partitions: int) -> list[Stood]:
    found: list[Stood] = []
    async with AIOKafkaConsumer(
        bootstrap_servers=broker, isolation_level="read_committed", auto_offset_reset="earliest"
    ) as consumer:
        fetcher = fetch_chunks_with(consumer)
        for at in [TopicPartition(topic, number) for number in range(partitions)]:
            consumer.assign([at])
            end = (await consumer.end_offsets([at]))[at]
            await consumer.seek_to_beginning(at)
            while await consumer.position(at) < end:
                for chunk in await fetcher.fetched_chunks(None, 1.0, 20_000):
                    found += [Stood(at.partition, record.offset, record.key, record.value) for record in chunk.records]
    return found


async def ends(broker: str, where: Iterable[TopicPartition], isolation: str) -> dict[TopicPartition, int]:
    """Last stable offsets (``read_committed``) or the ends of the log (``read_uncommitted``)."""
    async with AIOKafkaConsumer(bootstrap_servers=broker, isolation_level=isolation) as consumer:
        return dict(await consumer.end_offsets(list(where)))


async def lag(broker: str, group: str, sources: Iterable[str], partitions: int) -> dict[str, int]:
    """Offsets between what the group has committed and the end of each source partition; only those that differ."""
    where = [TopicPartition(topic, number) for topic in sources for number in range(partitions)]
    stable = await ends(broker, where, "read_committed")
    behind = {}
    async with AIOKafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False) as consumer:
        for at in where:
            consumer.assign([at])
            committed = await consumer.committed(at) or 0
            if committed != stable[at]:
                behind[f"{at.topic}/{at.partition}"] = stable[at] - committed
    return behind


def wait_until_read(broker: str, group: str, sources: list[str], partitions: int, seconds: float) -> None:
    """Returns when the group has committed the ends of all sources, twice in a row."""
    until = time.monotonic() + seconds
    quiet = 0
    while quiet < 2:
        behind = asyncio.run(lag(broker, group, sources, partitions))
        quiet = 0 if behind else quiet + 1
        assert time.monotonic() < until, f"not read within {seconds:.0f} s, offsets behind: {behind}"
        time.sleep(1.0)


def open_transactions(broker: str, topics: Iterable[str], partitions: int) -> list[str]:
    """Partitions whose last stable offset is not their end: a transaction there has no end yet."""
    where = [TopicPartition(topic, number) for topic in topics for number in range(partitions)]
    stable = asyncio.run(ends(broker, where, "read_committed"))
    all_ = asyncio.run(ends(broker, where, "read_uncommitted"))
    return [f"{at.topic}/{at.partition}" for at in where if stable[at] != all_[at]]
