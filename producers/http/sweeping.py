"""Receipts of posts are kept for a stated time after the post came to rest; then they go, some at a time.

A post rests when it is published and each of its refused rows was corrected or discarded. With the receipt its
idempotency key is forgotten: until then the same key is the same post.
"""

from datetime import datetime, timedelta
from typing import Any

import psycopg

from producers.http import metrics
from producers.sql import query

KEPT = timedelta(days=400)
"""A year's accounts and a month to look at them."""
SHORTEST = timedelta(days=7)
"""Senders try again for hours, over a weekend at most: an idempotency key is to hold longer than that."""
AT_ONCE = 500
"""Receipts of one transaction."""
EVERY = timedelta(hours=1)
GO_ON = timedelta(seconds=2)
"""While more are left: then others get a turn in between."""


def sweep(connection: psycopg.Connection[Any], *, now: datetime, kept: timedelta, limit: int = AT_ONCE) -> int:
    """Delete receipts at rest for longer than ``kept``, the oldest first, at most ``limit``; how many went.

    ValueError for a time below ``SHORTEST``.
    """
    if kept < SHORTEST:
        raise ValueError(f"receipts are kept for {SHORTEST.days} days at least, else idempotency keys promise nothing")
    gone = connection.execute(query("producers.http", "sweep_posts"), {"before": now - kept, "limit": limit}).rowcount
    metrics.SWEPT.inc(gone)
    return gone


class Sweeper:
    """For the worker: ``look`` as often as you like, it sweeps once an hour."""

    def __init__(self, kept: timedelta) -> None:
        self._kept = kept
        self._next: datetime | None = None

    def look(self, connection: psycopg.Connection[Any], now: datetime) -> None:
        """Sweep if it is time. psycopg.Error."""
        if self._next is None or now >= self._next:
            gone = sweep(connection, now=now, kept=self._kept)
            self._next = now + (GO_ON if gone == AT_ONCE else EVERY)
