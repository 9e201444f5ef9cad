"""Pages of what the vault's key hashes and seals, written again under a new one. Each page is a transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg

from producers.sql import query
from producers.vault.identifiers import DIGITS, Identifier, hash_of
from producers.vault.keys import VaultKeys
from producers.vault.newcomers import number_about
from producers.vault.record import indexes_of
from producers.vault.sealing import seal, unseal

PACKAGE = "producers.vault"


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows, and the last one's id."""

    count: int
    last: str


def reseal_persons(connection: psycopg.Connection, keys: VaultKeys, after: str, limit: int) -> Page:
    """The next persons (by id) whose key is wrapped by the former master: wrap it anew, hash their numbers, names and
    cards anew. Persons that somebody else is writing are left for another pass."""
    with connection.transaction():
        rows = connection.execute(query(PACKAGE, "page_of_persons"), (keys.generation, after, limit)).fetchall()
        if not rows:
            return Page(0, after)
        numbers: dict[Any, list[tuple[bytes, str, bytes]]] = defaultdict(list)
        ids = [row[0] for row in rows]
        for hashed, person, kind, sealed in connection.execute(query(PACKAGE, "aliases_of_persons"), (ids,)):
            numbers[person].append((bytes(hashed), kind, bytes(sealed or b"")))
        wrapped, names, cards, before, anew = [], [], [], [], []
        for identity, sealed_key, record in rows:
            person = identity.hex
            about = person.encode()
            key = unseal(keys.master, bytes(sealed_key), about)
            wrapped.append(seal(keys.master, key, about))
            fields = msgspec.json.decode(unseal(key, bytes(record), about), type=dict[str, str]) if record else {}
            name, card = indexes_of(fields, keys.identifiers)
            names.append(name)
            cards.append(card)
            for hashed, kind, sealed in numbers[identity]:
                number = unseal(key, sealed, number_about(person, kind)).decode()
                before.append(hashed)
                anew.append(hash_of(Identifier(DIGITS[len(number)], number), keys.identifiers))
        connection.execute(query(PACKAGE, "rewrap_persons"), (ids, wrapped, names, cards, keys.generation))
        connection.execute(query(PACKAGE, "rehash_aliases"), (before, anew))
    return Page(len(rows), str(ids[-1]))


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Rows that the master key seals outside of the vault: ``name`` (key column) and ``sealed`` of a table.

    ``about``: what the seal of a row is bound to, from its key.
    """

    table: str
    name: str
    first: object
    about: Callable[[Any], bytes]


PLACES = (
    SealedPlace("intake.quarantine", "id", -1, lambda held: b"quarantine"),
    SealedPlace(
        "intake.posts", "post", "00000000-0000-0000-0000-000000000000", lambda post: b"post " + bytes(post.bytes)
    ),
)
"""Every column ``sealed`` of the schema ``intake``; a test finds one that is missing here."""


def reseal_places(connection: psycopg.Connection, keys: VaultKeys, limit: int) -> int:
    """Seal again whatever is under the former master; how many rows. Doing it twice does no harm."""
    if not getattr(keys.master, "former", b""):
        return 0
    return sum(_reseal_place(connection, keys, place, limit) for place in PLACES)


def _reseal_place(connection: psycopg.Connection, keys: VaultKeys, place: SealedPlace, limit: int) -> int:
    count, last = 0, place.first
    while True:
        with connection.transaction():
            rows = connection.execute(
                f"select {place.name}, sealed from {place.table}"
                f" where {place.name} > %s and sealed is not null order by {place.name} limit %s for update",
                (last, limit),
            ).fetchall()
            for name, sealed in rows:
                about = place.about(name)
                anew = seal(keys.master, unseal(keys.master, bytes(sealed), about), about)
                connection.execute(f"update {place.table} set sealed = %s where {place.name} = %s", (anew, name))
        if not rows:
            return count
        count, last = count + len(rows), rows[-1][0]
