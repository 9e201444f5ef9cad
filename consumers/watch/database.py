"""Connections to PostgreSQL for the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from consumers.store.statements import statement

Row = dict[str, Any]
Pool = ConnectionPool[psycopg.Connection[tuple[Any, ...]]]


def make_pool(dsn: str) -> Pool:
    """Opened with ``open()``. A connection that died with the server is replaced before it is handed out."""
    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=8,
        open=False,
        timeout=5,
        check=ConnectionPool.check_connection,
        kwargs={"application_name": "mobility watch", "options": "-c statement_timeout=15s", "connect_timeout": 5},
    )


@contextmanager
def one_moment(pool: Pool) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection on which everything read is of one moment; nothing can be written."""
    with pool.connection() as conn:
        conn.isolation_level, conn.read_only = IsolationLevel.REPEATABLE_READ, True
        try:
            yield conn
            conn.rollback()
        finally:
            if not conn.closed:
                conn.rollback()
                conn.isolation_level, conn.read_only = None, None


def rows(conn: psycopg.Connection[tuple[Any, ...]], name: str, values: Row) -> list[Row]:
    """The rows of the page's ``sql/NAME.sql``."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement(name, package="consumers.watch"), values).fetchall()
