"""All owners of a worker, and what a rebalance does to them."""

import asyncio
import logging
from typing import Any

import faust
from aiokafka import TopicPartition

from streams.engine.chunk import Chunk
from streams.engine.owner import PartitionOwner
from streams.engine.plan import Plan
from streams.engine.routing import Router
from streams.engine.stage import Stage
from streams.engine.transport import ChunkConsumer
from streams.engine.waiting import Waiting

log = logging.getLogger("mobility.engine")

FINISH_SECONDS = 4.0
"""How long a rebalance or a stop waits for the transactions under way. A stop against a broker that does not answer
spends this, then what closing a producer may take, then what leaving the group may take: less than the 9 s of a worker.
"""


class Owners:
    """The owners by input partition. One set of signal handlers for all stages: first all that is new is owned, so that
    no chunk meets nobody, then what is gone is given up."""

    def __init__(self, app: faust.App, broker: str) -> None:
        self._app = app
        self.broker = broker
        self._plans: dict[str, Plan] = {}
        self._owners: dict[TopicPartition, PartitionOwner] = {}
        self.waiting = Waiting()
        app.on_partitions_revoked.connect(self._pause, weak=False)
        app.on_partitions_assigned.connect(self._take_over, weak=False)
        app.on_before_shutdown.connect(self._give_up, weak=False)

    def add(self, stage: Stage, broker: str) -> None:
        """Partitions of the stage's source will be owned."""
        self._plans[stage.source] = Plan(
            name=stage.name,
            step=stage.step,
            source=stage.source,
            changelog=stage.changelog,
            dead=stage.dead,
            broker=broker,
            group=self._app.conf.id,
            same_partition=stage.same_partition,
            routers={name: Router(partitions) for name, partitions in stage.routed.items()},
            consumer=self._consumer,
            continues=stage.continues,
        )

    @property
    def sources(self) -> frozenset[str]:
        """The topics that are read."""
        return frozenset(self._plans)

    def wants_chunk(self, source: TopicPartition) -> bool:
        """Whether its owner is there and takes another chunk. Asked from the consumer's thread."""
        owner = self._owners.get(source)
        return owner is not None and owner.wants_chunk

    def promise(self, source: TopicPartition) -> None:
        """A chunk was fetched and is on its way to the owner."""
        if owner := self._owners.get(source):
            owner.promise()

    def deliver(self, chunk: Chunk) -> None:
        """Hand a chunk to its owner; one that has no owner any more is fetched again by the next."""
        if owner := self._owners.get(chunk.source):
            owner.deliver(chunk)

    def take_no_more(self) -> None:
        """A stop has been asked for: no owner begins another chunk while Faust is still on its way to give them up.

        A step holds up the whole loop, and after a freeze each owner has a full chunk waiting: together seconds.
        """
        for owner in self._owners.values():
            owner.pause()

    def _consumer(self) -> ChunkConsumer:
        """Faust makes it when the worker starts."""
        return self._app.consumer

    async def _pause(self, _: faust.App, revoked: set[Any], **__: Any) -> None:
        """All partitions are revoked in every rebalance. State is kept until it is known who owns them next."""
        paused = [owner for source, owner in self._owners.items() if source in revoked]
        await self._quiet(paused)

    async def _take_over(self, app: faust.App, assigned: set[Any], **_: Any) -> None:
        if app.should_stop:  # a rebalance that ends when all has been given up
            return
        mine = {TopicPartition(*source) for source in assigned if source[0] in self._plans}
        gone = [self._owners.pop(source) for source in list(self._owners) if source not in mine]
        for source in sorted(mine):
            if source in self._owners:
                self._owners[source].resume()
            else:
                owner = PartitionOwner(self._plans[source.topic], source.partition, self.waiting)
                self._owners[source] = owner
                owner.start(app.crash)
        log.info("owns %s", ", ".join(f"{topic}/{partition}" for topic, partition in sorted(mine)) or "nothing")
        await asyncio.gather(*(owner.stop() for owner in gone))

    async def _give_up(self, _: faust.App, **__: Any) -> None:
        """A graceful stop ends the transactions under way and releases the partitions."""
        leaving = list(self._owners.values())
        self._owners.clear()
        await self._quiet(leaving)
        await asyncio.gather(*(owner.stop() for owner in leaving))

    async def _quiet(self, owners: list[PartitionOwner]) -> None:
        for owner in owners:
            owner.pause()
        await asyncio.gather(*(owner.finish_chunk(FINISH_SECONDS) for owner in owners))
