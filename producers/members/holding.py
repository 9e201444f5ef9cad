"""A person as the vault holds them: key, record, numbers and positions, opened. Whoever opens one logs the read."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec
import psycopg

from producers.members.errors import Merged, UnknownPerson
from producers.sql import query
from producers.vault.keys import VaultKeys
from producers.vault.newcomers import number_about
from producers.vault.sealing import unseal

PACKAGE = "producers.members"
ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Alias:
    """A number that leads to the person. ``number`` is empty where an earlier vault kept its hash only."""

    kind: str
    number: str
    since: str
    hash: bytes


class Position(msgspec.Struct, frozen=True):
    """A position in a union; ``until`` is empty while it is held. Days ``YYYY-MM-DD``."""

    union: str
    position: str
    since: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """``record`` has the reserved field ``by_hand`` too (see ``producers.vault.record``)."""

    person: str
    key: bytes
    record: dict[str, str]
    aliases: list[Alias]
    positions: dict[str, Position]
    minted_at: datetime
    recorded_at: datetime


def checked_id(person: str) -> str:
    """The id in lower case. ``UnknownPerson`` when it can't be one; the sentence never repeats it."""
    lowered = person.strip().lower().replace("-", "")
    if not ID.fullmatch(lowered):
        raise UnknownPerson("An id has 32 hexadecimal digits. Find it by number: mobility person find --number -")
    return lowered


def opened(connection: psycopg.Connection, keys: VaultKeys, person: str, *, lock: bool = False) -> Member:
    """Everything the vault holds of a person. ``UnknownPerson``, ``Merged``, ``KeyUnfit``.

    ``lock``: until the end of the transaction nobody else changes the person.
    """
    text = query(PACKAGE, "read_person")
    row = connection.execute(f"{text} for update" if lock else text, (person,)).fetchone()
    if row is None:
        raise UnknownPerson(
            f"The vault has nobody under {person}. Find an id by number: mobility person find --number -"
        )
    if row[2] is not None:
        raise Merged(person, row[2].hex)
    about = person.encode()
    key = unseal(keys.master, bytes(row[0]), about)
    record = msgspec.json.decode(unseal(key, bytes(row[1]), about), type=dict[str, str]) if row[1] else {}
    aliases = [
        Alias(
            kind,
            unseal(key, bytes(number), number_about(person, kind)).decode() if number else "",
            since.isoformat(),
            bytes(hashed),
        )
        for hashed, kind, since, number in connection.execute(query(PACKAGE, "read_aliases"), (person,))
    ]
    positions = {
        position.hex: msgspec.json.decode(unseal(key, bytes(held), position.hex.encode()), type=Position)
        for position, held in connection.execute(query(PACKAGE, "read_positions"), (person,))
    }
    return Member(person, key, record, aliases, positions, row[3], row[4])
