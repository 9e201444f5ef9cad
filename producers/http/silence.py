"""A connection that does not wait for ever: a server that is frozen, or gone without a word, is told from a slow one.

``connect_timeout`` ends with the connecting, ``statement_timeout`` is the server's own clock, which stands still with
it, and TCP acknowledges for a stopped process: so the client has to look at its own.
"""

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

RV = TypeVar("RV")

SILENT_S = 10.0
"""Seconds without an answer to one statement, ``commit`` too; over the ``statement_timeout`` of who is alive."""
CHECK_S = 3.0
"""Seconds for the empty statement by which a pool looks whether a connection is still one."""


class AnsweringConnection(psycopg.Connection[Any]):
    """``psycopg.OperationalError`` where an answer takes longer than ``silent_s``; the connection is closed then."""

    silent_s: float | None = None
    """None: ``SILENT_S``."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's, which every statement passes."""
        limit = SILENT_S if self.silent_s is None else self.silent_s
        try:
            return super().wait(gen, interval=interval, timeout=limit if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # nobody waits for its answer any more
            raise


def check(connection: AnsweringConnection) -> None:
    """As ``ConnectionPool.check_connection``, in ``CHECK_S``. psycopg.OperationalError."""
    connection.silent_s = CHECK_S
    try:
        connection.execute("")
    finally:
        connection.silent_s = None
