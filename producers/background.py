"""A PostgreSQL connection that can write while the program computes: the next use of it waits for that to be done."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg

TURN_S = 0.0003
"""How long a computing thread keeps the interpreter while another waits for it, during the work: at the usual 5 ms
every answer of the server waits so long to be read, and a block takes half as long again to be written."""


class BackgroundConnection(psycopg.Connection[Any]):
    """``write_behind`` runs one piece of work on this connection in a thread; everything else on it waits its turn.

    COPY of a block is waiting for the server, mostly: meanwhile the next block is read and validated. An error of the
    work is raised at the next use, in the transaction that it belongs to.
    """

    _writer: ThreadPoolExecutor | None = None
    _work: "Future[None] | None" = None
    _worker: int = 0

    def write_behind(self, work: Callable[[], None]) -> None:
        """Start it, after what is still being written."""
        self.settle()
        self._writer = self._writer or ThreadPoolExecutor(1, "write-behind")

        usual = sys.getswitchinterval()

        def run() -> None:
            self._worker = threading.get_ident()
            sys.setswitchinterval(TURN_S)
            try:
                work()
            finally:
                sys.setswitchinterval(usual)

        self._work = self._writer.submit(run)

    def settle(self) -> None:
        """Wait until nothing is being written; raise what went wrong."""
        if self._work is not None and threading.get_ident() != self._worker:
            work = self._work
            try:
                work.result()
            finally:
                if work.done():
                    self._work = None

    def cursor(self, *args: Any, **options: Any) -> Any:
        """As of psycopg, once nothing is being written (``execute`` goes this way too)."""
        self.settle()
        return super().cursor(*args, **options)

    def transaction(self, *args: Any, **options: Any) -> Any:
        """As of psycopg, once nothing is being written. ``settle`` before leaving it."""
        self.settle()
        return super().transaction(*args, **options)

    def close(self) -> None:
        """As of psycopg; work that is not done fails with it."""
        super().close()
        if self._writer is not None:
            self._writer.shutdown(wait=True)
            self._writer = None
