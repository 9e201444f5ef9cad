"""Identity and member records for one block of rows, in a few statements however many rows.

The caller holds the intake's lock, so nobody else mints at the same time, and commits before it publishes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import psycopg

from producers.copying import array_of, bytes_array, copy_lines, copy_text
from producers.sql import query
from producers.vault.identifiers import Identifier, hash_of
from producers.vault.keys import VaultKeys
from producers.vault.randomness import random_bytes
from producers.vault.record import changes_between, indexes_of, stated_over
from producers.vault.sealing import seal, unseal

PACKAGE = "producers.vault"
FEEDS = "intake"
"""Who changed a record, when a feed did."""


@dataclass(slots=True)
class Holder:
    """A person of this block. ``key`` is there when new or unwrapped; ``stated`` gathers what the block states.

    ``numbers``: hash -> (kind, day, number) of new aliases; ``unsealed`` the same for aliases that the vault knows from
    a time when it did not keep the number.
    """

    person: str
    key: bytes = b""
    minted: bool = False
    stated: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    numbers: dict[bytes, tuple[str, str, str]] = field(default_factory=dict)
    unsealed: dict[bytes, tuple[str, str, str]] = field(default_factory=dict)


def number_about(person: str, kind: str) -> bytes:
    """What the seal of an alias's number is about."""
    return f"{person}:{kind}".encode()


