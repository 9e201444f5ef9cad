"""The least that reading topics back takes: ``python -m bench.peers.bare_reader BROKER TOPIC...`` prints seconds.

A plain aiokafka consumer, committed records only, keeps the last value of every key and nothing else.
"""

import asyncio
import sys
import time

from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.logs import PARTITIONS


async def read(broker: str, topics: list[str]) -> float:
    """Seconds from the first request until the end of all partitions, as it stood before."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 << 20,
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        begun = time.monotonic()
        state: dict[bytes, bytes] = {}
        left = {place for place in places if ends[place]}
        while left:
            for records in (await consumer.getmany(timeout_ms=200, max_records=20_000)).values():
                for record in records:
                    state[record.key] = record.value
            left = {place for place in left if await consumer.position(place) < ends[place]}
        return time.monotonic() - begun
    finally:
        await consumer.stop()


if __name__ == "__main__":
    print(asyncio.run(read(sys.argv[1], sys.argv[2:])))
