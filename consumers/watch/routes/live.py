"""Words to open pages, as server-sent events: ``changed`` (look again), ``away`` and ``alive``."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import psycopg
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from psycopg_pool import PoolTimeout
from starlette.concurrency import run_in_threadpool

from consumers.watch import sessions
from consumers.watch.hub import MOST_PAGES, FullError
from consumers.watch.state import Shared, shared

router = APIRouter()

KEEPALIVE: Final = 10.0
"""Seconds of silence after which ``alive`` is said; the script calls the stream dead after 25."""


@router.get("/live")
async def live(request: Request) -> Response:
    """Until the page closes or its session ends."""
    known = shared(request)
    if len(known.hub) >= MOST_PAGES:
        return Response("Too many open pages", 503, headers={"retry-after": "30"})
    return StreamingResponse(
        _words(known, request.state.session.token),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},  # a proxy would wait for more
    )


async def _words(known: Shared, token: str) -> AsyncIterator[str]:
    yield "retry: 2000\n\n"
    loop = asyncio.get_running_loop()
    looked = loop.time()
    try:
        async with known.hub.page() as queue:
            while True:
                try:
                    said = await asyncio.wait_for(queue.get(), KEEPALIVE)
                except TimeoutError:
                    said = "alive"
                if said == "end":
                    return
                if loop.time() - looked >= KEEPALIVE:
                    looked = loop.time()
                    if not await run_in_threadpool(_signed_in, known, token):
                        return
                yield f"event: {said}\ndata: {known.hub.moment}\n\n"
    except FullError:
        return


def _signed_in(known: Shared, token: str) -> bool:
    """While the database is away nobody is signed out."""
    try:
        with known.pool.connection(timeout=2) as conn:
            return sessions.find(conn, token) is not None
    except (psycopg.OperationalError, PoolTimeout):
        return True
