"""One chunk, one transaction: changelog, position, outputs, dead records and the group's offset, or none of them."""

import asyncio
from typing import NamedTuple

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import IllegalOperation

from streams.engine.plan import TRANSACTION_SECONDS, Plan
from streams.engine.producer import died_of
from streams.engine.recovery import position_entry
from streams.engine.writer import TransactionWriter
from streams.step import Output, Writes


class Outcome(NamedTuple):
    """What a chunk leads to. ``position``: the source offset after it; ``outputs``: records by topic, in order."""

    position: int
    writes: Writes
    outputs: dict[str, list[Output]]
    dead: list[Output]


async def commit_chunk(producer: AIOKafkaProducer, plan: Plan, source: TopicPartition, outcome: Outcome) -> int:
    """Write and commit; gives the number of records published.

    If it raises (KafkaError, TimeoutError, RecordTooLargeError) the producer is not to be used again; whether the
    transaction counts is known once its id has been fenced.
    """
    try:
        async with asyncio.timeout(TRANSACTION_SECONDS):
            await _write_and_commit(producer, plan, source, outcome)
    except (IllegalOperation, AssertionError) as refusal:
        # The client's words for "not now": its background task has met the real failure (fenced, say) before this call.
        if (failure := died_of(producer)) is None:
            raise
        raise failure from refusal
    return sum(map(len, outcome.outputs.values()))


async def _write_and_commit(producer: AIOKafkaProducer, plan: Plan, source: TopicPartition, outcome: Outcome) -> None:
    await producer.begin_transaction()
    writer = TransactionWriter(producer, plan.continues)
    entries = [*outcome.writes.items(), *position_entry(outcome.position).items()]
    await writer.write(plan.changelog, source.partition, entries)
    for topic, records in outcome.outputs.items():
        if topic in plan.same_partition:
            await writer.write(topic, source.partition, records)
        else:
            for target, group in enumerate(plan.routers[topic].split(records)):
                await writer.write(topic, target, group)
    await writer.write(plan.dead, source.partition, outcome.dead)
    offset = producer.send_offsets_to_transaction({source: outcome.position}, plan.group)
    await asyncio.gather(writer.sent(), offset)  # the coordinator and the partitions' leaders answer side by side
    await producer.commit_transaction()