class VaultBlock:
    """Resolve rows to persons, gather what they state, then write all of it at once with ``store``."""

    def __init__(self, connection: psycopg.Connection, keys: VaultKeys, now: datetime) -> None:
        self._connection = connection
        self._keys = keys
        self._now = now
        self._holders: dict[str, Holder] = {}

    def resolve(self, rows: Sequence[tuple[tuple[Identifier, ...], str]]) -> list[str | None]:
        """Person ids of (identifiers, day of the fact) in the order of the rows; unknown ones are minted.

        None: the row's numbers lead to two persons (reason ``two-identities``); neither is changed.
        """
        hashes, known = self._known({identifier for identifiers, _ in rows for identifier in identifiers})
        resolved: list[str | None] = []
        for identifiers, day in rows:
            person = ""
            unknown = []
            for identifier in identifiers:
                holder = known.get(hashes[identifier])
                if holder is None:
                    unknown.append(identifier)
                elif holder != person and person:
                    break
                else:
                    person = holder
            else:
                person = person or self._mint()
                for identifier in unknown:
                    known[hashes[identifier]] = person
                    alias = (identifier.kind, day, identifier.number)
                    self._holder(person).numbers[hashes[identifier]] = alias
                resolved.append(person)
                continue
            resolved.append(None)
        return resolved

    def _known(self, wanted: set[Identifier]) -> tuple[dict[Identifier, bytes], dict[bytes, str]]:
        """(hash of each identifier under the current secret, person of each such hash that the vault knows)."""
        secret, *former = self._keys.secrets()
        hashes = {identifier: hash_of(identifier, secret) for identifier in wanted}
        other = {hash_of(identifier, former[0]): hashes[identifier] for identifier in wanted} if former else {}
        asked = bytes_array([*hashes.values(), *other])
        known: dict[bytes, str] = {}
        for row in self._connection.execute(query(PACKAGE, "find_aliases"), (asked,), binary=True):
            stored, person = bytes(row[0]), row[1].hex
            current = other.get(stored, stored)
            known[current] = person
            if row[2]:
                identifier = next(one for one, hashed in hashes.items() if hashed == current)
                self._holder(person).unsealed[stored] = (identifier.kind, "", identifier.number)
        return hashes, known

    def _mint(self) -> str:
        person = random_bytes(16).hex()
        self._holders[person] = Holder(person, random_bytes(32), minted=True)
        return person

    def forget(self, persons: Iterable[str]) -> None:
        """Keep nothing of these: whoever was minted for them is nobody."""
        for person in persons:
            self._holders.pop(person, None)

    def _holder(self, person: str) -> Holder:
        return self._holders.setdefault(person, Holder(person))

    def state(self, person: str, stated: dict[str, str], origin: str = "") -> None:
        """Gather fields of the member record; of several statements the last one stands. ``origin``: who says so, for
        the record's history (``DOSSIER:LINE``)."""
        if stated:
            holder = self._holder(person)
            holder.stated.update(stated)
            holder.origin = origin

    def keep_code(self, person: str, fact: str, code: str) -> None:
        """Gather a movement code that tells of health."""
        self._holder(person).codes[fact] = code

    def store(self) -> None:
        """Write persons, aliases, records and codes. Part of the caller's transaction."""
        known = [h for h in self._holders.values() if not h.minted]
        known = [h for h in known if h.stated or h.codes or h.numbers or h.unsealed]
        self._update(known)
        minted = [holder for holder in self._holders.values() if holder.minted]
        self._insert(minted, known)
        codes = (
            (fact, h.person, seal(h.key, c.encode(), fact.encode()))
            for h in known + minted
            for fact, c in h.codes.items()
        )
        self._write_codes(list(codes))
        self._holders = {}

    def _insert(self, minted: Iterable[Holder], known: Iterable[Holder]) -> None:
        now, generation = self._now.isoformat(), self._keys.generation
        lines, aliases = [], []
        for holder in minted:
            about = holder.person.encode()
            wrapped = seal(self._keys.master, holder.key, about).hex()
            record = name = card = "\\N"
            if holder.stated:
                record = "\\\\x" + seal(holder.key, msgspec.json.encode(holder.stated), about).hex()
                name, card = map(_text, indexes_of(holder.stated, self._keys.identifiers))
            lines.append(f"{holder.person}\t\\\\x{wrapped}\t{record}\t{now}\t{now}\t{generation}\t{name}\t{card}\n")
            aliases += self._alias_lines(holder)
        for holder in known:
            aliases += self._alias_lines(holder)
        for statement, text in (("copy_persons", lines), ("copy_aliases", aliases)):
            if text:
                copy_lines(self._connection, query(PACKAGE, statement), text)

    def _alias_lines(self, holder: Holder) -> list[str]:
        """New numbers of a person, as COPY writes them."""
        person, now = holder.person, self._now.isoformat()
        return [
            f"\\\\x{hashed.hex()}\t{person}\t{kind}\t{day}\t{now}"
            f"\t\\\\x{seal(holder.key, number.encode(), number_about(person, kind)).hex()}\n"
            for hashed, (kind, day, number) in holder.numbers.items()
        ]

    def _update(self, holders: list[Holder]) -> None:
        """Open the keys of persons that are known already, and write what their records have become."""
        if not holders:
            return
        rows = self._connection.execute(
            query(PACKAGE, "lock_persons"), (array_of(h.person for h in holders),), binary=True
        )
        changed: list[tuple[str, bytes, bytes | None, bytes | None]] = []
        versions: list[tuple[str, bytes, str, bytes, str]] = []
        for identity, wrapped, sealed in rows.fetchall():
            holder = self._holders[identity.hex]
            about = holder.person.encode()
            holder.key = unseal(self._keys.master, bytes(wrapped), about)
            before: dict[str, str] = msgspec.json.decode(unseal(holder.key, bytes(sealed), about)) if sealed else {}
            after = stated_over(before, holder.stated)
            if after != before:
                indexes = indexes_of(after, self._keys.identifiers)
                changed.append((holder.person, seal(holder.key, msgspec.json.encode(after), about), *indexes))
                if before:
                    difference = msgspec.json.encode(changes_between(before, after))
                    said = seal(holder.key, difference, about), seal(holder.key, holder.origin.encode(), about)
                    versions.append((holder.person, said[0], FEEDS, said[1], self._now.isoformat()))
        if changed:
            columns = [list(column) for column in zip(*changed, strict=True)]
            self._connection.execute(query(PACKAGE, "update_records"), (*columns, self._now))
        if versions:
            copy_text(self._connection, query(PACKAGE, "copy_versions"), versions)
        self._seal_numbers([holder for holder in holders if holder.unsealed])

    def _seal_numbers(self, holders: list[Holder]) -> None:
        rows = [
            (hashed, seal(holder.key, number.encode(), number_about(holder.person, kind)))
            for holder in holders
            for hashed, (kind, _, number) in holder.unsealed.items()
        ]
        if rows:
            hashes, sealed = zip(*rows, strict=True)
            self._connection.execute(query(PACKAGE, "update_numbers"), (list(hashes), list(sealed)))

    def _write_codes(self, codes: list[tuple[str, str, bytes]]) -> None:
        if codes:
            facts, persons, sealed = zip(*codes, strict=True)
            self._connection.execute(query(PACKAGE, "write_codes"), (list(facts), list(persons), list(sealed)))


def _text(value: bytes | None) -> str:
    """Bytea as COPY's text format writes it."""
    return "\\N" if value is None else "\\\\x" + value.hex()
