"""Who may open the page: names, and passwords as argon2id hashes."""

import re
from datetime import datetime
from typing import Final

import psycopg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from consumers.migrations import migrate
from consumers.watch.errors import AccountError
from consumers.watch.roles import Role

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
SHORTEST: Final = 10
"""Characters of a password."""
LONGEST: Final = 200

_hasher: Final = PasswordHasher()
_nobody: Final = "$argon2id$v=19$m=65536,t=3,p=4$2+wma1RaqoIiLXE7uryL6g$8YfE0byIJh9wO8+0wlnDoaYXY+Fo+wpxyatUoTqUG2Q"
"""Checked when the account does not exist, so that the time of the answer does not tell."""


def prepare_database(dsn: str) -> list[str]:
    """Apply the migrations of the schema ``watch``; gives the names of those applied now."""
    return migrate(dsn, schema="watch", package="consumers.watch")


def ensure_account(dsn: str, name: str, password: str) -> bool:
    """Make the account, and the schema, where they are missing. True if it was made now.

    An account that exists keeps its password. Raises AccountError, psycopg.Error.
    """
    _check(name, password)
    prepare_database(dsn)
    with psycopg.connect(dsn) as conn:
        if conn.execute("select from watch.accounts where name = %s", [name]).fetchone():
            return False
        made = conn.execute(
            "insert into watch.accounts (name, hash) values (%s, %s) on conflict do nothing",
            [name, _hasher.hash(password)],
        )
        return made.rowcount == 1


def set_password(dsn: str, name: str, password: str) -> None:
    """Make the account, or give it another password; then its sessions end, and wrong guesses so far count no more
    (but against the addresses they came from). Raises AccountError, psycopg.Error."""
    _check(name, password)
    prepare_database(dsn)
    with psycopg.connect(dsn) as conn:
        conn.execute(
            "insert into watch.accounts (name, hash) values (%s, %s) "
            "on conflict (name) do update set hash = excluded.hash, changed_at = now()",
            [name, _hasher.hash(password)],
        )
        conn.execute("delete from watch.sessions where account = %s", [name])


def password_since(conn: psycopg.Connection, name: str) -> datetime | None:
    """When the account got the password that it has; None where there is no such account."""
    row = (
        conn.execute("select changed_at from watch.accounts where name = %s", [name]).fetchone()
        if _named(name)
        else None
    )
    return row[0] if row else None


def set_role(dsn: str, name: str, role: Role) -> None:
    """Give an account another role, from its next request on. Raises AccountError, psycopg.Error."""
    prepare_database(dsn)
    with psycopg.connect(dsn) as conn:
        changed = conn.execute("update watch.accounts set role = %s where name = %s", [role, name])
        if not changed.rowcount:
            raise AccountError(f"account {name[:40]!r}: there is none. Make it first: mobility account NAME")


def verify(conn: psycopg.Connection, name: str, password: str) -> bool:
    """Whether this is the account's password. Takes some 50 ms and 64 MB whatever the answer."""
    row = conn.execute("select hash from watch.accounts where name = %s", [name]).fetchone() if _named(name) else None
    known = row[0] if row else _nobody
    try:
        _hasher.verify(known, password[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False
    if row is None:
        return False
    if _hasher.check_needs_rehash(known):
        conn.execute("update watch.accounts set hash = %s where name = %s", [_hasher.hash(password), name])
    return True


def _named(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _check(name: str, password: str) -> None:
    """The name travels with each action on the log, so it is to be that of a post, not of a person."""
    if not _named(name):
        raise AccountError(
            f"account {name[:40]!r}: a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or a digit. "
            "It is written to the log with each action: name the post, not the person."
        )
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"account {name}: the password is to have {SHORTEST} to {LONGEST} characters.")
