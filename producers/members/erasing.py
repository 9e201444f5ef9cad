"""Erasing a person (law 91/2025: within 20 days): numbers, record, key, history and refused rows go; the facts on the
log stay, under an id that leads to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg

from producers.members.errors import MemberError, UnknownPerson
from producers.members.holding import Member, opened
from producers.quarantine import reading as quarantine
from producers.readers.dates import parse_day
from producers.sql import query
from producers.vault.identifiers import identifier_of
from producers.vault.keys import VaultKeys
from producers.vault.reading import log_read
from producers.vault.record import folded_name

PACKAGE = "producers.members"
LIST = "erased.ids"
"""Beside the vault's key: ids that were erased, one a line. A vault restored from a backup is held against it."""

NUMBERS = ("personal_number", "insurance_number")
ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Erased:
    """``ids``: the person's, and those that had been merged into it. ``held``: refused rows that went.

    ``before``: it had been erased earlier, and nothing was done.
    """

    ids: list[str]
    held: int
    at: datetime
    before: bool = False


def ids_of(connection: psycopg.Connection, person: str) -> list[str]:
    """The id and those merged into it. ``UnknownPerson``; ``MemberError`` when it was itself merged into another."""
    rows = connection.execute(query(PACKAGE, "ids_of_person"), {"person": person}).fetchall()
    for identity, merged_into in rows:
        if identity.hex == person and merged_into is not None:
            raise MemberError(f"{person} was merged into {merged_into.hex}: erase that one.")
    if not rows:
        raise UnknownPerson(f"The vault has nobody under {person}.")
    return [person, *(row[0].hex for row in rows if row[0].hex != person)]


def erased_before(connection: psycopg.Connection, person: str) -> datetime | None:
    """When the id was erased; None if it was not."""
    row = connection.execute("select at from vault.erasures where person = %s::uuid", (person,)).fetchone()
    return row[0] if row else None


def erase(connection: psycopg.Connection, keys: VaultKeys, person: str, *, who: str, why: str, now: datetime) -> Erased:
    """Erase in one transaction. The caller holds the intake's lock, and has made sure that no spell or membership is
    open. Doing it again does nothing. ``UnknownPerson``, ``MemberError``."""
    before = erased_before(connection, person)
    if before is not None:
        _list(keys, [person])
        return Erased([person], 0, before, before=True)
    with connection.transaction():
        ids = ids_of(connection, person)
        log_read(connection, who=who, why=why, what="erase", person=person, rows=1)
        held = _held_of(connection, keys, opened(connection, keys, person, lock=True))
        connection.execute(query(PACKAGE, "erase_held"), (held,))
        for table in ("aliases", "codes", "versions", "positions", "merges", "pairs", "persons"):
            connection.execute(query(PACKAGE, f"erase_{table}"), {"ids": ids})
        connection.execute(query(PACKAGE, "write_erasures"), {"ids": ids, "by": who, "at": now})
    _list(keys, ids)
    return Erased(ids, len(held), now)


def _held_of(connection: psycopg.Connection, keys: VaultKeys, member: Member) -> list[int]:
    """Refused rows that state one of the person's numbers, or the name and the day of birth."""
    numbers = {alias.number for alias in member.aliases if alias.number}
    name, born = folded_name(member.record.get("full_name", "")), parse_day(member.record.get("birth_date", ""))
    found: list[int] = []
    last = -1
    while rows := connection.execute(query(PACKAGE, "page_of_held"), (last, ROWS)).fetchall():
        for held, sealed in rows:
            last = held
            if _is_of(quarantine.opened(keys, sealed), numbers, name, born):
                found.append(held)
    return found


def _is_of(values: Mapping[str, str], numbers: set[str], name: str, born: str | None) -> bool:
    stated = (identifier_of(values.get(field, "")) for field in NUMBERS)
    if any(identifier and identifier.number in numbers for identifier in stated):
        return True
    if not (name and born):
        return False
    return folded_name(values.get("full_name", "")) == name and parse_day(values.get("birth_date", "")) == born


def _list(keys: VaultKeys, ids: list[str]) -> None:
    """Remember the ids outside of the database, for the day when an old backup is restored."""
    if keys.file is None:
        return
    path = keys.file.with_name(LIST)
    known = set(path.read_text().split()) if path.exists() else set()
    with path.open("a", encoding="ascii") as file:
        file.writelines(f"{one}\n" for one in ids if one not in known)
