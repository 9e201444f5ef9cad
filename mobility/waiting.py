"""Wait until live state and PostgreSQL hold everything that is on the log now."""

import time
from collections.abc import Callable
from contextlib import closing

from kafka import KafkaConsumer, TopicPartition

from consumers.store import offsets as store_offsets
from mobility.endpoints import Endpoints
from mobility.errors import UnreachableError
from schemas import topics
from schemas.broker import client_arguments
from streams.app import GROUP

Reached = Callable[[], dict[TopicPartition, int]]

STORED = (
    topics.STATUS,
    topics.ALERTS,
    topics.CHANGES,
    topics.MOVEMENTS,
    topics.RECEIPTS,
    topics.MOVEMENTS_IN,
    topics.REGISTRY_IN,
    topics.FINDINGS,
)

LOOKS = 25
ROUNDS = 3
"""The steps people and units write to their own topic, too (merged identities, inherited alerts): what one round leads
to is waited for by the next. On a log that rests, a round costs one question."""


def wait_until_passed(at: Endpoints, *, seconds: float = 180.0) -> None:
    """Follow the way of the data: facts through people and registry, changes through units, all of it into the store.

    Raises UnreachableError after so many seconds without any progress, with the step that stands still.
    """
    with closing(_consumer(at)) as consumer:
        _await_facts(consumer, seconds)
        _await_units(consumer, seconds)
        _await(consumer, "the store", STORED, seconds, lambda: _stored(at.postgres))


def wait_until_facts_passed(at: Endpoints, *, seconds: float = 180.0) -> None:
    """Until every fact that is on the log now has become changes of units: what follows on that log comes after them.

    Raises UnreachableError as ``wait_until_passed``.
    """
    with closing(_consumer(at)) as consumer:
        _await_facts(consumer, seconds)


class DayWaiter:
    """Waits day after day over one connection."""

    def __init__(self, at: Endpoints) -> None:
        self._consumer = _consumer(at)

    def wait(self, *, seconds: float = 180.0) -> None:
        """Until the step units has passed the last tick, and what that led to on its own log.

        Raises UnreachableError as ``wait_until_passed``.
        """
        _await_units(self._consumer, seconds)

    def close(self) -> None:
        """Release the connection."""
        self._consumer.close()


def ends_of(consumer: KafkaConsumer, sources: list[TopicPartition]) -> dict[TopicPartition, int]:
    """The ends of partitions. Raises KafkaError, UnreachableError.

    A broker may answer for a moment that it does not know the end of a partition (-1); the client trips over that.
    """
    for _ in range(LOOKS):
        try:
            ends: dict[TopicPartition, int] = consumer.end_offsets(sources)
        except KeyError:
            time.sleep(0.2)
        else:
            return ends
    raise UnreachableError("Kafka does not tell where its topics end: see the log files, or mobility up")


def _consumer(at: Endpoints) -> KafkaConsumer:
    # A commit is answered before its markers are on the partitions: only the uncommitted ends are sure to be past it.
    return KafkaConsumer(
        **client_arguments(at.kafka), group_id=GROUP, enable_auto_commit=False, isolation_level="read_uncommitted"
    )


def _await_facts(consumer: KafkaConsumer, seconds: float) -> None:
    for _ in range(ROUNDS):
        _await(consumer, "the steps people and registry", (topics.MOVEMENTS_IN, topics.REGISTRY_IN), seconds)


def _await_units(consumer: KafkaConsumer, seconds: float) -> None:
    for _ in range(ROUNDS):
        _await(consumer, "the step units", (topics.CHANGES,), seconds)


def _await(
    consumer: KafkaConsumer, who: str, names: tuple[str, ...], seconds: float, reached: Reached | None = None
) -> None:
    sources = [TopicPartition(name, number) for name in names for number in consumer.partitions_for_topic(name) or ()]
    ends = {source: end for source, end in ends_of(consumer, sources).items() if end > 0}
    best, deadline = -1, time.monotonic() + seconds
    while True:
        now = reached() if reached else {source: consumer.committed(source) or 0 for source in ends}
        if all(now.get(source, 0) >= end for source, end in ends.items()):
            return
        progress = sum(min(now.get(source, 0), end) for source, end in ends.items())
        if progress > best:
            best, deadline = progress, time.monotonic() + seconds
        elif time.monotonic() > deadline:
            raise UnreachableError(f"{who} made no progress for {seconds:.0f} s: see the log files, or mobility up")
        time.sleep(0.05)


def _stored(dsn: str) -> dict[TopicPartition, int]:
    return {TopicPartition(topic, partition): offset for (topic, partition), offset in store_offsets(dsn).items()}
