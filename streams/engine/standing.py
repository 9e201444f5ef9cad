"""Where the tasks of an event loop stand, for the last line of a log. Places only, never a value."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any


def standing(loop: asyncio.AbstractEventLoop) -> str:
    """Each place once, with how many tasks wait there, the most frequent first. From any thread."""
    places = Counter(_place(task.get_coro()) for task in asyncio.all_tasks(loop))
    return ", ".join(place if times == 1 else f"{place} ({times} times)" for place, times in places.most_common())


def _place(coroutine: Any) -> str:
    """The outermost function, and the line of the innermost that waits for something."""
    name, line = getattr(coroutine, "__qualname__", type(coroutine).__name__), ""
    while (frame := getattr(coroutine, "cr_frame", None)) is not None:
        line = f" at {Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        coroutine = coroutine.cr_await
    return f"{name}{line}"
