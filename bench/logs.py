"""The broker's side: topics of a run, loading them, reading what is committed on them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError

from bench.workload import Pair
from streams.engine.routing import Router

PARTITIONS = 4
_COMPACT = {"cleanup.policy": "compact"}
OUTPUTS: dict[str, dict[str, str]] = {
    "registry.events": {},
    "unit.changes": {},
    "unit.status": _COMPACT,
    "alerts": _COMPACT,
    "mobility.movements": {},
    "mobility.findings": {},
    "people.state": _COMPACT,
    "registry.state": _COMPACT,
    "units.state": _COMPACT,
    "mobility.events.dead": {},
    "registry.events.dead": {},
    "unit.changes.dead": {},
}
"""Every topic that some participant writes; a run has its own set, named ``RUN.TOPIC``."""


def create_topics(broker: str, names: dict[str, dict[str, str]]) -> None:
    """Topics with four partitions each, and their settings; returns when they can be written."""
    admin = KafkaAdminClient(bootstrap_servers=broker)
    try:
        admin.create_topics([NewTopic(name, PARTITIONS, 1, topic_configs=config) for name, config in names.items()])
        admin.wait_for_topics(list(names))
    finally:
        admin.close()


def delete_run(broker: str, run: str) -> None:
    """Every topic with the run's name in it: its own, and those that the participant's library made."""
    admin = KafkaAdminClient(bootstrap_servers=broker)
    try:
        names = [name for name in admin.list_topics() if run in name]
        if names:
            admin.delete_topics(names)
    finally:
        admin.close()


async def load(broker: str, topic: str, pairs: Iterable[Pair], *, partition: int | None = None) -> int:
    """Write records by their key (or all to one partition) with an idempotent producer; gives their number."""
    producer = AIOKafkaProducer(
        bootstrap_servers=broker, enable_idempotence=True, compression_type="lz4", max_batch_size=256 << 10
    )
    await producer.start()
    try:
        route = Router(PARTITIONS)
        batches: dict[int, Any] = {}
        count = 0
        for key, value in pairs:
            at = route(key) if partition is None else partition
            batch = batches.get(at)
            if batch is None:
                batch = batches[at] = producer.create_batch()
            if batch.append(timestamp=None, key=key, value=value) is None:
                batch.close()
                await producer.send_batch(batch, topic, partition=at)
                batch = batches[at] = producer.create_batch()
                batch.append(timestamp=None, key=key, value=value)
            count += 1
        for at, batch in batches.items():
            batch.close()
            await producer.send_batch(batch, topic, partition=at)
        await producer.flush()
        return count
    finally:
        await producer.stop()


async def read(broker: str, topic: str, *, tail: int | None = None) -> AsyncIterator[tuple[int, list[Any]]]:
    """Committed records (``offset``, ``key``, ``value``) by partition, up to the end as it stands.

    With ``tail`` only the last so many offsets of each partition. Waits for transactions that are open: a commit is
    acknowledged before its markers stand in the log.
    """
    await _until_settled(broker, topic)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 << 20,
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        for place in places:
            consumer.seek(place, 0 if tail is None else max(ends[place] - tail, 0))
        left = set(places)
        while left:
            for place, records in (await consumer.getmany(timeout_ms=200, max_records=50_000)).items():
                yield place.partition, records
            left = {place for place in left if await consumer.position(place) < ends[place]}
    finally:
        await consumer.stop()


def last_offsets(broker: str, topic: str) -> list[int]:
    """The position after the last committed record of each partition; markers of transactions do not count."""

    async def find() -> list[int]:
        after = [0] * PARTITIONS
        tail = 100
        while True:
            async for partition, records in read(broker, topic, tail=tail):
                if records:
                    after[partition] = records[-1].offset + 1
            if all(after) or tail > 1_000_000:
                return after
            tail *= 20

    return asyncio.run(find())


async def _until_settled(broker: str, topic: str) -> None:
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    stable = AIOKafkaConsumer(bootstrap_servers=broker, isolation_level="read_committed")
    every = AIOKafkaConsumer(bootstrap_servers=broker)
    async with stable, every:
        for _ in range(3000):
            if await stable.end_offsets(places) == await every.end_offsets(places):
                return
            await asyncio.sleep(0.02)
    raise RuntimeError(f"{topic}: a transaction stays open")


class Positions:
    """Committed offsets of one consumer group, the same question for every participant."""

    def __init__(self, broker: str, group: str) -> None:
        self._admin = KafkaAdminClient(bootstrap_servers=broker)
        self._group = group

    def read(self) -> tuple[float, dict[tuple[str, int], int]]:
        """When it was asked (monotonic seconds), and the offset by (topic, partition)."""
        now = time.monotonic()
        try:
            offsets = self._admin.list_group_offsets({self._group: None}).get(self._group, {})
        except KafkaError as error:
            if not error.retriable:
                raise
            return now, {}  # the group's coordinator is just starting, on a fresh broker
        return now, {(place.topic, place.partition): max(found.offset, 0) for place, found in offsets.items()}

    def close(self) -> None:
        """End the connection."""
        self._admin.close()
