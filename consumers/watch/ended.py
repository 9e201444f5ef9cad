"""What a dissolved enterprise leaves behind: spells that nobody closed. They count no more (rule 14), and the page says
so wherever it shows them."""

from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from consumers.watch.database import Row, rows

Connection = psycopg.Connection[tuple[Any, ...]]


def elsewhere(conn: Connection, unit: str, day: date, persons: list[str]) -> dict[str, list[Row]]:
    """By person's id: the other enterprises where they count on the day. Who counts nowhere is not in it."""
    found: dict[str, list[Row]] = {}
    asked = {"persons": [UUID(one) for one in persons], "unit": unit, "day": day}
    for row in rows(conn, "elsewhere", asked) if persons else []:
        found.setdefault(row["person"].hex, []).append(row)
    return found


def ended_units(conn: Connection, units: list[str]) -> dict[str, Row]:
    """By id those that were dissolved: ``dissolved_on`` and ``successors``."""
    return {row["unit"]: row for row in rows(conn, "ended_units", {"units": units})}


def left_open(days: list[Row], ended: date | None) -> list[Row]:
    """Days of a unit's counts, in order; from its end on it counts nobody: ``open`` is then how many were left open.

    The day of the end stands there though nothing else happened on it.
    """
    if ended is None:
        return days
    end, counts = ended.isoformat(), ("workers", "present", "members")
    before = [row for row in days if row["day"] < end]
    last = before[-1] if before else dict.fromkeys(counts, 0)
    found: list[Row] = list(before)
    running = {name: last[name] for name in counts}
    after = [row for row in days if row["day"] >= end]
    on_the_day = after[0]["workers"] if after and after[0]["day"] == end else running["workers"]
    gone = {f"change_{name}": -running[name] for name in counts}
    found.append({"day": end, **dict.fromkeys(counts, 0), **gone, "open": on_the_day})
    for row in after:
        if row["day"] > end:
            none = {f"change_{name}": 0 for name in counts}
            found.append({"day": row["day"], **dict.fromkeys(counts, 0), **none, "open": row["workers"]})
    return found
