"""The whole vault read a block at a time, persons of one name always in the same block.

Names are sealed, so PostgreSQL can't gather them. A first pass opens every record for its name alone and keeps 16 bytes
a person: the id, in the block that the name falls into. Then each block is opened by itself, with numbers and dates of
birth, compared and forgotten. Nothing that was opened is ever written anywhere.
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID
from zlib import crc32

import msgspec
import psycopg

from producers.copying import array_of
from producers.members.duplicates_near import Namesake
from producers.readers.dates import parse_day
from producers.sql import query
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.newcomers import number_about
from producers.vault.record import folded_name
from producers.vault.sealing import unseal

PACKAGE = "producers.members"
PAGE = 2_000
BLOCK = 20_000
"""Persons of a block, about; a very common name alone may make it larger. Some 500 bytes each while it is open."""
ID = 16


class _Named(msgspec.Struct):
    full_name: str = ""


class _Compared(msgspec.Struct):
    full_name: str = ""
    birth_date: str = ""


_names, _compared = msgspec.json.Decoder(_Named), msgspec.json.Decoder(_Compared)


def blocks_by_name(connection: psycopg.Connection, keys: VaultKeys) -> tuple[list[bytearray], int]:
    """(ids of each block, 16 bytes each; how many persons there are, also those without a name). Reads every record
    but no number. ``KeyUnfit``."""
    (persons,) = connection.execute(query(PACKAGE, "duplicates_count")).fetchone() or (0,)
    blocks = [bytearray() for _ in range(1 + persons // BLOCK)]
    count, last = 0, UUID(int=0)
    while rows := connection.execute(query(PACKAGE, "duplicates_names"), (last, PAGE), binary=True).fetchall():
        for identity, wrapped, sealed in rows:
            count += 1
            if sealed:
                about = identity.hex.encode()
                record = _names.decode(unseal(unseal(keys.master, wrapped, about), sealed, about))
                if name := folded_name(record.full_name):
                    blocks[crc32(name.encode()) % len(blocks)] += identity.bytes
        last = rows[-1][0]
        keys = refreshed(connection, keys)
    return blocks, count


def namesakes_of(connection: psycopg.Connection, keys: VaultKeys, block: bytearray) -> Iterator[list[Namesake]]:
    """The persons of a block by name, two or more each, without who was erased or merged meanwhile. ``KeyUnfit``."""
    named: dict[str, list[Namesake]] = defaultdict(list)
    for start in range(0, len(block), PAGE * ID):
        end = min(start + PAGE * ID, len(block))
        ids = array_of(block[place : place + ID].hex() for place in range(start, end, ID))
        keys = refreshed(connection, keys)
        rows = connection.execute(query(PACKAGE, "duplicates_block"), (ids,), binary=True)
        for identity, wrapped, sealed, kinds, numbers in rows:
            person = identity.hex
            about = person.encode()
            key = unseal(keys.master, wrapped, about)
            record = _compared.decode(unseal(key, sealed, about))
            stated = tuple(
                unseal(key, number, number_about(person, kind)).decode()
                for kind, number in zip(kinds or (), numbers or (), strict=True)
            )
            one = Namesake(person, parse_day(record.birth_date) or "", stated)
            named[folded_name(record.full_name)].append(one)
    named.pop("", None)  # a name that was taken out meanwhile
    return (held for held in named.values() if len(held) > 1)
