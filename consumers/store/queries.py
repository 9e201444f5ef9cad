"""The read side: what the command line and the page ask of the store. Figures are those of meaning.md."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from consumers.store.explain import unit_in_findings
from consumers.store.statements import statement

Row = dict[str, Any]

NEVER = datetime.max.replace(year=9000)


def _rows(connection: Connection[Any], name: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement(f"read_{name}"), values).fetchall()


def clock_day(connection: Connection[Any]) -> date | None:
    """The day that every unit has passed; None before the first tick."""
    row = connection.execute("select day from store.today").fetchone()
    return row[0] if row else None


def status(
    connection: Connection[Any],
    codes: Sequence[str] = (),
    *,
    unions: bool = False,
    valid_at: date | None = None,
    known_at: datetime | None = None,
) -> Row:
    """Counts now, or on ``valid_at`` as known at ``known_at``: ``enterprises`` or ``unions``, ``totals`` and ``day``.

    Enterprises without a worker are listed too; dissolved ones with ``dissolved_on``, left out of the totals. A code
    of which only open findings tell is listed with 0 where it is asked for, and is not of the totals.
    """
    day = clock_day(connection)
    kind = "union" if unions else "enterprise"
    past = valid_at is not None or known_at is not None
    answer_day = (valid_at or day) if past else day
    values = {
        "kind": kind,
        "codes": list(codes),
        "valid_at": answer_day or date.min,
        "known_at": known_at or NEVER,
    }
    rows = _rows(connection, "units_then" if past else "units", values)
    name = "unions" if unions else "enterprises"
    shown = [_union(row) for row in rows] if unions else [_enterprise(row) for row in rows]
    shown += _uncounted(connection, codes, unions=unions)
    return {
        name: shown,
        "totals": _totals(connection, values if past else None),
        "day": answer_day.isoformat() if answer_day else None,
        "known_at": known_at.isoformat() if known_at else None,
    }


def totals(connection: Connection[Any]) -> Row:
    """City figures: each person counts once; dissolved enterprises do not count."""
    return _totals(connection, None)


def _totals(connection: Connection[Any], then: dict[str, Any] | None) -> Row:
    (row,) = _rows(connection, "totals_then" if then else "totals", then or {})
    return {name: int(row[name]) for name in ("enterprises", "workers", "persons", "members")}


def cover(connection: Connection[Any]) -> Row:
    """``with_union`` of ``enterprises`` that must have one: 20 workers or more, no public unit."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("select enterprises, with_union from store.cover").fetchone()
    return row or {"enterprises": 0, "with_union": 0}


def alerts(connection: Connection[Any]) -> Row:
    """All alerts, open ones first, the largest and oldest on top.

    ``workers`` of an open one is the live count; of a resolved one, that of its last transition (decision 0003); of a
    dissolved enterprise 0, with ``dissolved_on`` and ``unclosed`` as in ``status`` (rule 14).
    """
    return {"alerts": [_alert(row) for row in _rows(connection, "alerts", {"unit": None})]}


def unit_history(connection: Connection[Any], unit: str) -> Row:
    """One unit day by day: ``days`` with ± and running counts, ``marks`` of registers, ``alerts`` with their steps."""
    counts = {"workers": 0, "present": 0, "members": 0}
    days = []
    for row in _rows(connection, "history", {"unit": unit}):
        for name in counts:
            counts[name] += row[name]
        days.append({"day": row["day"].isoformat(), **counts, **{f"change_{n}": row[n] for n in counts}})
    marks = [{**row, "day": row["day"].isoformat()} for row in _rows(connection, "marks", {"unit": unit})]
    found = [{**_alert(row), "by": row["by"]} for row in _rows(connection, "alerts", {"unit": unit})]
    return {"unit": unit, "days": days, "marks": marks, "alerts": found}


def turnover(connection: Connection[Any], first: date, last: date) -> list[Row]:
    """Who came to and left each enterprise from a day to a day, both included: ``joined`` and ``departed``.

    Moves along the edge of a merger or split are no turnover (rule 14): ``came_along`` and ``went_along``.
    """
    return _rows(connection, "turnover", {"first": first, "last": last})


def receipts(connection: Connection[Any], *, limit: int = 50, before: datetime | None = None) -> list[Row]:
    """The newest receipts, each with the refusals that it lists."""
    return _rows(connection, "receipts", {"limit": limit, "before": before or NEVER})


def _enterprise(row: Row) -> Row:
    shown = {
        "tax_code": row["tax_code"],
        "name": row["name"],
        "workers": int(row["workers"]),
        "present": int(row["present"]),
        "members": int(row["members"]),
        "unions": row["unions"],
        "baseline": row["baseline"],
        "version": row["version"],
        "partial_cover": row["partial_cover"],
        "area_code": row["area_code"],
    }
    return shown | _ended(row)


def _uncounted(connection: Connection[Any], codes: Sequence[str], *, unions: bool) -> list[Row]:
    """Zeros for the codes of units that have findings and no status; ``version`` is then 0."""
    none = {"name": "", "workers": 0, "present": 0, "members": 0, "unions": [], "baseline": "none", "version": 0}
    none |= {"partial_cover": False, "area_code": "", "dissolved_on": None}
    units = dict.fromkeys(unit_in_findings(connection, code) for code in codes)
    found = [unit for unit in units if unit and unit.startswith("u" if unions else "e")]
    if unions:
        return [_union(none | {"union_code": unit[1:]}) for unit in found]
    return [_enterprise(none | {"tax_code": unit[1:]}) for unit in found]


def _union(row: Row) -> Row:
    shown = {
        "union_code": row["union_code"],
        "name": row["name"],
        "members": int(row["members"]),
        "version": row["version"],
    }
    return shown | _ended(row)


def _ended(row: Row) -> Row:
    """When the unit was dissolved, and the spells (of a union: memberships) left open, which count no more."""
    if not row["dissolved_on"]:
        return {}
    return {"dissolved_on": row["dissolved_on"].isoformat(), "unclosed": int(row["unclosed"])}


def _alert(row: Row) -> Row:
    return {
        "id": row["id"].hex,
        "rule": row["rule"],
        "unit": row["unit"],
        "tax_code": row["tax_code"],
        "name": row["name"],
        "state": row["state"],
        "workers": row["workers"],
        "opened_on": _day(row["opened_on"]),
        "confirmed_on": _day(row["confirmed_on"]),
        "resolved_on": _day(row["resolved_on"]),
        "reason": row["reason"] or None,
        "snoozed_until": _day(row["snoozed_until"]),
        "successors": row["successors"],
        "inherited": row["inherited"],
        "history": row["history"],
        **_ended(row),
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
