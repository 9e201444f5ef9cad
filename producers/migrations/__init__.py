"""Plain SQL migrations of the schemas ``vault`` and ``intake``: ``NNNN_SCHEMA_title.sql``, applied once each, in order.

Each schema records its own in ``SCHEMA.migrations``, so that the vault can be backed up and restored apart.
"""

from importlib.resources import files
from typing import LiteralString

import psycopg

SCHEMAS = ("vault", "intake")
LOCK = 0x6D6F62_01
"""Advisory lock: two starts at once apply each migration once."""


def migration_files() -> list[tuple[int, str, str, LiteralString]]:
    """(number, schema, file name, SQL) in order."""
    found = []
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".sql"):
            number, schema, _ = entry.name.split("_", 2)
            found.append((int(number), schema, entry.name, (entry.read_text("utf-8"))))
    return found


def migrate(connection: psycopg.Connection) -> list[str]:
    """Apply what is missing, in one transaction; the names of the files applied."""
    applied = []
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        done: dict[str, set[int]] = {}
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create table if not exists {schema}.migrations"
                " (number int primary key, name text not null, applied_at timestamptz not null default now())"
            )
            rows = connection.execute(f"select number from {schema}.migrations").fetchall()
            done[schema] = {row[0] for row in rows}
        for number, schema, name, text in migration_files():
            if number not in done[schema]:
                connection.execute(text)
                connection.execute(
                    (f"insert into {schema}.migrations (number, name) values (%s, %s)"),
                    (number, name),
                )
                applied.append(name)
    return applied
