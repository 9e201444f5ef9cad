"""How often a sign-in may be tried: counted before the password is looked at, so that a crowd can't slip through."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

import psycopg

WITHIN: Final = timedelta(minutes=15)
LIMITS: Final = {"both": 5, "address": 40, "account": 60}
"""Failures within that time: of one account from one address, from one address, of one account from anywhere.

The last one is wide: else anybody could lock an officer out.
"""


def allowed(conn: psycopg.Connection, account: str, address: str, *, since: datetime | None) -> bool:
    """Count this attempt, and say whether it may go on; one that may not is no failure and prolongs nothing.

    ``since``: when the account got its password. Failures before that were of another one: they count against the
    address alone, so a new password opens an account that guesses have locked.
    """
    keys = _keys(account, address)
    conn.execute("delete from watch.attempts where at < now() - %s", [WITHIN])
    with conn.cursor() as cursor:
        cursor.executemany("insert into watch.attempts (key) values (%s)", [(key,) for key in keys.values()])
    conn.commit()
    rows = conn.execute(
        "select key, count(*) from watch.attempts where key = any(%s) and at >= now() - %s "
        "and (key = %s or at >= coalesce(%s, '-infinity'::timestamptz)) group by key",
        [list(keys.values()), WITHIN, keys["address"], since],
    ).fetchall()
    counted = {bytes(key): int(number) for key, number in rows}
    if all(counted.get(keys[name], 0) <= limit for name, limit in LIMITS.items()):
        return True
    _take_back(conn, list(keys.values()))
    conn.commit()
    return False


def forget(conn: psycopg.Connection, account: str, address: str) -> None:
    """After a success. Failures from elsewhere still count."""
    keys = _keys(account, address)
    conn.execute("delete from watch.attempts where key = %s", [keys["both"]])
    _take_back(conn, [keys["address"], keys["account"]])


def _take_back(conn: psycopg.Connection, keys: list[bytes]) -> None:
    """The latest attempt under each key."""
    with conn.cursor() as cursor:
        cursor.executemany(
            "delete from watch.attempts where ctid = "
            "(select ctid from watch.attempts where key = %s order by at desc limit 1)",
            [(key,) for key in keys],
        )


def _keys(account: str, address: str) -> dict[str, bytes]:
    said = {
        "both": f"both\x1f{account}\x1f{address}",
        "address": f"address\x1f{address}",
        "account": f"of\x1f{account}",
    }
    return {name: hashlib.sha256(text.encode()).digest() for name, text in said.items()}
