"""After a crash: the receipt on the log decides whether a staged batch was published."""

import psycopg

from producers.publish.log import Log
from producers.sql import query

PACKAGE = "producers.publish"


def settle(connection: psycopg.Connection, log: Log) -> tuple[int, int]:
    """Mark staged batches whose receipt is on the log as done; take the others out of the index again.

    ``log`` has fenced every earlier publisher, so nothing more can arrive. Returns how many of each.
    """
    staged = connection.execute(query(PACKAGE, "find_staged")).fetchall()
    if not staged:
        return 0, 0
    since: dict[str, int] = {}
    for _, offsets in staged:
        for partition, offset in offsets.items():
            since[partition] = min(offset, since.get(partition, offset))
    published = log.batches_since(since)
    done = [batch for batch, _ in staged if batch.hex in published]
    lost = [batch for batch, _ in staged if batch.hex not in published]
    mark_done(connection, [batch.hex for batch in done])
    if lost:
        with connection.transaction():
            for step in ("undo_facts", "undo_fresh", "undo_others"):
                connection.execute(query(PACKAGE, step), {"lost": lost})
    return len(done), len(lost)


def mark_done(connection: psycopg.Connection, batches: list[str]) -> None:
    """These are on the log: they are not asked about again."""
    if batches:
        with connection.transaction():
            connection.execute(query(PACKAGE, "mark_done"), {"batches": batches})
