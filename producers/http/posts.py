"""Posts on disk: a row of ``intake.posts``, sealed, committed before its sender is told so."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from producers.http.limits import Limits
from producers.http.problems import Problem
from producers.sql import query
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.sealing import seal, unseal

PACKAGE = "producers.http"
UNSURE_S = 5
WAIT_S = 15
"""Seconds after which a sender may ask again when the queue is long."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was sent. ``raw``: the very bytes; ``stored``: what is to be taken in, for rows their CSV.

    ``route`` tells two uses of the same bytes apart. ``format``: ``rows`` or ``file``.
    """

    route: str
    format: str
    raw: bytes
    stored: bytes
    unit: str = ""
    dossier: str = ""
    replaces: str = ""

    def content(self, secret: bytes) -> bytes:
        """Keyed, so that what is known of a person can't be tried against it."""
        said = "\x1f".join((self.route, self.unit, self.dossier, self.replaces)).encode()
        return hmac.new(secret, len(said).to_bytes(4) + said + self.raw, hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """``again``: it was accepted before, under the same idempotency key."""

    post: UUID
    state: str
    again: bool


def accept(
    connection: psycopg.Connection[Any],
    keys: VaultKeys,
    posted: Posted,
    *,
    key_id: str,
    idempotency: str,
    limits: Limits,
    now: datetime,
) -> Accepted:
    """Store it; once this returns it is on disk. ``Problem`` ``other-body``, ``queue-long``, ``unsure``; psycopg.Error.

    Two at once with one idempotency key: the second one waits for the first, and gets its receipt.
    """
    content = posted.content(keys.content)
    same = _marked(keys, key_id, idempotency)
    with _whole(connection):
        keys = refreshed(connection, keys, hold=True)
        if idempotency and (before := _same(connection, same, content)):
            return before
        check_queue(connection, limits, len(posted.stored))
        post = UUID(bytes=secrets.token_bytes(16), version=4)
        row = {
            "post": post,
            "key_id": key_id,
            "idempotency": same["idempotency"] if idempotency else None,
            "content": content,
            "format": posted.format,
            "unit": posted.unit,
            "dossier": posted.dossier,
            "replaces": posted.replaces,
            "size": len(posted.stored),
            "sealed": seal(keys.master, posted.stored, about(post)),
            "now": now,
        }
        connection.execute("set local synchronous_commit = on")  # whatever the database's own setting
        if connection.execute(query(PACKAGE, "insert_post"), row).fetchone():
            connection.execute(query(PACKAGE, "notify_posts"))
            return Accepted(post, "queued", again=False)
        before = _same(connection, same, content)
    if before is None:
        raise Problem("away", retry_after=1)  # the one that came first was taken back meanwhile
    return before


@contextmanager
def _whole(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """A transaction. ``Problem`` ``unsure`` when its commit was sent off and no answer came: it may be on disk."""
    sent = False
    try:
        with connection.transaction():
            yield
            sent = True
    except psycopg.OperationalError as error:
        if sent and not isinstance(error, psycopg.errors.QueryCanceled):  # the server says that it took it back
            raise Problem("unsure", retry_after=UNSURE_S) from error
        raise


def check_queue(connection: psycopg.Connection[Any], limits: Limits, size: int) -> None:
    """``Problem`` ``queue-long`` when a post of so many bytes finds no room behind those that wait."""
    posts, waiting = connection.execute(query(PACKAGE, "count_waiting")).fetchone() or (0, 0)
    if posts >= limits.queue_posts or waiting + size > limits.queue_bytes:
        raise Problem("queue-long", retry_after=WAIT_S)


def earlier(
    connection: psycopg.Connection[Any], keys: VaultKeys, posted: Posted, *, key_id: str, idempotency: str
) -> Accepted | None:
    """What was accepted before under the same idempotency key. ``Problem`` ``other-body``."""
    if not idempotency:
        return None
    return _same(connection, _marked(keys, key_id, idempotency), posted.content(keys.content))


def _marked(keys: VaultKeys, key_id: str, idempotency: str) -> dict[str, Any]:
    mark = hmac.new(keys.content, b"idempotency" + idempotency.encode(), hashlib.sha256).digest()
    return {"key_id": key_id, "idempotency": mark}


def _same(connection: psycopg.Connection[Any], same: dict[str, Any], content: bytes) -> Accepted | None:
    row = connection.execute(query(PACKAGE, "find_same_post"), same).fetchone()
    if row is None:
        return None
    if not hmac.compare_digest(bytes(row[1]), content):
        raise Problem("other-body")
    return Accepted(row[0], row[2], again=True)


def about(post: UUID) -> bytes:
    """What a sealed post is bound to (also in ``producers/vault/resealing.py``, PLACES)."""
    return b"post " + post.bytes


def opened(connection: psycopg.Connection[Any], keys: VaultKeys, post: UUID) -> bytes:
    """What was posted. ``keys``: not older than the caller's hold of the publisher's lock. ``KeyUnfit``."""
    row = connection.execute(query(PACKAGE, "read_sealed"), {"post": post}, binary=True).fetchone()
    return unseal(keys.master, bytes(row[0]) if row and row[0] else b"", about(post))
