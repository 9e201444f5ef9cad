"""Persons whom the vault sees for the first time, and their numbers, as COPY takes them. Pure but for nonces.

Sealing is the dearest step of a row: four seals and two hashes. So it is written to be done anywhere: for large blocks
in a process of its own (``sealprocess``). COPY is fed in its binary format: most of a row is sealed bytes, which as
text would be spelled in digits here and read again there.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

import msgspec

from producers.vault.record import indexes_of
from producers.vault.sealing import seal

Number = tuple[bytes, str, str, str]
"""(hash, kind, day, number) of a new alias."""
Newcomer = tuple[str, bytes, dict[str, str], list[Number]]
"""(person id, the person's own key, what is stated for the record, new numbers)."""

HEAD, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
"""Begin and end of COPY's binary format. Source: PostgreSQL documentation, COPY, Binary Format."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_PERSON, _TIMES, _ALIAS = Struct(">hi16s"), Struct(">iqiqii"), Struct(">hi32si16s")
_SIZE, _DAY_AND_TIME, _NULL = Struct(">i"), Struct(">iiiq"), b"\xff\xff\xff\xff"


class Hand(NamedTuple):
    """What all persons of a block are written with: ``master`` wraps their keys, ``secret`` keys the blind indexes.
    ``now`` is in microseconds since 2000-01-01 UTC, as PostgreSQL counts."""

    master: bytes
    secret: bytes
    generation: int
    now: int


def microseconds(now: datetime) -> int:
    """Since 2000-01-01 UTC."""
    since = now - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def number_about(person: str, kind: str) -> bytes:
    """What the seal of an alias's number is about."""
    return f"{person}:{kind}".encode()


def person_row(person: str, key: bytes, stated: dict[str, str], hand: Hand) -> bytes:
    """One row of ``copy_persons``: the wrapped key, and the record if anything is stated."""
    about = person.encode()
    record: bytes | None = None
    name: bytes | None = None
    card: bytes | None = None
    if stated:
        record = seal(key, msgspec.json.encode(stated), about)
        name, card = indexes_of(stated, hand.secret)
    times = _TIMES.pack(8, hand.now, 8, hand.now, 4, hand.generation)
    wrapped = seal(hand.master, key, about)
    head = _PERSON.pack(8, 16, bytes.fromhex(person))
    return b"".join((head, _field(wrapped), _field(record), times, _field(name), _field(card)))


def number_rows(person: str, key: bytes, numbers: list[Number], now: int) -> bytes:
    """Rows of ``copy_aliases``."""
    return b"".join(
        _ALIAS.pack(6, 32, hashed, 16, bytes.fromhex(person))
        + _field(kind.encode())
        + _DAY_AND_TIME.pack(4, _days(day), 8, now)
        + _field(seal(key, number.encode(), number_about(person, kind)))
        for hashed, kind, day, number in numbers
    )


def rows_of(newcomers: list[Newcomer], hand: Hand) -> tuple[bytes, bytes]:
    """(rows of ``copy_persons``, rows of ``copy_aliases``), without begin and end of the format."""
    persons = [person_row(person, key, stated, hand) for person, key, stated, _ in newcomers]
    numbers = [number_rows(person, key, said, hand.now) for person, key, _, said in newcomers]
    return b"".join(persons), b"".join(numbers)


@lru_cache(maxsize=4096)
def _days(day: str) -> int:
    return date.fromisoformat(day).toordinal() - _EPOCH.toordinal()


def _field(value: bytes | None) -> bytes:
    return _NULL if value is None else _SIZE.pack(len(value)) + value
