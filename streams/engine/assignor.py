"""Which worker owns which partition: as even as it goes, of every topic by itself too, and moving little.

The stages differ in weight, so two workers should not get all of one stage each; and a partition that moves has its
state read back. The client's sticky assignor heeds only the second, its round robin only the first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import ceil

from aiokafka import TopicPartition
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

Held = Mapping[str, Iterable[TopicPartition]]
"""What each worker owned until now."""


def spread(partitions: Iterable[TopicPartition], held: Held) -> dict[str, list[TopicPartition]]:
    """Every partition to one of the workers in ``held``, whose numbers differ by one at most.

    A worker keeps what it has as far as its share of that topic and of all partitions allows.
    """
    every = sorted(partitions)
    workers = sorted(held)
    owned: dict[str, list[TopicPartition]] = {worker: [] for worker in workers}
    of_topic: Counter[tuple[str, str]] = Counter()

    def give(worker: str, place: TopicPartition) -> None:
        owned[worker].append(place)
        of_topic[worker, place.topic] += 1

    in_topic = Counter(place.topic for place in every)
    share, extra = divmod(len(every), len(workers))
    free = dict.fromkeys(every)
    for worker in sorted(workers, key=lambda worker: -len(list(held[worker]))):
        largest = share + (1 if extra else 0)
        for place in sorted(held[worker]):
            room = len(owned[worker]) < largest and of_topic[worker, place.topic] < ceil(
                in_topic[place.topic] / len(workers)
            )
            if place in free and room:
                del free[place]
                give(worker, place)
        extra -= len(owned[worker]) > share
    for place in free:
        give(min(workers, key=lambda worker: (len(owned[worker]), of_topic[worker, place.topic], worker)), place)
    return owned


class SpreadAssignor(StickyPartitionAssignor):
    """The client's sticky assignor, which knows what each worker had, with ``spread`` as its rule."""

    name = "spread"

    @classmethod
    def assign(
        cls, cluster: ClusterMetadata, members: Mapping[str, ConsumerProtocolMemberMetadata]
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """By the group's leader. All workers subscribe to the same topics."""
        told = {member: cls.parse_member_metadata(metadata) for member, metadata in members.items()}
        held = {member: one.partitions for member, one in told.items()}
        topics = {topic for one in told.values() for topic in one.subscription}
        every = [
            TopicPartition(topic, number) for topic in topics for number in cluster.partitions_for_topic(topic) or ()
        ]
        return {
            member: ConsumerProtocolMemberAssignment(cls.version, _by_topic(places), b"")
            for member, places in spread(every, held).items()
        }


def _by_topic(places: list[TopicPartition]) -> list[tuple[str, list[int]]]:
    grouped: dict[str, list[int]] = {}
    for topic, number in sorted(places):
        grouped.setdefault(topic, []).append(number)
    return list(grouped.items())
