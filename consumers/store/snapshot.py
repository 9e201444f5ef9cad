"""What the store holds now, whole: for comparing it with the log."""

from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import dict_row


class Snapshot(NamedTuple):
    """``units``: live state by unit id, with ``summed_…`` from the effects; ``alerts`` by id (32 hex digits)."""

    units: dict[str, dict[str, Any]]
    alerts: dict[str, dict[str, Any]]


_UNITS = """
    select s.unit, s.tax_code, s.union_code, s.workers, s.present, s.members, s.unions, s.version, s.unclosed,
        s.dissolved_on is not null as dissolved,
        coalesce(c.workers, 0) as summed_workers, coalesce(c.present, 0) as summed_present,
        coalesce(c.members, 0) as summed_members
    from store.unit_status s left join store.unit_counts c using (unit)
"""
_ALERTS = """
    select replace(id::text, '-', '') as id, unit, tax_code, state, version, opened_on::text, confirmed_on::text,
        resolved_on::text, reason
    from store.alerts
"""


def snapshot(connection: Connection[Any]) -> Snapshot:
    """Both tables in one transaction."""
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        units = {row["unit"]: row for row in cursor.execute(_UNITS)}
        alerts = {row["id"]: row for row in cursor.execute(_ALERTS)}
    return Snapshot(units, alerts)
