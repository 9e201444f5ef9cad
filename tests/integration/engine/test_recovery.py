"""State comes back from the changelog as it was."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.engine import recovery
from streams.engine.errors import FENCED, StateLostError
from streams.engine.plan import Plan
from streams.engine.producer import open_producer, release
from streams.engine.recovery import POSITION_KEY, recover
from streams.engine.routing import Router
from streams.engine.transaction import Outcome, commit_chunk
from tests.chaos.reading import Stood
from tests.integration.engine.bed import COMPACTED_AT_ONCE, Bed
from tests.integration.engine.counting import FORGET, counting

pytestmark = pytest.mark.services
Make = Callable[..., Bed]


def plan(at: Bed) -> Plan:
    """The stage's, for owners that are played by the test."""
    return Plan(
        name="counting",
        step=counting(f"{at.name}.out"),
        source=at.source,
        changelog=f"{at.name}.state",
        dead=f"{at.name}.dead",
        broker=at.broker.address,
        group=at.name,
        same_partition=frozenset(),
        routers={f"{at.name}.out": Router(at.partitions)},
        consumer=lambda: pytest.fail("not used"),
    )


def outcome(at: Bed, position: int, text: bytes) -> Outcome:
    """A chunk that writes and publishes ``text``."""
    return Outcome(position, {b"k": text}, {f"{at.name}.out": [(b"k", text)]}, [])


def live(records: list[Stood]) -> dict[bytes, bytes]:
    """What a changelog holds, without positions."""
    state: dict[bytes, bytes | None] = {record.key: record.value for record in records if record.key != POSITION_KEY}
    return {key: value for key, value in state.items() if value is not None}


def test_compacted_changelog_with_tombstones_gives_the_state_back(bed: Make) -> None:
    at = bed(partitions=1, configs={"in": COMPACTED_AT_ONCE, "state": COMPACTED_AT_ONCE})
    first = at.worker(10)
    for round_ in range(6):
        at.put([(b"k%d" % number, b"x") for number in range(40)])
        at.wait()
        if round_ == 3:
            at.put([(b"k%d" % number, FORGET) for number in range(0, 40, 2)])
            at.wait()
    written = 6 * 40 + 20
    until = time.monotonic() + 60
    while len(at.read("state")) >= written or len(at.read("in")) >= written:  # the cleaner comes every 15 s
        assert time.monotonic() < until, "nothing was compacted"
        at.put([(b"k1", b"x")])
        time.sleep(1)
    at.wait()
    assert first.stop() == (0, pytest.approx(5, abs=5))
    before = live(at.read("state"))
    assert before[b"k0"] == b"2"
    second = at.worker(10)
    at.put([(b"k0", b"x"), (b"k3", b"x")])
    at.wait()
    after = live(at.read("state"))
    assert after == before | {b"k0": b"3", b"k3": str(int(before[b"k3"]) + 1).encode()}
    assert second.runs


def test_changelog_of_tombstones_alone_is_an_empty_state(bed: Make) -> None:
    at = bed(partitions=1)
    at.put([(b"a", b"x"), (b"b", b"x")])
    first = at.worker(1)
    at.put([(b"a", FORGET), (b"b", FORGET)])
    at.wait()
    first.kill()
    at.worker()
    at.put([(b"a", b"x")])
    at.wait()
    assert [record.value for record in at.read("out")] == [b"1", b"1", b"1"]


def test_lost_changelog_stops_the_worker_instead_of_counting_from_nothing(bed: Make) -> None:
    at = bed(partitions=1)

    async def play() -> None:
        own = plan(at)
        producer = await open_producer(own.broker, "lost", 60_000)
        await producer.begin_transaction()
        await producer.send_offsets_to_transaction({TopicPartition(at.source, 0): 5}, own.group)
        await producer.commit_transaction()
        await release(producer)
        with pytest.raises(StateLostError, match="holds no state"):
            await recover(own.broker, own.group, TopicPartition(at.source, 0), TopicPartition(own.changelog, 0))

    asyncio.run(play())


