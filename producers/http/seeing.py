"""Posts as an operator sees them: whose, since when, why it is held. What was posted stays sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import psycopg

from producers.sql import query

PACKAGE = "producers.http"
State = Literal["queued", "held", "published"]


@dataclass(frozen=True, slots=True)
class SeenPost:
    """``size``: bytes. ``begun``: how often publishing was begun. ``accepted``, ``unchanged``, ``refused``: rows of a
    published one. ``held_reason``: see ``queue.Reason``; ``held_where``: kind of the error and lines of the program."""

    post: UUID
    key_id: str
    key_name: str
    state: State
    format: str
    size: int
    begun: int
    received_at: datetime
    published_at: datetime | None
    held_at: datetime | None
    held_reason: str
    held_where: str
    again_at: datetime | None
    accepted: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class Done:
    """What an operator did with a post: ``retried`` or ``refused``, and what was said to it."""

    at: datetime
    who: str
    did: str
    said: str


def seen_posts(
    connection: psycopg.Connection[Any],
    *,
    states: Sequence[State] = (),
    key_id: str = "",
    posts: Sequence[UUID] | None = None,
    limit: int = 1000,
    skip: int = 0,
) -> tuple[list[SeenPost], int]:
    """A page and how many there are: those that wait in the order of their turns, then the published, newest first."""
    asked = {
        "states": list(states) or None,
        "key_id": key_id or None,
        "posts": None if posts is None else list(posts),
        "limit": limit,
        "skip": skip,
    }
    rows = connection.execute(query(PACKAGE, "list_posts"), asked).fetchall()
    return [SeenPost(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def done_with(connection: psycopg.Connection[Any], post: UUID) -> list[Done]:
    """What operators did with it, in order."""
    return [Done(*row) for row in connection.execute(query(PACKAGE, "read_post_log"), {"post": post}).fetchall()]


def waiting_posts(connection: psycopg.Connection[Any]) -> tuple[int, int, datetime | None]:
    """How many are queued and how many held, and when the oldest of them arrived."""
    row = connection.execute(query(PACKAGE, "count_posts")).fetchone()
    return row or (0, 0, None)
