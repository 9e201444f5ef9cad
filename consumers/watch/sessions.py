"""Who is signed in: a random token in the cookie, its hash in the database, and an end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import psycopg

from consumers.watch.tokens import kept, new_token

LASTS: Final = timedelta(hours=12)
"""From the sign-in on, used or not: the page refreshes itself, so its use says nothing."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    account: str
    token: str
    """The cookie's value; keep it out of logs."""
    role: str = "operator"
    """That of the account now, asked with every request: a role that was taken away ends at once."""


def begin(conn: psycopg.Connection, account: str) -> Session:
    """A new session; those that have expired go."""
    session = Session(account, new_token())
    conn.execute("delete from watch.sessions where expires_at <= now()")
    conn.execute(
        "insert into watch.sessions (token, account, expires_at) values (%s, %s, now() + %s)",
        [kept(session.token), account, LASTS],
    )
    return session


def find(conn: psycopg.Connection, token: str) -> Session | None:
    """The session of a cookie, if it is still open."""
    row = conn.execute(
        "select s.account, a.role from watch.sessions s join watch.accounts a on a.name = s.account "
        "where s.token = %s and s.expires_at > now()",
        [kept(token)],
    ).fetchone()
    return Session(row[0], token, row[1]) if row else None


def end(conn: psycopg.Connection, token: str) -> None:
    """Sign out."""
    conn.execute("delete from watch.sessions where token = %s", [kept(token)])
