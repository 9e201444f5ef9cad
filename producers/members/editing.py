"""Correcting the member record. What a clerk sets, no feed overwrites; what was before is kept with who and why."""

import secrets
from collections.abc import Mapping
from datetime import datetime

import msgspec
import psycopg

from producers.copying import bytes_array
from producers.members.errors import MemberError
from producers.members.fields import NUMBERS, checked
from producers.members.holding import Member, Position, opened
from producers.members.positions import same_position, words
from producers.sql import query
from producers.validate.citizen import cannot_be
from producers.vault.identifiers import DIGITS, Identifier, hash_of
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.newcomers import number_about
from producers.vault.reading import log_read
from producers.vault.record import BY_HAND, card_index, changes_between, indexes_of
from producers.vault.sealing import seal

PACKAGE = "producers.members"


def edit(
    connection: psycopg.Connection,
    keys: VaultKeys,
    person: str,
    values: Mapping[str, str],
    *,
    who: str,
    why: str,
    now: datetime,
) -> dict[str, list[str]]:
    """Set fields (an empty value takes one away); field -> [before, after] of what changed, empty if nothing did.

    ``MemberError``: unknown field, value that can't be, a number or card that is somebody else's.
    """
    keys = refreshed(connection, keys)
    wanted = {field: checked(field, value) for field, value in values.items()}
    with connection.transaction():
        member = opened(connection, keys, person, lock=True)
        log_read(connection, who=who, why=why, what="edit", person=person, rows=1)
        _refuse_a_card_of_another(connection, keys, person, wanted.get("card_number", ""))
        for field in NUMBERS.keys() & wanted.keys():
            _add_number(connection, keys, member, wanted[field], now)
        after = {field: value for field, value in (member.record | wanted).items() if value}
        own = {*filter(None, member.record.get(BY_HAND, "").split(",")), *wanted}
        after[BY_HAND] = ",".join(sorted(own))
        changed = changes_between(member.record, after)
        if changed or after != member.record:
            sealed = seal(member.key, msgspec.json.encode(after), person.encode())
            name, card = indexes_of(after, keys.identifiers)
            row = ([person], [sealed], [name], [card], now)
            connection.execute(query("producers.vault", "update_records"), row)
        if changed:
            write_version(connection, member, changed, who=who, why=why, now=now)
    return changed


def write_version(
    connection: psycopg.Connection,
    member: Member,
    changed: Mapping[str, list[str]],
    *,
    who: str,
    why: str,
    now: datetime,
) -> None:
    """Keep what a change was. Part of the caller's transaction."""
    about = member.person.encode()
    said = seal(member.key, msgspec.json.encode(changed), about), who, seal(member.key, why.encode(), about)
    connection.execute(query(PACKAGE, "write_version"), (member.person, *said, now))


def _refuse_a_card_of_another(connection: psycopg.Connection, keys: VaultKeys, person: str, card: str) -> None:
    """A card number is unique (it is assigned by the system, says the programme)."""
    if not card:
        return
    hashes = bytes_array(filter(None, (card_index(card, secret) for secret in keys.secrets())))
    others = [row[0].hex for row in connection.execute(query(PACKAGE, "find_carded"), (hashes,))]
    if any(other != person for other in others):
        other = next(other for other in others if other != person)
        raise MemberError(f"card_number: another member has this card ({other}). Correct one of the two.")


def _add_number(connection: psycopg.Connection, keys: VaultKeys, member: Member, number: str, now: datetime) -> None:
    """The number leads to the person from now on; those before go on leading there, for old files still state them."""
    kind = DIGITS[len(number)]
    wrong = cannot_be(number, now.date().isoformat()) if kind == "personal" else None
    if wrong:
        raise MemberError(f"personal_number: {wrong[0]} / {wrong[1]}.")
    if any(alias.kind == kind and alias.number == number for alias in member.aliases):
        return
    hashes = [hash_of(Identifier(kind, number), secret) for secret in keys.secrets()]
    known = connection.execute(query("producers.vault", "find_aliases"), (bytes_array(hashes),)).fetchone()
    if known is not None:
        if known[1].hex != member.person:
            raise MemberError(
                f"This number is known as that of {known[1].hex}. If both are one person: mobility person merge"
                f" {known[1].hex} {member.person} --why ... (or the other way round)."
            )
        return
    sealed = seal(member.key, number.encode(), number_about(member.person, kind))
    row = (hashes[0], member.person, kind, now.date(), now, sealed)
    connection.execute(query(PACKAGE, "write_alias"), row)


def hold_position(
    connection: psycopg.Connection,
    keys: VaultKeys,
    person: str,
    held: Position,
    *,
    who: str,
    why: str,
    now: datetime,
) -> str:
    """State a position in a union, or restate the one that began that day in that union (or on a day that no file
    told); its id (32 hex digits)."""
    keys = refreshed(connection, keys)
    if held.until and held.until < held.since:
        raise MemberError("The position's end lies before its beginning. Correct one of the two days.")
    with connection.transaction():
        member = opened(connection, keys, person, lock=True)
        log_read(connection, who=who, why=why, what="edit", person=person, rows=1)
        name = same_position(member.positions, held) or secrets.token_hex(16)
        before = member.positions.get(name)
        if before != held:
            sealed = seal(member.key, msgspec.json.encode(held), name.encode())
            connection.execute(query(PACKAGE, "write_position"), (name, person, sealed))
            changed = {"position": [words(before), words(held)]}
            write_version(connection, member, changed, who=who, why=why, now=now)
    return name
