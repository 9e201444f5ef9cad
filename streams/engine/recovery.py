"""State back from its changelog, in chunks: the bytes are the state, nothing is decoded."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.engine.fetch import fetch_chunks_with


async def recover(broker: str, changelog: TopicPartition) -> tuple[dict[bytes, bytes], int]:
    """All live keys of one changelog partition, and the number of entries read. Raises KafkaError.

    Reads committed entries up to the end as it stands; the caller has fenced the only other writer before.
    """
    state: dict[bytes, bytes] = {}
    entries = 0
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 << 20,
        fetch_max_bytes=64 << 20,
    )
    await consumer.start()
    try:
        fetcher = fetch_chunks_with(consumer)
        consumer.assign([changelog])
        end = (await consumer.end_offsets([changelog]))[changelog]
        await consumer.seek_to_beginning(changelog)
        while await consumer.position(changelog) < end:
            for chunk in await fetcher.fetched_chunks(None, timeout=1.0, max_records=50_000):
                entries += len(chunk.records)
                for record in chunk.records:
                    key, value = record.key, record.value
                    if key is None:
                        continue
                    if value is None:
                        state.pop(key, None)
                    else:
                        state[key] = value
    finally:
        await consumer.stop()
    return state, entries
