"""The intake's tables as the page's desks ask them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from producers.migrations import migrate


class IntakeDatabase:
    """A connection for each question; the tables are brought up to date before the first one."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._ready = False

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[Any]]:
        """Open for the block, each statement by itself."""
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
            if not self._ready:
                migrate(connection)
                self._ready = True
            yield connection
