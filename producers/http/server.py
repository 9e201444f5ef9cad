"""The intake's own server: uvicorn without a log of addresses."""

import uvicorn
from fastapi import FastAPI

PATIENCE = 8
"""Seconds that bodies in hand have after a stop."""


def serve(app: FastAPI, *, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT."""
    uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=400,
            timeout_graceful_shutdown=PATIENCE,
        )
    ).run()
