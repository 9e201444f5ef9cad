"""Plain SQL migrations of one schema, applied in the order of their names under an advisory lock."""

import hashlib
from importlib.resources import files

import psycopg
from psycopg import sql


class MigrationError(Exception):
    """A migration that was applied once has other content now. Write a new one instead of changing an old one."""


def migrate(dsn: str, *, schema: str, package: str) -> list[str]:
    """Bring ``schema`` to its newest form and give the names of what was applied now.

    ``package`` has the files ``migrations/NNNN_title.sql``. What was applied is recorded in ``<schema>.migrations``
    with its SHA-256. All of it is one transaction: a failed migration leaves nothing behind.

    Raises MigrationError, psycopg.Error.
    """
    found = sorted(
        (one for one in (files(package) / "migrations").iterdir() if one.name.endswith(".sql")),
        key=lambda one: one.name,
    )
    applied = []
    with psycopg.connect(dsn) as conn:
        conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"migrations of {schema}"])
        conn.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        table = sql.Identifier(schema, "migrations")
        conn.execute(
            sql.SQL(
                "create table if not exists {} "
                "(name text primary key, sha256 text not null, applied_at timestamptz not null default now())"
            ).format(table)
        )
        known: dict[str, str] = dict(conn.execute(sql.SQL("select name, sha256 from {}").format(table)).fetchall())
        for one in found:
            text = one.read_text("utf-8")
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            if one.name in known:
                if known[one.name] != sha256:
                    raise MigrationError(
                        f"{schema}: {one.name} differs from what this database was made with. Take the change back and "
                        "write it as a new migration."
                    )
                continue
            conn.execute(text.encode())
            conn.execute(sql.SQL("insert into {} (name, sha256) values (%s, %s)").format(table), [one.name, sha256])
            applied.append(one.name)
    return applied
