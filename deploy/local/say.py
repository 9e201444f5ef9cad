"""How a long step tells what it does."""

import threading
from typing import Protocol


class Say(Protocol):
    """Told each step; ``done`` of ``total`` are bytes or pieces, the same unit within one step."""

    def __call__(self, step: str, done: int | None = None, total: int | None = None) -> None: ...


class Stopped(Exception):
    """Raised inside a step whose caller has given up waiting (Ctrl-C)."""


class OneAtATime:
    """A ``Say`` for several threads: the caller's own is never called twice at once, nor after ``stop``."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._turn = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """Makes the next word of every thread raise ``Stopped``, so that a download ends soon."""
        self._stopped = True

    def __call__(self, step: str, done: int | None = None, total: int | None = None) -> None:
        if self._stopped:
            raise Stopped(step)
        with self._turn:
            self._say(step, done, total)
