"""A stage: a pure step bound to its topics, run by a Faust agent."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import faust
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.engine.owner import PartitionOwner, Plan
from streams.engine.routing import Router
from streams.step import Step

log = logging.getLogger("mobility.engine")

FINISH_SECONDS = 8.0
"""How long a rebalance or a stop waits for a transaction under way."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step and its topics. ``same_partition`` names the outputs that share key and partition count with the source;
    ``routed`` gives the partition count of the others. Changelog and dead topic have the source's partition count."""

    name: str
    step: Step
    source: str
    changelog: str
    dead: str
    same_partition: frozenset[str] = frozenset()
    routed: dict[str, int] = field(default_factory=dict)


def add_stage(app: faust.App, stage: Stage, broker: str) -> None:
    """Let the app run the stage: an agent that hands each chunk to the owner of its partition."""
    owners: dict[int, PartitionOwner] = {}
    topic = app.topic(stage.source, key_serializer="raw", value_serializer="raw")

    async def seek(source: TopicPartition, offset: int) -> None:
        await app.consumer.seek(faust.types.TP(*source), offset)

    async def committed(source: TopicPartition) -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=broker)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(app.conf.id, partitions=[source])
        finally:
            await admin.close()
        return max(offsets[source].offset, 0)

    plan = Plan(
        name=stage.name,
        step=stage.step,
        source=stage.source,
        changelog=stage.changelog,
        dead=stage.dead,
        broker=broker,
        group=app.conf.id,
        same_partition=stage.same_partition,
        routers={name: Router(partitions) for name, partitions in stage.routed.items()},
        seek=seek,
        committed=committed,
    )

    async def run_chunks(stream: faust.Stream[Any]) -> None:
        async for event in stream.events():
            chunk = event.message.value
            owner = owners.get(chunk.source.partition)
            if owner is not None:
                await owner.deliver(chunk)

    app.agent(topic, name=stage.name)(run_chunks)

    @app.on_partitions_revoked.connect(weak=False)
    async def pause(app: faust.App, revoked: set[Any], **_: Any) -> None:
        """All partitions are revoked in every rebalance. State is kept until it is known who owns them next."""
        paused = [owner for partition, owner in owners.items() if (stage.source, partition) in revoked]
        for owner in paused:
            owner.forget_undelivered()
        await asyncio.gather(*(owner.finish_chunk(FINISH_SECONDS) for owner in paused))

    @app.on_partitions_assigned.connect(weak=False)
    async def take_over(app: faust.App, assigned: set[Any], **_: Any) -> None:
        """Own what is new, give up what is gone; a partition that stays keeps its state, and its fence proves it."""
        mine = {partition for name, partition in assigned if name == stage.source}
        for partition in [partition for partition in owners if partition not in mine]:
            await owners.pop(partition).stop()
        for partition in sorted(mine - owners.keys()):
            owners[partition] = PartitionOwner(plan, partition)
            owners[partition].start(app.crash)
        log.info("%s: owns partitions %s", stage.name, sorted(mine))

    @app.on_before_shutdown.connect(weak=False)
    async def give_up(app: faust.App, **_: Any) -> None:
        """A graceful stop ends the transactions under way and releases the partitions."""
        for owner in owners.values():
            owner.forget_undelivered()
        await asyncio.gather(*(owner.finish_chunk(FINISH_SECONDS) for owner in owners.values()))
        for partition in list(owners):
            await owners.pop(partition).stop()
