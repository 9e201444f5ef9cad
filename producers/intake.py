"""The intake as one object: a database with its migrations applied, a Kafka, and the vault's keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from producers.background import BackgroundConnection
from producers.errors import PostgresAway
from producers.migrations import migrate
from producers.vault.keys import VaultKeys, refreshed, vault_keys

SEND_AGAIN: Final = "send the files again"


@dataclass(frozen=True, slots=True)
class Intake:
    """``connection``: PostgreSQL, autocommit, of this intake alone. ``kafka``: ``host:port[,…]``."""

    connection: BackgroundConnection
    kafka: str
    keys: VaultKeys

    def current_keys(self) -> VaultKeys:
        """The vault's keys of now: they may have been changed since the intake was opened."""
        return refreshed(self.connection, self.keys)


@contextmanager
def postgres_errors(again: str = SEND_AGAIN) -> Iterator[None]:
    """A lost or refused connection as ``PostgresAway``, with the next step: ``again`` once PostgreSQL is there."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise PostgresAway(
            f"PostgreSQL does not answer ({type(error).__name__}). Nothing is half-published; start it (mobility up) or"
            f" set MOBILITY_POSTGRES, then {again}."
        ) from error


@contextmanager
def open_intake(*, dsn: str, kafka: str, home: Path, vault_key: str = "", again: str = SEND_AGAIN) -> Iterator[Intake]:
    """Connect, migrate, and find the vault's key: the setting ``vault_key`` (192 hexadecimal digits), else
    ``<home>/vault.key``, which is made on first use.

    ``again``: what to do when PostgreSQL went away and is back. ``PostgresAway``, ``KeyMissing``, ``KeyUnfit``. Kafka
    is not asked before something is to be published.
    """
    with postgres_errors(again), BackgroundConnection.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        migrate(connection)
        yield Intake(connection, kafka, vault_keys(connection, home, vault_key))
