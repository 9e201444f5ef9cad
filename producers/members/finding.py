"""Finding a person: by number, by card, by name and birth. Only hashes are compared; nothing is opened for it, except
to hold a full date of birth against what was asked."""

import psycopg

from producers.copying import bytes_array
from producers.members.errors import MemberError
from producers.members.holding import opened
from producers.readers.dates import parse_day
from producers.sql import query
from producers.vault.identifiers import identifier_of
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.reading import find_person, log_read
from producers.vault.record import YEAR, card_index, name_index

PACKAGE = "producers.members"
NO_YEAR = "Say the year of birth, or the whole date: --birth 1985 or --birth 1985-03-05."


def year_of(birth: str) -> str | None:
    """The year of a year or a date as it is typed; None where there is none."""
    found = YEAR.search(birth)
    return found[0] if found else None


def by_number(connection: psycopg.Connection, keys: VaultKeys, number: str, *, who: str, why: str) -> str | None:
    """Person id behind a personal, insurance or old identity-card number; None when nobody is. The read is logged."""
    identifier = identifier_of(number)
    if identifier is None:
        raise MemberError("A number has 12 digits (personal), 10 (insurance) or 9 (old identity card).")
    return find_person(connection, keys, identifier, who=who, why=why)


def by_card(connection: psycopg.Connection, keys: VaultKeys, card: str, *, who: str, why: str) -> list[str]:
    """Ids with this card number: one, unless registers gave it twice. The read is logged."""
    keys = refreshed(connection, keys)
    hashes = bytes_array(filter(None, (card_index(card, secret) for secret in keys.secrets())))
    with connection.transaction():
        found = [row[0].hex for row in connection.execute(query(PACKAGE, "find_carded"), (hashes,))]
        log_read(connection, who=who, why=why, what="find", person=None, rows=len(found))
    return found


def by_name(connection: psycopg.Connection, keys: VaultKeys, name: str, birth: str, *, who: str, why: str) -> list[str]:
    """Ids of persons of this name (case and tone marks don't matter) born in that year, or on that day if one is given
    and the record states one. The read is logged, for everyone that it found."""
    year = year_of(birth)
    if year is None:
        raise MemberError(NO_YEAR)
    keys = refreshed(connection, keys)
    indexes = [name_index(name, year, secret) for secret in keys.secrets()]
    hashes = bytes_array(index for index in indexes if index)
    day = parse_day(birth) if len(birth.strip()) > 7 else None
    with connection.transaction():
        found = [row[0].hex for row in connection.execute(query(PACKAGE, "find_named"), (hashes,))]
        if day:
            found = [person for person in found if _may_be_born(connection, keys, person, day)]
        for person in found:
            log_read(connection, who=who, why=why, what="find", person=person, rows=1)
        if not found:
            log_read(connection, who=who, why=why, what="find", person=None, rows=0)
    return found


def _may_be_born(connection: psycopg.Connection, keys: VaultKeys, person: str, day: str) -> bool:
    stated = parse_day(opened(connection, keys, person).record.get("birth_date", ""))
    return stated is None or stated == day
