"""What the pages ask of the database."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from consumers.store import queries
from consumers.watch.database import Row, one_moment, rows
from consumers.watch.paging import Paging
from consumers.watch.state import Shared

Connection = psycopg.Connection[tuple[Any, ...]]

UNRESOLVED: Final = ("open", "acknowledged", "snoozed")
STATES: Final = {
    "live": UNRESOLVED,
    "open": ("open",),
    "acknowledged": ("acknowledged",),
    "snoozed": ("snoozed",),
    "resolved": ("resolved",),
    "every": (*UNRESOLVED, "resolved"),
}
"""Filters of the alerts; the first one is what a page shows unasked."""
SHOWS: Final = ("every", "without", "with_union", "dissolved")
"""Filters of the enterprises."""
PATIENCE: Final = timedelta(minutes=2)
"""After which an action that was sent and did not come back is called unanswered."""
FIRST_REFUSALS: Final = 10
"""Refused rows that the list of receipts shows of each."""


def city(shared: Shared) -> Row:
    """Figures of the whole city. All open pages ask at once, so the answer holds until the hub speaks again.

    While the hub hears nothing, every call asks.
    """
    lately, hub = shared.city, shared.hub
    with lately.asking:
        moment = hub.moment
        if not hub.reachable or lately.moment != moment:
            with one_moment(shared.pool) as conn:
                lately.answer = _city(conn)
            lately.moment = moment
        return lately.answer


def _city(conn: Connection) -> Row:
    (fresh,) = rows(conn, "freshness", {})
    counted = {row["state"]: row["number"] for row in rows(conn, "alert_counts", {})}
    return {
        "day": queries.clock_day(conn),
        "totals": queries.totals(conn),
        "cover": queries.cover(conn),
        "partial": fresh["partial"],
        "updated": fresh["updated"],
        "known": fresh["units"] > 0,
        "alerts": {name: sum(counted.get(state, 0) for state in states) for name, states in STATES.items()},
    }


def alerts(
    conn: Connection, *, show: str = "live", words: list[str] | None = None, unit: str | None = None, number: int = 1
) -> tuple[list[Row], Paging]:
    """One page of alerts. ``sent_action`` is one that has not come back by the log yet."""
    asked = {"states": list(STATES[show]), "words": words or [], "unit": unit, "patience": PATIENCE}
    return _paged(conn, "alerts", asked, number)


def enterprises(conn: Connection, *, show: str, words: list[str], number: int) -> tuple[list[Row], Paging]:
    """One page of enterprises."""
    return _paged(conn, "enterprises", {"show": show, "words": words}, number)


def enterprise(conn: Connection, tax_code: str) -> Row | None:
    """Its live status; None for a code that nobody has."""
    found = rows(conn, "enterprise", {"tax_code": tax_code})
    return found[0] if found else None


def names(conn: Connection, *, units: list[str], unions: list[str]) -> dict[str, Row]:
    """By unit id, and unions also by code."""
    found: dict[str, Row] = {}
    for row in rows(conn, "names", {"units": units, "unions": unions}):
        found[row["unit"]] = row
        if row["kind"] == "union":
            found[row["union_code"]] = row
    return found


def receipts(conn: Connection, *, refused: bool, words: list[str], number: int) -> tuple[list[Row], Paging]:
    """One page of receipts, each with its first refused rows."""
    return _paged(conn, "receipts", {"refused": refused, "words": words, "first": FIRST_REFUSALS}, number)


def receipt(conn: Connection, batch: UUID, number: int) -> tuple[Row, list[Row], Paging] | None:
    """One receipt with a page of its refused rows; None where there is no such receipt."""
    found = rows(conn, "receipt", {"batch": batch})
    return (found[0], *_paged(conn, "refusals", {"batch": batch}, number)) if found else None


def _paged(conn: Connection, name: str, asked: Row, number: int) -> tuple[list[Row], Paging]:
    """A page past the end, as after a filter, is answered with the first."""
    wanted = Paging(number)
    found = rows(conn, name, {**asked, "limit": wanted.size, "skip": wanted.skip})
    if not found and number > 1:
        return _paged(conn, name, asked, 1)
    return found, Paging(number, found[0]["total"] if found else 0)
