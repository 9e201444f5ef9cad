"""A PostgreSQL connection that works while the program computes: it asks and writes in the order given."""

import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import psycopg

TURN_S = 0.0003
"""How long a computing thread keeps the interpreter while another waits for it, during the work: at the usual 5 ms
every answer of the server waits so long to be read, and a block takes half as long again to be written."""

Result = TypeVar("Result")


class BackgroundConnection(psycopg.Connection[Any]):
    """``behind`` runs pieces of work on this connection in a thread, one by one; everything else waits its turn.

    COPY of a block is waiting for the server, mostly: meanwhile the next block is read and validated. An error of the
    work is raised at the next use, in the transaction that it belongs to.
    """

    _writer: ThreadPoolExecutor | None = None
    _works: "deque[Future[Any]] | None" = None
    _worker: int = 0

    def behind(self, work: Callable[[], Result]) -> "Future[Result]":
        """Do it after everything that was given before. ``answer`` gives what it returns."""
        self._writer = self._writer or ThreadPoolExecutor(1, "behind")
        if self._works is None:
            self._works = deque()
        while self._works and self._works[0].done() and self._works[0].exception() is None:
            self._works.popleft()

        def run() -> Result:
            self._worker = threading.get_ident()
            usual = sys.getswitchinterval()
            sys.setswitchinterval(TURN_S)
            try:
                return work()
            finally:
                sys.setswitchinterval(usual)

        future = self._writer.submit(run)
        self._works.append(future)
        return future

    def answer(self, asked: "Future[Result]") -> Result:
        """What the work returned, once it has; its error, or that of earlier work, which comes first."""
        if asked.exception() is not None:
            self.settle()
        return asked.result()

    def settle(self) -> None:
        """Wait until nothing is being done; raise what went wrong first."""
        if not self._works or threading.get_ident() == self._worker:
            return
        while self._works:
            work = self._works[0]
            try:
                work.result()
            except BaseException:
                if work.done():  # what comes after it belongs to the same transaction and goes with it
                    for later in self._works:
                        later.exception()
                    self._works.clear()
                raise
            self._works.popleft()

    def give_up(self) -> None:
        """Begin nothing more of what was given, and wait for what is being done; how that ends is nobody's news.

        To be called before a transaction is rolled back: what came after that would stand by itself.
        """
        for work in self._works or ():
            work.cancel()
        wait(self._works or ())
        self._works = None

    def cursor(self, *args: Any, **options: Any) -> Any:
        """As of psycopg, once nothing is being done (``execute`` goes this way too)."""
        self.settle()
        return super().cursor(*args, **options)

    def transaction(self, *args: Any, **options: Any) -> Any:
        """As of psycopg, once nothing is being done. ``settle`` before leaving it."""
        self.settle()
        return super().transaction(*args, **options)

    def close(self) -> None:
        """As of psycopg; work that is not done fails with it."""
        super().close()
        if self._writer is not None:
            self._writer.shutdown(wait=True)
            self._writer = None
