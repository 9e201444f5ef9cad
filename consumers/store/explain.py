"""Who stands behind a count, with the facts that say so, to the dossier's line."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from consumers.store.asking import NEVER, Row, ask, hex32
from consumers.store.unit_codes import unit_code

MEMBERSHIP: Final = frozenset({"admitted", "member_transferred", "member_left", "suspended", "reinstated"})
NOT_BEHIND: Final = frozenset({"cancelled", "noted", "identity_merged"})
"""Changes that put nobody into a count."""


class Asked(NamedTuple):
    """A unit on a day, as known at an instant; both None: the clock's day, all that is known."""

    unit: str
    valid_at: date
    known_at: datetime | None = None


class Counted(NamedTuple):
    """A page of those who count: ``sums`` speak of all of them, ``last`` is where the next page begins, or None."""

    sums: dict[str, int]
    persons: list[Row]
    last: UUID | None


def unit_of(connection: Connection[Any], code: str) -> str | None:
    """The unit that a tax code (also a branch's) or a union's code speaks of today; None where nobody stated it."""
    rows = ask(connection, "unit_by_code", {"code": unit_code(code)})
    return str(rows[0]["unit"]) if rows else unit_in_findings(connection, code)


def unit_in_findings(connection: Connection[Any], code: str) -> str | None:
    """The unit of a code of which only open findings tell: what was reported there changed no count; else None."""
    rows = ask(connection, "unit_by_finding", {"code": unit_code(code)})
    return str(rows[0]["unit"]) if rows else None


def counted(connection: Connection[Any], asked: Asked, *, limit: int = 100, after: UUID | None = None) -> Counted:
    """One page, by person's id. Each person: ``worker``, ``present``, ``member`` and ``facts`` in the order of days.

    The facts are those of the person at this unit and, where they count as a member, of their membership; live ones,
    effective on or before the day. A dissolved enterprise counts nobody: the sums are then of the spells left open.
    """
    found = ask(connection, "counted", {**_at(asked), "limit": limit, "after": after})
    sums = {
        name: found[0][column]
        for name, column in (
            ("persons", "persons"),
            ("workers", "all_workers"),
            ("present", "all_present"),
            ("members", "all_members"),
        )
    }
    rows = [row for row in found if row["person"] is not None]
    persons = _told(connection, asked, rows)
    return Counted(sums, persons, rows[-1]["person"] if len(rows) == limit else None)


def ended_on(connection: Connection[Any], asked: Asked) -> date | None:
    """The day on which the unit was dissolved, if it was by then: spells there are then left open, and do not count."""
    rows = ask(connection, "ended", _at(asked))
    return rows[0]["dissolved_on"] if rows else None


def everyone(connection: Connection[Any], asked: Asked, *, at_a_time: int = 1000) -> Iterator[Row]:
    """All who count. They are counted once; their facts, which are the bulk, come so many persons at a time."""
    rows = [row for row in ask(connection, "counted", {**_at(asked), "limit": None, "after": None}) if row["person"]]
    for start in range(0, len(rows), at_a_time):
        yield from _told(connection, asked, rows[start : start + at_a_time])


def register_facts(connection: Connection[Any], asked: Asked) -> list[Row]:
    """What registers said of the unit, up to the day, with file and line."""
    return [
        {**row, "fact": hex32(row["fact"]), "day": row["day"].isoformat()}
        for row in ask(connection, "register_facts", _at(asked))
    ]


def shown(row: Row) -> Row:
    """A fact as ``explain`` tells it."""
    return {
        "fact": hex32(row["fact"]),
        "version": row["version"],
        "change": row["change"],
        "unit": row["unit"],
        "branch": row["branch"],
        "day": row["day"].isoformat(),
        "precision": "day" if row["exact"] else "month",
        "form": row["form"],
        "code": row["code"],
        "dossier": row["dossier"],
        "line": row["line"],
        "source": row["source"],
        "partition": row["partition"],
        "offset": row["offset"],
        "recorded_at": row["recorded_at"].isoformat(),
    }


def _told(connection: Connection[Any], asked: Asked, rows: list[Row]) -> list[Row]:
    facts = _facts(connection, asked, [row["person"] for row in rows])
    return [
        {
            "person": hex32(row["person"]),
            "worker": bool(row["workers"]),
            "present": bool(row["present"]),
            "member": bool(row["members"]),
            "facts": [one for one in facts[row["person"]] if _behind(one, asked.unit, member=bool(row["members"]))],
        }
        for row in rows
    ]


def _facts(connection: Connection[Any], asked: Asked, persons: list[UUID]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in ask(connection, "facts_of", {"persons": persons, "known_at": asked.known_at or NEVER}):
        if row["change"] not in NOT_BEHIND and row["day"] <= asked.valid_at:
            found[row["person"]].append(shown(row))
    return found


def _behind(fact: Row, unit: str, *, member: bool) -> bool:
    return fact["unit"] == unit or (member and fact["change"] in MEMBERSHIP)


def _at(asked: Asked) -> Row:
    return {"unit": asked.unit, "valid_at": asked.valid_at, "known_at": asked.known_at or NEVER}
