"""All that is known of a member, for somebody who said why: record, numbers, positions, memberships, history."""

from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg

from producers.members.fields import shown
from producers.members.holding import Member, opened
from producers.sql import query
from producers.validate.citizen import disagreements
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.reading import log_read
from producers.vault.record import BY_HAND
from producers.vault.sealing import unseal
from schemas.persons import MEMBER_CHANGES, Change

PACKAGE = "producers.members"


@dataclass(frozen=True, slots=True)
class View:
    """``memberships``: facts of member registers; ``history``: changes of the record, the oldest first.

    ``doubts``: where the personal number and the record disagree, in Vietnamese and English.
    """

    member: Member
    memberships: list[dict[str, str]]
    history: list[dict[str, Any]]
    doubts: list[tuple[str, str]]


def view(
    connection: psycopg.Connection, keys: VaultKeys, person: str, *, who: str, why: str, what: str = "person"
) -> View:
    """All of it; the read is logged in the same transaction. ``UnknownPerson``, ``Merged``."""
    keys = refreshed(connection, keys)
    with connection.transaction():
        member = opened(connection, keys, person)
        log_read(connection, who=who, why=why, what=what, person=person, rows=1)
        changes = sorted({*MEMBER_CHANGES, Change.DIED.value})
        memberships = [
            {"change": change, "unit": unit, "day": day.isoformat(), "dossier": dossier, "line": line}
            for change, unit, day, dossier, line in connection.execute(
                query(PACKAGE, "read_memberships"), {"person": person, "changes": changes}
            )
        ]
        history = _history(connection, member)
    return View(member, memberships, history, disagreements(member.record))


def _history(connection: psycopg.Connection, member: Member) -> list[dict[str, Any]]:
    about = member.person.encode()
    return [
        {
            "at": at,
            "by": by,
            "why": unseal(member.key, bytes(why), about).decode(),
            "changed": msgspec.json.decode(unseal(member.key, bytes(changed), about)),
        }
        for at, by, why, changed in connection.execute(query(PACKAGE, "read_versions"), (member.person,))
    ]


def as_json(seen: View) -> dict[str, Any]:
    """The view as scripts read it."""
    member = seen.member
    kept = member.record.get(BY_HAND, "")
    return {
        "id": member.person,
        "record": dict(shown(member.record)),
        "set_by_hand": kept.split(",") if kept else [],
        "numbers": [{"kind": a.kind, "number": a.number, "since": a.since} for a in member.aliases],
        "positions": [
            {"position_id": name, **msgspec.structs.asdict(held)}
            for name, held in sorted(member.positions.items(), key=lambda item: (item[1].since, item[0]))
        ],
        "memberships": seen.memberships,
        "history": seen.history,
        "doubts": [english for _, english in seen.doubts],
        "known_since": member.minted_at,
        "recorded_at": member.recorded_at,
    }


def reads_of(connection: psycopg.Connection, person: str) -> list[dict[str, Any]]:
    """Who read the person's data, why and what, the oldest first. Nothing personal of the person is in it."""
    rows = connection.execute(query(PACKAGE, "read_reads"), (person,)).fetchall()
    return [{"at": at, "who": who, "why": why, "what": what} for at, who, why, what in rows]
