"""A worker told to stop ends in time, whatever it is doing and whatever its broker does."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import NoGroupCoordinator

from streams.engine import orphans
from streams.engine.orphans import watch_for_orphans
from streams.engine.recovery import recover
from tests.integration.engine.bed import Bed
from tests.integration.engine.test_processes import some, until

pytestmark = pytest.mark.services
Make = Callable[..., Bed]
STEPS = 4
"""Of the event loop, within which a client closes its parts one after the other."""


async def cancelled_while_closing(
    monkeypatch: pytest.MonkeyPatch, part: Any, steps: int, work: Callable[[], Awaitable[object]]
) -> bool:
    """Cancel the work so many steps of the loop after it has begun to close a part of its client; whether it ends."""
    close, reached, loop = part.close, asyncio.Event(), asyncio.get_running_loop()

    def cancel_after(left: int) -> None:
        if left:
            loop.call_soon(cancel_after, left - 1)
        else:
            task.cancel()

    async def closing(self: Any) -> None:
        if asyncio.current_task() is task and not reached.is_set():
            reached.set()
            cancel_after(steps)
        await close(self)

    monkeypatch.setattr(part, "close", closing)
    task = asyncio.ensure_future(work())
    async with asyncio.timeout(20):
        await reached.wait()
    await asyncio.wait([task], timeout=1.0)
    monkeypatch.undo()
    ended = task.cancelled()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return ended


@pytest.mark.parametrize("part", [AIOKafkaClient, Fetcher, NoGroupCoordinator])
def test_a_recovery_that_is_given_up_while_its_client_closes_ends(
    bed: Make, monkeypatch: pytest.MonkeyPatch, part: Any
) -> None:
    at = bed(partitions=1)
    source, changelog = TopicPartition(at.source, 0), TopicPartition(f"{at.name}.state", 0)

    async def play() -> list[bool]:
        def work() -> Awaitable[object]:
            return recover(at.broker.address, at.name, source, changelog)

        return [await cancelled_while_closing(monkeypatch, part, steps, work) for steps in range(STEPS)]

    assert asyncio.run(play()) == [True] * STEPS


def test_the_watch_for_orphans_ends_when_it_is_cancelled_while_its_client_closes(
    bed: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = bed(partitions=1)

    async def play() -> list[bool]:
        def work() -> Awaitable[object]:
            monkeypatch.setattr(orphans, "LOOK_EVERY", 0.05)
            return watch_for_orphans(at.broker.address, at.name, frozenset({at.source}))

        return [await cancelled_while_closing(monkeypatch, AIOKafkaClient, steps, work) for steps in range(STEPS)]

    assert asyncio.run(play()) == [True] * STEPS


def test_sigterm_soon_after_a_worker_was_thawed_beyond_its_session(bed: Make) -> None:
    at = bed(partitions=8)
    first = at.worker(50)
    at.put(some(0, 200), 0)
    until(lambda: len(at.read("out")) > 0, 30)
    first.signal(signal.SIGSTOP)
    for number in range(1, 8):
        at.put(some(number, 2000), number)
    time.sleep(6)
    first.signal(signal.SIGCONT)
    time.sleep(0.5)
    code, seconds = first.stop()
    assert (code, seconds < 10) == (0, True), (seconds, first.log.read_text())


def test_sigterm_while_the_broker_is_frozen(bed: Make) -> None:
    at = bed(partitions=4)
    for number in range(4):
        at.put(some(number, 3000), number)
    worker = at.worker(20)
    until(lambda: len(at.read("out")) > 500, 30)
    at.broker.signal(signal.SIGSTOP)
    try:
        time.sleep(1)
        code, seconds = worker.stop()
    finally:
        at.broker.signal(signal.SIGCONT)
    assert (code, seconds < 10) == (0, True), (seconds, worker.log.read_text())
    at.worker()
    at.wait()
    assert at.check_exact() == 12_000
    assert at.open_transactions() == []