def test_a_worker_frozen_in_its_first_recovery_is_fenced_rather_than_told_of_lost_state(
    bed: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = bed(partitions=1)
    source, changelog = TopicPartition(at.source, 0), TopicPartition(f"{at.name}.state", 0)

    async def play() -> None:
        own = plan(at)
        read = recovery._read

        async def frozen_after(*arguments: Any) -> Any:
            """Meanwhile somebody else becomes owner and commits the first chunk."""
            found = await read(*arguments)
            heir = await open_producer(own.broker, "heir", 60_000)
            await commit_chunk(heir, own, source, outcome(at, 5, b"x"))
            await release(heir)
            return found

        monkeypatch.setattr(recovery, "_read", frozen_after)
        with pytest.raises(FENCED):
            await recover(own.broker, own.group, source, changelog)

    asyncio.run(play())


def test_source_made_anew_stops_the_worker(bed: Make) -> None:
    at = bed(partitions=1)
    source, changelog = TopicPartition(at.source, 0), TopicPartition(f"{at.name}.state", 0)

    async def play() -> None:
        producer = await open_producer(at.broker.address, "anew", 60_000)
        await commit_chunk(producer, plan(at), source, outcome(at, 100, b"x"))
        await release(producer)
        with pytest.raises(StateLostError, match="cut or made anew"):
            await recover(at.broker.address, at.name, source, changelog)

    asyncio.run(play())


def test_late_write_of_a_zombie_is_fenced_and_nobody_sees_it(bed: Make) -> None:
    at = bed(partitions=1)
    source = TopicPartition(at.source, 0)

    async def play() -> None:
        own = plan(at)
        zombie = await open_producer(own.broker, "owner", 60_000)
        await commit_chunk(zombie, own, source, outcome(at, 0, b"before"))
        await zombie.begin_transaction()
        await zombie.send_and_wait(f"{at.name}.out", b"half", b"k", partition=0)
        heir = await open_producer(own.broker, "owner", 60_000)
        with pytest.raises(FENCED):
            await zombie.commit_transaction()
        await release(zombie)
        await commit_chunk(heir, own, source, outcome(at, 0, b"after"))
        again = await open_producer(own.broker, "owner", 60_000)
        with pytest.raises(FENCED):
            await commit_chunk(heir, own, source, outcome(at, 0, b"late"))
        await release(heir)
        await release(again)

    asyncio.run(play())
    assert [record.value for record in at.read("out")] == [b"before", b"after"]
    assert at.open_transactions() == []


def test_release_in_the_middle_of_a_transaction_leaves_nothing_open(bed: Make) -> None:
    at = bed(partitions=1)

    async def play() -> None:
        producer = await open_producer(at.broker.address, "left", 60_000)
        await producer.begin_transaction()
        await producer.send_and_wait(f"{at.name}.out", b"half", b"k", partition=0)
        await release(producer)

    asyncio.run(play())
    assert at.open_transactions() == []
    assert at.read("out") == []


def test_fence_met_in_the_background_is_told_as_what_it_is(bed: Make) -> None:
    at = bed(partitions=1)
    source = TopicPartition(at.source, 0)

    async def play() -> None:
        own = plan(at)
        stale = await open_producer(own.broker, "quiet", 60_000)
        await commit_chunk(stale, own, source, outcome(at, 0, b"before"))
        heir = await open_producer(own.broker, "quiet", 60_000)
        await stale.begin_transaction()
        with pytest.raises(FENCED):
            await stale.send_and_wait(f"{at.name}.out", b"late", b"k", partition=0)
        with pytest.raises(FENCED):  # its background task hears it, while nobody calls
            await asyncio.shield(stale._txn_manager.wait_for_transaction_end())
        with pytest.raises(FENCED):
            await commit_chunk(stale, own, source, outcome(at, 0, b"later"))
        await release(stale)
        await release(heir)

    asyncio.run(play())
    assert [record.value for record in at.read("out")] == [b"before"]
