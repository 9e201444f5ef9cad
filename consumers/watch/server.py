"""The page's own server: uvicorn, which would wait for open pages that never leave."""

import socket

import uvicorn
from fastapi import FastAPI

PATIENCE = 2
"""Seconds that answers in hand have after a stop."""


class Server(uvicorn.Server):
    """Ends the streams of all open pages first; the pages come back by themselves once the server does."""

    def __init__(self, app: FastAPI, *, host: str, port: int, proxy: str = "") -> None:
        """Addresses are not logged: they may name enterprises. Headers about the asker are believed from ``proxy``
        alone: a sign-in is held back by address."""
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxy),
                forwarded_allow_ips=proxy,
                timeout_graceful_shutdown=PATIENCE,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called by uvicorn on its loop, after a signal or ``should_exit``."""
        self._app.state.shared.hub.end()
        await super().shutdown(sockets)
