"""How far the store has read, and how to make it read again."""

import logging
import time
from typing import Any, Final

import psycopg
from psycopg.errors import DeadlockDetected

log = logging.getLogger(__name__)

_TRIES: Final = 10


def offsets(dsn: str) -> dict[tuple[str, int], int]:
    """The next offset of every (topic, partition): all before it, transaction markers too, is in PostgreSQL.

    Empty before the store has first run. Raises psycopg.OperationalError.
    """
    with psycopg.connect(dsn) as conn:
        there = conn.execute("select to_regclass('store.offsets') is not null").fetchone()
        if there is None or not there[0]:
            return {}
        rows = conn.execute("select topic, partition, next_offset from store.offsets").fetchall()
    return {(topic, partition): offset for topic, partition, offset in rows}


def share_read(connection: "psycopg.Connection[Any]") -> float:
    """How much of what lay on the log when the store began to read it is in PostgreSQL: 1 when it has caught up.

    Less while it is being rebuilt, or after a start on a long log: figures are then of an earlier time, or of none.
    """
    row = connection.execute(
        "select sum(least(next_offset, goal))::float8 / nullif(sum(goal), 0) from store.offsets"
    ).fetchone()
    return 1.0 if row is None or row[0] is None else float(row[0])


def reset(dsn: str) -> None:
    """Empty all that follows from the log, and read it again from its beginning. A store at work notices by itself.

    Raises psycopg.Error.
    """
    for tried in range(1, _TRIES + 1):
        try:
            _reset(dsn)
            return
        except DeadlockDetected:  # with somebody who reads several of the tables in one transaction
            if tried == _TRIES:
                raise
            log.warning("The store is being read; emptying it is tried again (%d of %d)", tried, _TRIES - 1)
            time.sleep(0.2 * tried)


def _reset(dsn: str) -> None:
    with psycopg.connect(dsn) as conn:
        conn.execute("lock table store.offsets in exclusive mode")  # the store's batch in hand ends first
        conn.execute("update store.offsets set goal = greatest(goal, next_offset), next_offset = 0")
        conn.execute("update store.clock set day = null, passed = null")  # a row a partition stays: see store.today
        conn.execute(
            "truncate store.rejected, store.unit_status, store.alerts, store.effects, store.waiting, store.marks, "
            "store.actions, store.movements, store.movement_versions, store.receipts, store.receipt_refusals, "
            "store.unit_counts, store.person_units, store.persons_in_several, store.inheritances, "
            "store.month_end_places, store.month_ends, store.month_end_units, "
            "store.facts, store.register_facts, store.findings, store.finding_versions"
        )
        conn.execute("select pg_notify('store_changed', '{\"topics\": []}')")
