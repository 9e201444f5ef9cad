"""Partitions that nobody owns although the group is at rest.

Whoever leads the group shares out the partitions it can see. Of a broker that has just come back it may see none, and
then the group rests with nothing to do: no error, no further rebalance, no count. A worker that sees this ends, loudly;
started again, it joins with what there is now.
"""

import asyncio
import logging

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocol

from schemas.broker import client_arguments
from schemas.cancelling import heed_cancel, only_own_cancels
from streams.engine.errors import PASSING, OrphanedError

log = logging.getLogger("mobility.engine")

LOOK_EVERY = 5.0
LOOKS = 3
"""So many times in a row a partition must be without an owner: a rebalance has its moments."""


async def watch_for_orphans(broker: str, group: str, topics: frozenset[str]) -> None:
    """Look for ever. Raises OrphanedError."""
    seen = 0
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            with only_own_cancels():
                orphans = await find_orphans(broker, group, topics)
        except PASSING:
            orphans = set()  # a broker that is away is told of elsewhere
        heed_cancel()
        seen = seen + 1 if orphans else 0
        if seen >= LOOKS:
            named = ", ".join(f"{topic}/{partition}" for topic, partition in sorted(orphans))
            raise OrphanedError(f"no worker of the group {group} owns {named}: this one ends, to be started again")


async def find_orphans(broker: str, group: str, topics: frozenset[str]) -> set[TopicPartition]:
    """Partitions of the topics that no member of the group has; empty while the group is not at rest. KafkaError."""
    admin = AIOKafkaAdminClient(**client_arguments(broker), request_timeout_ms=5000)
    try:
        await admin.start()
        cluster = await admin._client.fetch_all_metadata()
        (response,) = await admin.describe_consumer_groups([group])
    finally:
        await admin.close()
    (_, _, state, _, _, members, *_) = response.groups[0]
    if state != "Stable":
        return set()
    owned: set[TopicPartition] = set()
    for *_, assignment in members:
        owned |= set(ConsumerProtocol.ASSIGNMENT.decode(assignment).partitions())
    there = {TopicPartition(topic, n) for topic in topics for n in cluster.partitions_for_topic(topic) or ()}
    return there - owned
