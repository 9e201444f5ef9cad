"""Month-ends as they were published, beside what is known of them now."""

from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from consumers.store.statements import statement

Row = dict[str, Any]

CITY = ("enterprises", "workers", "persons", "members", "watched", "with_union")
UNIT = ("workers", "present", "members")


def month_ends(connection: Connection[Any]) -> list[date]:
    """Those that are frozen, the newest first."""
    return [row[0] for row in connection.execute("select month_end from store.month_ends order by 1 desc")]


def month(connection: Connection[Any], month_end: date) -> Row | None:
    """A frozen month-end; None if it has not been published.

    ``published`` and ``now`` are figures of the city for that day, ``difference`` is what has become known since;
    ``previous`` is the month-end published before, with the change from it as published, and what has become known of
    it since (``revised``). ``units`` has those whose own figures are other ones now.
    """
    values = {"month_end": month_end}
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        published = cursor.execute(statement("read_month"), values).fetchone()
        if published is None:
            return None
        before = cursor.execute(statement("read_month_before"), values).fetchone()
        now = _now(cursor, month_end)
        found: Row = {
            "month": f"{month_end:%Y-%m}",
            "month_end": month_end.isoformat(),
            "published_on": published["published_on"].isoformat(),
            "published": _city(published),
            "now": now,
            "difference": _less(now, _city(published)),
            "previous": None,
        }
        if before is not None:
            then = _city(before)
            found["previous"] = {
                "month": f"{before['month_end']:%Y-%m}",
                "published": then,
                "difference": _less(found["published"], then),
                "revised": _less(_now(cursor, before["month_end"]), then),
            }
        found["units"] = [_unit(row) for row in cursor.execute(statement("read_month_units"), values)]
    return found


def _now(cursor: Any, month_end: date) -> dict[str, int]:
    row = cursor.execute(statement("read_month_now"), {"month_end": month_end}).fetchone()
    return _city(row)


def _city(row: Row) -> dict[str, int]:
    return {name: int(row[name] or 0) for name in CITY}


def _less(now: dict[str, int], then: dict[str, int]) -> dict[str, int]:
    return {name: now[name] - then[name] for name in now}


def _unit(row: Row) -> Row:
    code = {"tax_code": row["tax_code"]} if row["kind"] == "enterprise" else {"union_code": row["union_code"]}
    return {
        **code,
        "name": row["name"],
        "published": {name: row[name] for name in UNIT},
        "now": {name: row[f"{name}_now"] for name in UNIT},
        "difference": {name: row[f"{name}_now"] - row[name] for name in UNIT},
    }
