"""Looks at one person's trail, written into the vault's read log: a trail has no name, but with a dossier in hand it
leads to somebody."""

from uuid import UUID

import psycopg

from producers.vault.reading import log_read


def log_look(dsn: str, person: UUID, *, who: str, why: str) -> None:
    """That ``who`` looks now. Raises psycopg.Error: then nothing is to be shown either."""
    with psycopg.connect(dsn) as connection:
        log_read(connection, who=who, why=why, what="trail", person=person.hex, rows=1)
