"""One connection that listens for all pages."""

import asyncio
import logging
from typing import Final

import psycopg

from consumers.store.write import CHANNEL
from consumers.watch.hub import Hub

log = logging.getLogger(__name__)

_PROBE: Final = 10.0
"""Seconds of silence after which the connection is tried."""
_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 5.0


async def listen(dsn: str, hub: Hub) -> None:
    """Until cancelled. A database that is away is waited for."""
    pause = _FIRST_PAUSE
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                dsn, autocommit=True, connect_timeout=5, application_name="mobility watch (listens)"
            ) as conn:
                await conn.execute(b"listen " + CHANNEL.encode())
                hub.reached()
                pause = _FIRST_PAUSE
                await _hear(conn, hub)
        except (psycopg.Error, OSError, TimeoutError) as error:
            if hub.reachable:
                log.warning("PostgreSQL is away (%s); pages show it, and it is tried again", type(error).__name__)
            hub.lost()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _hear(conn: psycopg.AsyncConnection[tuple[object, ...]], hub: Hub) -> None:
    while True:
        async for _ in conn.notifies(timeout=_PROBE):
            hub.changed()
        await asyncio.wait_for(conn.execute("select 1"), _PROBE)
