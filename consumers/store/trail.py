"""One person's trail: spells, membership, movements and findings, each with the dossier's line that says so.

A person stands under the id of the vault; names and numbers are in no table of this schema.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers.store.asking import NEVER, Row, ask, hex32
from consumers.store.explain import shown
from consumers.store.findings import findings
from schemas.ids import movement_id

_LINE = ("fact", "change", "dossier", "line", "version")


def trail(
    connection: Connection[Any], person: UUID, *, valid_at: date | None = None, known_at: datetime | None = None
) -> Row:
    """``facts``, ``trail`` (± by unit and day), ``spells``, ``memberships``, ``movements``, ``findings``, ``units``.

    ``valid_at`` leaves out what is dated later; ``known_at`` what was recorded later. No fact: nobody of that id is on
    the log.
    """
    known = known_at or NEVER
    until = valid_at or date.max
    rows = [row for row in ask(connection, "facts_of", {"persons": [person], "known_at": known}) if row["day"] <= until]
    facts = [shown(row) for row in rows]
    steps = [row for row in _steps(connection, person, known) if row["day"] <= until]
    lines = _lines(facts)
    open_findings, _ = findings(connection, person=person, valid_at=valid_at, known_at=known_at, limit=1000)
    moves = _movements(connection, person, known, until, {fact["fact"]: fact for fact in facts})
    units = sorted({*(fact["unit"] for fact in facts), *(row["unit"] for row in steps)} - {""})
    winner = next((row["winner"] for row in reversed(rows) if row["change"] == "identity_merged"), None)
    return {
        "person": hex32(person),
        "merged_into": winner,
        "facts": facts,
        "trail": [{**row, "day": row["day"].isoformat()} for row in steps],
        "spells": _spells(steps, lines, "e", "workers"),
        "memberships": _spells(steps, lines, "u", "members"),
        "movements": moves,
        "findings": open_findings,
        "units": {row["unit"]: row for row in ask(connection, "unit_names", {"units": units})},
    }


def _steps(connection: Connection[Any], person: UUID, known: datetime) -> list[Row]:
    (place,) = ask(connection, "days_of", {"person": person})
    if not place["units"]:
        return []
    return ask(connection, "effects_of", {**place, "person": person, "known_at": known})


def _lines(facts: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """(unit, day) -> the lines that speak of that unit and day; (``""``, day): a death speaks of every unit."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for fact in facts:
        if fact["change"] not in ("cancelled", "noted"):
            unit = "" if fact["change"] == "died" else fact["unit"]
            found[unit, fact["day"]].append({name: fact[name] for name in _LINE})
    return found


def _spells(steps: list[Row], lines: dict[tuple[str, str], list[Row]], kind: str, figure: str) -> list[Row]:
    """From the day a unit began to count the person to the day it stopped (half-open; None: still does)."""
    held: dict[str, int] = defaultdict(int)
    open_: dict[str, Row] = {}
    found: list[Row] = []
    for step in steps:
        unit, day = step["unit"], step["day"].isoformat()
        if not unit.startswith(kind) or not step[figure]:
            continue
        held[unit] += step[figure]
        said = lines.get((unit, day), []) + lines.get(("", day), [])
        if held[unit] > 0 and unit not in open_:
            open_[unit] = {"unit": unit, "from": day, "to": None, "began": said, "ended": []}
            found.append(open_[unit])
        elif held[unit] <= 0 and unit in open_:
            open_.pop(unit).update(to=day, ended=said)
    return found


def _movements(
    connection: Connection[Any], person: UUID, known: datetime, until: date, facts: dict[str, Row]
) -> list[Row]:
    """A movement's id is that of (person, unit, day) of its leave or start (rule 6): no index by person is needed."""
    (place,) = ask(connection, "days_of", {"person": person})
    ids = [
        movement_id(hex32(person), unit, day.isoformat())
        for unit in place["units"] or ()
        for day in place["days"] or ()
    ]
    rows = [
        row for row in ask(connection, "movements_of", {"ids": ids, "known_at": known}) if row["what"] != "withdrawn"
    ]
    rows.sort(key=lambda row: row["left_on"] or row["started_on"])
    return [
        {
            "movement_id": row["movement_id"],
            "version": row["version"],
            "what": row["what"],
            "left": row["from_unit"] or None,
            "left_on": row["left_on"].isoformat() if row["left_on"] else None,
            "joined": row["to_unit"] or None,
            "joined_on": row["started_on"].isoformat() if row["started_on"] else None,
            "lines": [{name: facts[fact][name] for name in _LINE} for fact in row["facts"] if fact in facts],
        }
        for row in rows
        if (row["left_on"] or row["started_on"]) <= until
    ]
