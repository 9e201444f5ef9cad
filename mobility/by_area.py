"""``mobility status --by area``: figures of areas, with what every percentage is made of (meaning, rules 15 and 16)."""

from datetime import date, datetime
from typing import Any

import click
from psycopg import Connection

from consumers.store import areas, queries
from mobility.errors import MobilityError
from mobility.output import print_table

Row = dict[str, Any]

COUNTS = ("enterprises", "workers", "present", "members")
RATIOS = ("density", "coverage", "agreement", "party")
NO_AREA = "unassigned"


def figures(connection: Connection[Any], boundaries: str, valid_at: date | None, known_at: datetime | None) -> Row:
    """``areas`` with ``totals``, the boundary set and the day. Raises MobilityError before the first tick."""
    day = valid_at or queries.clock_day(connection)
    if day is None:
        raise MobilityError("The clock has not started. Name a day with --valid-at, or: mobility clock --to YYYY-MM-DD")
    rows = areas.by_area(connection, boundaries, valid_at=day, known_at=known_at)
    return {
        "boundaries": boundaries,
        "day": day.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
        "areas": rows,
        "totals": _totals(rows),
    }


def _totals(rows: list[Row]) -> Row:
    total: Row = {name: sum(row[name] for row in rows) for name in COUNTS}
    for name in RATIOS:
        numerator = sum(row[name]["numerator"] for row in rows)
        unknown = sum(row[name].get("unknown", 0) for row in rows)
        denominator = sum(row[name].get("eligible", row[name]["denominator"]) for row in rows)
        total[name] = areas.ratio(numerator, denominator)
        if name in ("agreement", "party"):
            total[name] |= {"eligible": denominator, "unknown": unknown}
            if unknown:
                total[name] |= {"denominator": None, "percent": None}
    return total


def show(found: Row) -> None:
    """As a table, with the boundary set and the day below."""
    rows = [*found["areas"], {"area": "", "name": "all", **found["totals"]}]
    print_table(
        [
            "area",
            "name",
            *COUNTS,
            "members of workers",
            "with union of 20+",
            "agreement of eligible",
            "Party of eligible",
        ],
        [
            [
                NO_AREA if row["area"] is None else row["area"],
                row["name"],
                *(row[name] for name in COUNTS),
                *(_said(row[name]) for name in RATIOS),
            ]
            for row in rows
        ],
    )
    known = f", as known at {found['known_at']}" if found["known_at"] else ""
    click.echo(
        f"\nBoundary set {found['boundaries']}, on {found['day']}{known}. {NO_AREA}: not stated, or not certain."
    )


def _said(ratio: Row) -> str:
    if ratio["denominator"] is None:
        return f"{ratio['numerator']:,}, denominator unknown ({ratio['unknown']:,} not stated)"
    percent = "-" if ratio["percent"] is None else f"{ratio['percent']} %"
    return f"{ratio['numerator']:,} / {ratio['denominator']:,} = {percent}"
