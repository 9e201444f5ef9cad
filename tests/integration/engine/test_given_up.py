"""What a client gives up by itself is tried again: an owner ends when it is told to, and at no other time."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import Fetcher

from streams.engine.chunk import Chunk
from streams.engine.owner import PartitionOwner
from streams.engine.plan import Plan
from streams.engine.routing import Router
from streams.engine.waiting import Waiting
from tests.integration.engine.bed import Bed
from tests.integration.engine.counting import counting

pytestmark = pytest.mark.services


class Fetched(NamedTuple):
    """A record as the step sees it."""

    offset: int
    key: bytes
    value: bytes


class Reading:
    """In the place of the worker's consumer, which has nothing to say here."""

    def seek_soon(self, _: TopicPartition, __: int) -> None:
        """The chunk of this test comes by hand."""

    def wake_soon(self) -> None:
        """Nobody sleeps."""

    def position_now(self, _: TopicPartition) -> int:
        """Nothing was fetched."""
        return 0


async def becomes(true: Callable[[], bool]) -> None:
    """Waits for it."""
    while not true():  # noqa: ASYNC110 - the owner tells nobody
        await asyncio.sleep(0.05)


def test_an_owner_whose_reader_was_cancelled_by_its_own_client_starts_over(
    bed: Callable[..., Bed], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = bed(partitions=1)
    close, given_up, crashed = Fetcher.close, [], []

    async def closing(self: Any) -> None:
        await close(self)
        if len(given_up) < 2:  # as when the broker is lost: a fetch that was cancelled is awaited
            lost = asyncio.get_running_loop().create_future()
            lost.cancel()
            given_up.append(lost)
            await lost

    monkeypatch.setattr(Fetcher, "close", closing)
    plan = Plan(
        name="counting",
        step=counting(f"{at.name}.out"),
        source=at.source,
        changelog=f"{at.name}.state",
        dead=f"{at.name}.dead",
        broker=at.broker.address,
        group=at.name,
        same_partition=frozenset(),
        routers={f"{at.name}.out": Router(1)},
        consumer=Reading,  # type: ignore[arg-type]
    )

    async def on_crash(error: BaseException) -> None:
        crashed.append(error)

    async def play() -> None:
        owner = PartitionOwner(plan, 0, Waiting())
        owner.start(on_crash)
        async with asyncio.timeout(20):
            await becomes(lambda: owner.wants_chunk)
            owner.deliver(Chunk(owner.source, 0, [Fetched(0, b"a", b"x")], 1))
            await becomes(lambda: owner.stored == 1)
        await owner.stop()

    asyncio.run(play())
    assert len(given_up) == 2
    assert crashed == []
    assert [record.value for record in at.read("out")] == [b"1"]
