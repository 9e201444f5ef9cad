"""The hub: gathered, bounded, never waited for."""

import asyncio

import pytest

from consumers.watch import hub
from consumers.watch.hub import FullError, Hub


def test_many_changes_become_one_word() -> None:
    async def scene() -> tuple[int, int]:
        one = Hub(gather=0.02)
        one.reached()
        before = one.moment
        async with one.page() as queue:
            queue.get_nowait()
            for _ in range(1000):
                one.changed()
            await asyncio.sleep(0.1)
            return queue.qsize(), one.moment - before

    assert asyncio.run(scene()) == (1, 1)


def test_a_change_is_told_within_the_gathering_time_even_if_changes_never_stop() -> None:
    async def scene() -> int:
        one = Hub(gather=0.02)
        for _ in range(40):
            one.changed()
            await asyncio.sleep(0.005)
        return one.moment

    assert asyncio.run(scene()) >= 3


def test_a_page_that_does_not_listen_holds_a_bounded_queue_with_the_newest_word_in_it() -> None:
    async def scene() -> list[str]:
        one = Hub(gather=0)
        one.reached()
        async with one.page() as queue:
            for _ in range(50):
                one.changed()
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            one.lost()
            return [queue.get_nowait() for _ in range(queue.qsize())]

    said = asyncio.run(scene())
    assert len(said) <= hub.QUEUE
    assert said[-1] == "away"


def test_a_page_that_comes_while_changes_are_not_heard_is_told_so() -> None:
    async def scene() -> list[str]:
        one = Hub()
        async with one.page() as queue:
            first = queue.get_nowait()
            one.reached()
            return [first, queue.get_nowait()]

    assert asyncio.run(scene()) == ["away", "changed"]


def test_pages_that_leave_make_room_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_PAGES", 1)

    async def scene() -> int:
        one = Hub()
        async with one.page():
            with pytest.raises(FullError):
                async with one.page():
                    pass
        async with one.page():
            return len(one)

    assert asyncio.run(scene()) == 1
