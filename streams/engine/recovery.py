"""State back from its changelog, in chunks: the bytes are the state, nothing is decoded.

The position up to which the source is in the state stands in the changelog too, under a key of its own, written by the
same transaction. So state and position can't differ, whatever the group coordinator is busy with: its answer to
"what is committed" may lag behind a transaction's end.
"""

import asyncio
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ProducerFenced

from schemas.broker import client_arguments
from schemas.cancelling import heed_cancel
from streams.engine.errors import StateLostError
from streams.engine.fetch import fetch_chunks_with
from streams.step import Writes

POSITION_KEY = b"\x00position"
"""Key of the position in the changelog; no step's key begins with a zero byte."""
SILENCE_SECONDS = 15.0


class Recovered(NamedTuple):
    """A partition's state, the source offset that comes next, and how many entries it was read from."""

    state: dict[bytes, bytes]
    position: int
    entries: int


def position_entry(position: int) -> Writes:
    """The changelog entry that says where the source stands."""
    return {POSITION_KEY: str(position).encode()}


async def recover(broker: str, group: str, source: TopicPartition, changelog: TopicPartition) -> Recovered:
    """All live keys of one changelog partition, up to its end as it stands.

    The caller has fenced the only other writer before, so nothing is added meanwhile. Raises KafkaError; TimeoutError
    when the broker falls silent; StateLostError.
    """
    consumer = AIOKafkaConsumer(
        **client_arguments(broker),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 << 20,
        fetch_max_bytes=64 << 20,
    )
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            await consumer.start()
            first = await consumer.beginning_offsets([source])
            ends = await consumer.end_offsets([source, changelog])
        state, entries = await _read(consumer, changelog, ends[changelog])
    finally:
        await consumer.stop()
        heed_cancel()
    stated = state.pop(POSITION_KEY, None)
    if stated is None:
        await _refuse_if_lost(broker, group, source, changelog, ends[changelog])
        return Recovered(state, first[source], entries)
    position = int(stated)
    if not first[source] <= position <= ends[source]:
        raise StateLostError(
            f"{changelog.topic} partition {changelog.partition} holds the state after offset {position} of "
            f"{source.topic}, which has {first[source]} to {ends[source]}: the source was cut or made anew. "
            "Bring it back, or rebuild the state from the start under a new group"
        )
    return Recovered(state, position, entries)


async def _read(consumer: AIOKafkaConsumer, changelog: TopicPartition, end: int) -> tuple[dict[bytes, bytes], int]:
    state: dict[bytes, bytes] = {}
    entries = 0
    fetcher = fetch_chunks_with(consumer)
    consumer.assign([changelog])
    now = asyncio.get_running_loop().time
    async with asyncio.timeout(SILENCE_SECONDS) as silence:
        await consumer.seek_to_beginning(changelog)
        while await consumer.position(changelog) < end:
            for chunk in await fetcher.fetched_chunks(None, timeout=1.0, max_records=20_000):
                silence.reschedule(now() + SILENCE_SECONDS)
                entries += len(chunk.records)
                for record in chunk.records:
                    key, value = record.key, record.value
                    if key is None:
                        continue
                    if value is None:
                        state.pop(key, None)
                    else:
                        state[key] = value
    return state, entries


async def _refuse_if_lost(broker: str, group: str, source: TopicPartition, changelog: TopicPartition, end: int) -> None:
    """No position in the changelog is right at the very start only: then the group has no offset either.

    Unless the changelog has grown beyond ``end``, where it was read to: a worker that was frozen on its way here reads
    the offset of the one that has fenced it. Raises ProducerFenced then, StateLostError where state is missing.
    """
    consumer = AIOKafkaConsumer(**client_arguments(broker), group_id=group, enable_auto_commit=False)
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            await consumer.start()
            consumer.assign([source])
            committed = await consumer.committed(source)
            grown = (await consumer.end_offsets([changelog]))[changelog] > end
    finally:
        await consumer.stop()
        heed_cancel()
    if committed and grown:
        raise ProducerFenced(f"{changelog.topic} partition {changelog.partition} has another writer")
    if committed:
        raise StateLostError(
            f"group {group} has read {source.topic} partition {source.partition} up to {committed}, but "
            f"{changelog.topic} holds no state of it: bring the changelog back, or start over under a new group"
        )
