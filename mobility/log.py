"""Reads topics to their end, committed records only, in chunks: for verify, explain and waiting."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.broker import client_arguments
from schemas.cancelling import only_own_cancels
from streams.engine.fetch import fetch_chunks_with
from streams.step import Records


async def _chunks(broker: str, topics: Sequence[str]) -> AsyncGenerator[tuple[str, int, Records], None]:
    consumer = AIOKafkaConsumer(
        **client_arguments(broker),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 << 20,
    )
    await consumer.start()
    try:
        fetcher = fetch_chunks_with(consumer)
        sources = [
            TopicPartition(topic, partition)
            for topic in topics
            for partition in sorted(consumer.partitions_for_topic(topic) or await _partitions(consumer, topic))
        ]
        consumer.assign(sources)
        ends = await consumer.end_offsets(sources)
        await consumer.seek_to_beginning(*sources)
        left = {source for source in sources if ends[source] > 0}
        while left:
            for chunk in await fetcher.fetched_chunks(None, timeout=1.0, max_records=20_000):
                if chunk.records:
                    yield chunk.source.topic, chunk.source.partition, chunk.records
            for source in list(left):
                if await consumer.position(source) >= ends[source]:
                    left.discard(source)
    finally:
        with contextlib.suppress(ConnectionError), only_own_cancels():
            await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.add_topic(topic)
    return set(consumer.partitions_for_topic(topic) or ())


def read_topics(broker: str, *topics: str) -> Iterator[tuple[str, int, Records]]:
    """(topic, partition, records) chunk by chunk, each partition in its order, up to the ends as they stand now."""
    loop = asyncio.new_event_loop()
    chunks = _chunks(broker, topics)
    try:
        while True:
            try:
                yield loop.run_until_complete(anext(chunks))
            except StopAsyncIteration:
                return
    finally:
        loop.run_until_complete(chunks.aclose())
        loop.close()
