"""What the routes work with: the database, the vault's key, limits, rates and a clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from producers.http.limits import DEFAULT_LIMITS, Limits
from producers.http.problems import Problem
from producers.http.rates import Rates
from producers.http.room import Room
from producers.http.silence import AnsweringConnection, check
from producers.http.whereabouts import Unknown, Whereabouts
from producers.vault.keys import VaultKeys, vault_keys

AWAY_S = 5
CONNECTIONS = 6


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class PostDesk:
    """``dsn``: a PostgreSQL with the schema ``intake``. ``home``: the folder of the vault's key."""

    dsn: str
    home: Path
    whereabouts: Whereabouts = field(default_factory=Unknown)
    limits: Limits = DEFAULT_LIMITS
    clock: Callable[[], datetime] = _now
    rates: Rates = field(default_factory=lambda: Rates(monotonic))

    def __post_init__(self) -> None:
        self.room = Room(self.limits.in_flight_bytes)
        self.pool = ConnectionPool(
            self.dsn,
            connection_class=AnsweringConnection,
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            timeout=3,
            check=check,
            kwargs={
                "autocommit": True,
                "application_name": "mobility intake",
                "options": "-c statement_timeout=8s",
                "connect_timeout": 3,
            },
        )

    @contextmanager
    def connection(self) -> Iterator[AnsweringConnection]:
        """A connection, autocommit. ``Problem`` ``away``: PostgreSQL can't be reached, goes away, or falls silent."""
        try:
            with self.pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
            raise Problem("away", retry_after=AWAY_S) from error

    def keys(self, connection: psycopg.Connection[Any]) -> VaultKeys:
        """The vault's key as it is now; it is read each time, so that a rotation needs no restart."""
        return vault_keys(connection, self.home)
