"""Posts whose turn it is, and what is written of them afterwards."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg

from producers.http import metrics
from producers.sql import query
from schemas.states import Receipt, Refused

PACKAGE = "producers.http"
GROUP_POSTS = 200
GROUP_BYTES = 16 << 20
"""Posts are published in groups up to here: a Kafka transaction costs some 30 ms however small it is."""

TRIES = 5
"""Begun so often and never finished, a post is held before it is tried once more: the others go on."""
Reason = Literal["fault", "killed", "vault-key"]
"""Why a post is held: the program failed on it, its process ended with it in hand, or the vault's key does not fit."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post in the queue. ``begun``: how often publishing it was begun before."""

    post: UUID
    key_id: str
    format: str
    unit: str
    dossier: str
    replaces: str
    size: int
    begun: int

    @property
    def file(self) -> str:
        """What its file is called on receipts: no name that a sender chose gets onto the log."""
        return file_of(self.post)


def file_of(post: UUID) -> str:
    """Names the post on every receipt and batch of it."""
    return f"http-{post}"


def next_group(connection: psycopg.Connection[Any], now: datetime) -> list[Waiting]:
    """The next posts in their order; one that was begun before goes alone."""
    rows = connection.execute(query(PACKAGE, "find_next"), {"now": now, "limit": GROUP_POSTS}).fetchall()
    group: list[Waiting] = []
    size = 0
    for waiting in (Waiting(*row) for row in rows):
        if group and (waiting.begun or size + waiting.size > GROUP_BYTES):
            break
        group.append(waiting)
        size += waiting.size
        if waiting.begun:
            break
    return group


def begin(connection: psycopg.Connection[Any], group: Sequence[Waiting]) -> None:
    """Written before anything is done: a post that ends the process is known by it."""
    connection.execute(query(PACKAGE, "begin_posts"), {"posts": [one.post for one in group]})


def hold(
    connection: psycopg.Connection[Any], waiting: Waiting, now: datetime, *, reason: Reason, where: str = ""
) -> None:
    """Try it again later: after a minute, then after twice as long each time, an hour at most.

    ``where``: kind of the error and lines of the program, for an operator; no value of a row.
    """
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(max(0, waiting.begun - TRIES), 6))
    said = {"post": waiting.post, "again": now + wait, "now": now, "reason": reason, "where": where}
    connection.execute(query(PACKAGE, "hold_post"), said)


def publish(
    connection: psycopg.Connection[Any], outcome: Sequence[tuple[Waiting, list[Receipt]]], now: datetime
) -> None:
    """Their receipts; what was posted is forgotten: it is on the log, in the vault, or in quarantine."""
    with connection.transaction():
        # in the order of ids, as a change of the vault's key locks them
        for waiting, receipts in sorted(outcome, key=lambda one: one[0].post):
            said = json.dumps([receipt.model_dump(mode="json") for receipt in receipts], ensure_ascii=False)
            connection.execute(query(PACKAGE, "publish_post"), {"post": waiting.post, "receipts": said, "now": now})
        _count(connection, outcome)
    for _, receipts in outcome:
        metrics.PUBLISHED.inc()
        metrics.ROWS.labels("accepted").inc(sum(one.accepted for one in receipts))
        metrics.ROWS.labels("unchanged").inc(sum(one.unchanged for one in receipts))
        metrics.ROWS.labels("refused").inc(sum(one.refused_total for one in receipts))


def _count(connection: psycopg.Connection[Any], outcome: Sequence[tuple[Waiting, list[Receipt]]]) -> None:
    """What each key brought, kept for longer than its receipts; keys in the order of ids."""
    sums: dict[str, list[int]] = {}
    for waiting, receipts in outcome:
        of_key = sums.setdefault(waiting.key_id, [0, 0, 0])
        of_key[0] += 1
        of_key[1] += sum(one.accepted for one in receipts)
        of_key[2] += sum(one.refused_total for one in receipts)
    for key_id, (posts, accepted, refused) in sorted(sums.items()):
        said = {"id": key_id, "posts": posts, "accepted": accepted, "refused": refused}
        connection.execute(query(PACKAGE, "count_for_key"), said)


def published_before(connection: psycopg.Connection[Any], waiting: Waiting) -> dict[tuple[str, str], dict[str, Any]]:
    """(dossier, file) → the counts that an earlier try of this post has put on the log before it was killed."""
    if not waiting.begun:
        return {}
    rows = connection.execute(query(PACKAGE, "find_done_batches"), {"file": waiting.file}).fetchall()
    return {
        (dossier, file): {"batch": batch.hex, "accepted": accepted, "unchanged": unchanged, "refused_total": refused}
        for dossier, file, batch, accepted, unchanged, refused in rows
    }


def as_first_told(receipt: Receipt, before: dict[tuple[str, str], dict[str, Any]]) -> Receipt:
    """The receipt with the counts that are on the log: taken in once more, its rows come back as unchanged."""
    counts = before.get((receipt.dossier, receipt.file))
    return receipt.model_copy(update=counts) if counts else receipt


def refused_whole(waiting: Waiting, reason: str, vi: str, en: str) -> Receipt:
    """A post of which nothing is taken in."""
    refusal = Refused(line="", field="file", reason=reason, message=f"{waiting.file}: {vi} / {en}")
    return Receipt(
        dossier="",
        batch=waiting.post.hex,
        file=waiting.file,
        sha256="",
        feed="",
        accepted=0,
        unchanged=0,
        refused=[refusal],
        refused_total=1,
    )


def watch_queue(connection: psycopg.Connection[Any], now: datetime) -> None:
    """The gauges of the queue."""
    queued, held, size, oldest = connection.execute(query(PACKAGE, "oldest_waiting")).fetchone() or (0, 0, 0, None)
    metrics.QUEUED.set(queued)
    metrics.HELD.set(held)
    metrics.QUEUED_BYTES.set(size)
    metrics.OLDEST.set((now - oldest).total_seconds() if oldest else 0)
