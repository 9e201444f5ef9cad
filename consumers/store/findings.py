"""Findings: facts that have no effect, or another one than they claim. Work for a clerk (meaning, rule 2)."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from consumers.store.asking import NEVER, Row, ask, hex32

CODES: Final = (
    "leave-without-start",
    "absence-without-start",
    "already-open",
    "short-contract",
    "leave-without-admission",
    "not-the-home-union",
)
"""What the step people tells today; a newer step may tell more."""


def findings(
    connection: Connection[Any],
    *,
    dossier: str | None = None,
    unit: str | None = None,
    person: UUID | None = None,
    what: str | None = None,
    closed: bool = False,
    valid_at: date | None = None,
    known_at: datetime | None = None,
    limit: int = 100,
    skip: int = 0,
) -> tuple[list[Row], int]:
    """The newest first, and how many there are; ``closed``: those too that no longer hold.

    ``known_at``: as they stood then, each with the line of its fact as stated by then; ``valid_at`` leaves out those of
    facts dated later.

    Each has ``person``, ``fact``, ``what``, ``unit``, ``tax_code``, ``union_code``, ``name``, ``day``, ``open``,
    ``recorded_at``, and of its fact ``version``, ``change``, ``code``, ``form``, ``source``, ``dossier``, ``line``:
    empty while the store has the finding and not yet the fact.
    """
    asked: Row = {"dossier": dossier, "unit": unit, "person": person, "what": what, "closed": closed}
    asked |= {"valid_at": valid_at or date.max, **_known(known_at)}
    found = ask(connection, "findings", {**asked, "limit": limit, "skip": skip})
    return [_shown(row) for row in found], found[0]["total"] if found else 0


def finding_counts(connection: Connection[Any], known_at: datetime | None = None) -> dict[str, int]:
    """How many are open, or were at an instant, by code."""
    rows = ask(connection, "finding_counts", _known(known_at))
    return {row["what"]: row["number"] for row in rows}


def _known(at: datetime | None) -> Row:
    """``then``: earlier words on a finding may be the ones asked for."""
    return {"known_at": at or NEVER, "then": at is not None}


def _shown(row: Row) -> Row:
    text = {name: row[name] or "" for name in ("change", "code", "form", "source", "dossier", "line")}
    return {
        "person": hex32(row["person"]),
        "fact": hex32(row["fact"]),
        "what": row["what"],
        "unit": row["unit"],
        "tax_code": row["tax_code"],
        "union_code": row["union_code"],
        "name": row["name"],
        "day": row["day"].isoformat(),
        "open": row["open"],
        "cause": hex32(row["cause"]),
        "recorded_at": row["recorded_at"].isoformat(),
        "version": row["version"] or 0,
        **text,
    }
