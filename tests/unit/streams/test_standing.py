"""A worker that is ended hard says where it stood."""

import asyncio

from streams.engine.standing import standing


async def outer(secret: str, event: asyncio.Event) -> str:
    """Waits in another function."""
    await inner(event)
    return secret


async def inner(event: asyncio.Event) -> None:
    await event.wait()


def test_places_are_named_once_and_without_values() -> None:
    async def play() -> str:
        event = asyncio.Event()
        tasks = [asyncio.create_task(outer("a secret", event)) for _ in range(3)]
        await asyncio.sleep(0)
        said = standing(asyncio.get_running_loop())
        event.set()
        await asyncio.gather(*tasks)
        return said

    said = asyncio.run(play())
    assert said.startswith("outer at locks.py:")
    assert "(3 times)" in said
    assert "secret" not in said
