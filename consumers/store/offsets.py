"""How far the store has read, and how to make it read again."""

import psycopg


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


def reset(dsn: str) -> None:
    """Empty all that follows from the log, and read it again from its beginning. A store at work notices by itself."""
    with psycopg.connect(dsn) as conn:
        conn.execute("update store.offsets set next_offset = 0")
        conn.execute(
            "truncate store.rejected, store.clock, store.unit_status, store.alerts, store.effects, store.marks, "
            "store.actions, store.movements, store.movement_versions, store.receipts, store.receipt_refusals, "
            "store.unit_counts, store.person_units, store.persons_in_several"
        )
        conn.execute("select pg_notify('store_changed', '{\"topics\": []}')")
