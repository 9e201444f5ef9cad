"""A body as it arrives: never more than its limit, never without end, never unpacked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.types import Receive

from producers.http.desk import PostDesk
from producers.http.problems import Problem

BUSY_S = 5
DRAINED = 8 << 20
"""Bytes of a refused body that are still read, so that its sender gets to read the answer."""
DRAIN_S = 5.0


@asynccontextmanager
async def body_of(request: Request, desk: PostDesk, limit: int) -> AsyncIterator[bytes]:
    """The body. ``Problem``: ``compressed``, ``too-large``, ``busy``, ``slow``, ``empty``."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Problem("compressed")
    stated = request.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > limit:
        raise Problem("too-large", limit=limit)
    parts: list[bytes] = []
    size = 0
    try:
        try:
            async with asyncio.timeout(desk.limits.body_seconds):
                async for chunk in request.stream():
                    if size + len(chunk) > limit:
                        raise Problem("too-large", limit=limit)
                    if not desk.room.take(len(chunk)):
                        raise Problem("busy", retry_after=BUSY_S)
                    size += len(chunk)
                    parts.append(chunk)
        except TimeoutError:
            raise Problem("slow", seconds=int(desk.limits.body_seconds)) from None
        if not size:
            raise Problem("empty")
        whole = b"".join(parts)
        parts.clear()
        yield whole
    finally:
        desk.room.give(size)


async def drain(receive: Receive) -> None:
    """Read a refused body to its end, if that is near: a connection closed on unread data loses the answer."""
    left = DRAINED
    try:
        async with asyncio.timeout(DRAIN_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
