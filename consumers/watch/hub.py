"""From one word of the database to every open page: gathered, bounded, and never waited for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

GATHER: Final = 0.5
"""Seconds in which further changes join the first one."""
QUEUE: Final = 4
"""Words that wait for one page. They say "look again" and no more, so one that finds no room is not missed."""
MOST_PAGES: Final = 1000


class FullError(Exception):
    """No further page can listen; it asks again later."""


class Hub:
    """Lives on one event loop.

    ``moment`` grows with each change that pages were told of. ``reachable`` is false while changes can't be heard.
    """

    def __init__(self, *, gather: float = GATHER) -> None:
        self.moment = 0
        self.reachable = False
        self._gather = gather
        self._pages: set[asyncio.Queue[str]] = set()
        self._gathering: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._pages)

    def changed(self) -> None:
        """Tell the pages soon."""
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(self._gather, self._changed_now)

    def reached(self) -> None:
        """Changes are heard from now on. What happened meanwhile is unknown, so all pages look again."""
        self.reachable = True
        self.moment += 1
        self._tell("changed")

    def lost(self) -> None:
        """Changes are not heard any more."""
        if self.reachable:
            self.reachable = False
            self._tell("away")

    def end(self) -> None:
        """The process stops, so every stream is to end; pages come back by themselves. Call it on the loop."""
        self._tell("end")

    @contextlib.asynccontextmanager
    async def page(self) -> AsyncIterator[asyncio.Queue[str]]:
        """The words for one page: ``changed``, ``away`` or, as the last one, ``end``. Raises FullError."""
        if len(self._pages) >= MOST_PAGES:
            raise FullError
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        queue.put_nowait("changed" if self.reachable else "away")
        self._pages.add(queue)
        try:
            yield queue
        finally:
            self._pages.discard(queue)

    def _changed_now(self) -> None:
        self._gathering = None
        self.moment += 1
        self._tell("changed")

    def _tell(self, word: str) -> None:
        for queue in self._pages:
            if queue.full():
                queue.get_nowait()  # the newest word is the one that holds
            queue.put_nowait(word)
