"""The worker process that runs an app."""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from typing import Any

import faust
from prometheus_client import start_http_server

from streams.engine.app import ChunkApp
from streams.engine.connection import use_connections_that_break_well
from streams.engine.memory import keep_freed_memory
from streams.engine.reaching import silence
from streams.engine.seldom import Seldom
from streams.engine.standing import standing

try:
    from uvloop import EventLoopPolicy
except ImportError:  # a system that has none
    from asyncio import DefaultEventLoopPolicy as EventLoopPolicy

log = logging.getLogger("mobility.engine")

STOP_SECONDS = 9.0
"""A stop that takes longer ends hard: what is open then is aborted by the next owner's fence."""
CRASHED = 70
GARBAGE = 400_000, 5, 5
"""Objects more than at the last time when garbage in cycles is looked for: more than a chunk makes (250,000, which go
without that), for looking costs a twentieth of the time; few enough for what failures leave behind (some 100 MB)."""
_LEVELS = {"aiokafka": "ERROR", "faust": "WARNING", "streams.engine": "WARNING", "mode": "CRITICAL"}
"""Of libraries; Faust names the loggers of our subclasses after their modules."""


class _Worker(faust.Worker):
    """Faust's worker without its own ideas of logging and terminals, and with an end that always comes."""

    def __init__(self, app: ChunkApp, **options: Any) -> None:
        super().__init__(app, **options)
        self.spinner = None
        self._owners = app.owners

    def _setup_logging(self) -> None:
        """Logging is set up by whoever runs the worker."""

    async def _sentinel_task(self) -> None:
        """Faust ends with a second of sleep, for nothing."""

    def _on_sigterm(self) -> None:
        _end_within(self.loop, STOP_SECONDS, 1)
        self._owners.take_no_more()
        super()._on_sigterm()

    def _on_sigint(self) -> None:
        _end_within(self.loop, STOP_SECONDS, 1)
        self._owners.take_no_more()
        super()._on_sigint()

    def _on_sigusr1(self) -> None:
        """Faust prints every local variable here, records among them."""
        log.warning("it stands in %s", standing(self.loop))

    def _on_sigusr2(self) -> None:
        """Faust opens a debugger here, which a worker without a terminal does not survive."""

    def _crash(self, reason: BaseException) -> None:
        _end_within(self.loop, STOP_SECONDS, CRASHED)
        super()._crash(reason)


def _end_within(loop: asyncio.AbstractEventLoop, seconds: float, code: int) -> None:
    """A deadline for stopping: nothing may hang where a supervisor waits to start the worker again."""

    def end() -> None:
        try:
            log.critical("did not stop within %.0f s: ending hard; it stood in %s", seconds, standing(loop))
        finally:
            os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def run_worker(app: ChunkApp, *, loglevel: str = "INFO", metrics_port: int | None = None) -> None:
    """Run until SIGTERM or SIGINT (exit code 0); non-zero if the app crashed, so that a supervisor starts it again.

    Waits for a broker that is not there yet. ``metrics_port``: Prometheus metrics at ``127.0.0.1:PORT/metrics``.
    """
    logging.basicConfig(level=loglevel, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy, level in _LEVELS.items():
        logging.getLogger(noisy).setLevel(level)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Seldom({"aiokafka", "faust", "asyncio", "streams"}))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until Faust listens: nothing is owned yet
    if metrics_port is not None:
        start_http_server(metrics_port, addr="127.0.0.1")
    use_connections_that_break_well()
    asyncio.set_event_loop_policy(EventLoopPolicy())  # a tenth less time for a chunk than with asyncio's own loop
    asyncio.run(_until_there(app.owners.broker))
    keep_freed_memory()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    _Worker(app, redirect_stdouts=False, quiet=True).execute_from_commandline()


async def _until_there(broker: str) -> None:
    why = await silence(broker)
    if why is None:
        return
    while why is not None:
        log.warning("waiting for the broker: %s", why)
        told = why
        while why == told:
            await asyncio.sleep(1.0)
            why = await silence(broker)
    log.warning("the broker is back: going on")
