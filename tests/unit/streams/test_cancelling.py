"""A cancellation that is swallowed on its way is met again at the next look."""

import asyncio
import contextlib

import pytest

from schemas.cancelling import heed_cancel, only_own_cancels


async def swallowing() -> None:
    """As the client does while it waits for a background task of its own."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    heed_cancel()


def test_a_swallowed_cancellation_is_raised_again() -> None:
    async def play() -> bool:
        task = asyncio.create_task(swallowing())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        return task.cancelled()

    assert asyncio.run(play())


def test_a_deadline_that_has_passed_is_no_cancellation() -> None:
    async def play() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.sleep(60)
        heed_cancel()

    asyncio.run(play())


def test_a_swallowed_deadline_still_ends_what_it_bounds() -> None:
    async def play() -> None:
        async with asyncio.timeout(0.01):
            await swallowing()

    with pytest.raises(TimeoutError):
        asyncio.run(play())


def test_a_future_that_the_client_cancelled_is_a_failure_of_the_client() -> None:
    async def play() -> None:
        given_up = asyncio.get_running_loop().create_future()
        given_up.cancel()
        with pytest.raises(ConnectionError), only_own_cancels():
            await asyncio.shield(given_up)

    asyncio.run(play())


def test_a_cancellation_of_ones_own_stays_one() -> None:
    async def waiting() -> None:
        with only_own_cancels():
            await asyncio.sleep(60)

    async def play() -> bool:
        task = asyncio.create_task(waiting())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        return task.cancelled()

    assert asyncio.run(play())


def test_a_deadline_outside_stays_a_deadline() -> None:
    async def play() -> None:
        async with asyncio.timeout(0.01):
            with only_own_cancels():
                await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        asyncio.run(play())
