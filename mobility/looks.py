"""Looks at one person's trail, written into the vault's read log: a trail has no name, but with a dossier in hand it
leads to somebody."""

from uuid import UUID

import psycopg

from producers.migrations import migrate
from producers.vault.reading import log_read


def log_look(dsn: str, person: UUID, *, who: str, why: str) -> None:
    """That ``who`` looks now. Raises psycopg.Error: then nothing is to be shown either.

    Where facts came without this intake (``mobility synth --to-kafka``) there is no vault yet: it is made for its log.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        try:
            log_read(connection, who=who, why=why, what="trail", person=person.hex, rows=1)
        except psycopg.errors.UndefinedTable:
            migrate(connection)
            log_read(connection, who=who, why=why, what="trail", person=person.hex, rows=1)
