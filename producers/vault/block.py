"""Identity and member records for one block of rows, in a few statements however many rows.

The caller holds the intake's lock, so nobody else mints at the same time, and commits before it publishes.
"""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import psycopg

from producers.copying import array_of, bytes_array, copy_lines
from producers.sql import query
from producers.vault.identifiers import Identifier, hash_of
from producers.vault.keys import VaultKeys
from producers.vault.sealing import seal, unseal

PACKAGE = "producers.vault"


@dataclass(slots=True)
class Holder:
    """A person of this block. ``key`` is there when new or unwrapped; ``record`` gathers what the block states."""

    person: str
    key: bytes = b""
    minted: bool = False
    stated: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


class VaultBlock:
    """Resolve rows to persons, gather what they state, then write all of it at once with ``store``."""

    def __init__(self, connection: psycopg.Connection, keys: VaultKeys, now: datetime) -> None:
        self._connection = connection
        self._keys = keys
        self._now = now
        self._holders: dict[str, Holder] = {}
        self._aliases: dict[bytes, tuple[str, str, str]] = {}

    def resolve(self, rows: Sequence[tuple[tuple[Identifier, ...], str]]) -> list[str | None]:
        """Person ids of (identifiers, day of the fact) in the order of the rows; unknown ones are minted.

        None: the row's numbers lead to two persons (reason ``two-identities``); neither is changed.
        """
        secret = self._keys.identifiers
        hashes = {identifier: hash_of(identifier, secret) for identifiers, _ in rows for identifier in identifiers}
        found = self._connection.execute(query(PACKAGE, "find_aliases"), (bytes_array(hashes.values()),), binary=True)
        known: dict[bytes, str] = {bytes(row[0]): row[1].hex for row in found}
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
                    self._aliases[hashes[identifier]] = (person, identifier.kind, day)
                resolved.append(person)
                continue
            resolved.append(None)
        return resolved

    def _mint(self) -> str:
        person = secrets.token_hex(16)
        self._holders[person] = Holder(person, os.urandom(32), minted=True)
        return person

    def _holder(self, person: str) -> Holder:
        return self._holders.setdefault(person, Holder(person))

    def state(self, person: str, stated: dict[str, str]) -> None:
        """Gather fields of the member record; of several statements the last one stands."""
        if stated:
            self._holder(person).stated.update(stated)

    def keep_code(self, person: str, fact: str, code: str) -> None:
        """Gather a movement code that tells of health."""
        self._holder(person).codes[fact] = code

    def store(self) -> None:
        """Write persons, aliases, records and codes. Part of the caller's transaction."""
        known = [holder for holder in self._holders.values() if not holder.minted and (holder.stated or holder.codes)]
        self._update(known)
        minted = [holder for holder in self._holders.values() if holder.minted]
        self._insert(minted)
        codes = (
            (fact, h.person, seal(h.key, c.encode(), fact.encode()))
            for h in known + minted
            for fact, c in h.codes.items()
        )
        self._write_codes(list(codes))
        self._holders, self._aliases = {}, {}

    def _insert(self, minted: Iterable[Holder]) -> None:
        now = self._now.isoformat()
        lines = []
        for holder in minted:
            about = holder.person.encode()
            wrapped = seal(self._keys.master, holder.key, about).hex()
            record = (
                "\\\\x" + seal(holder.key, msgspec.json.encode(holder.stated), about).hex() if holder.stated else "\\N"
            )
            lines.append(f"{holder.person}\t\\\\x{wrapped}\t{record}\t{now}\t{now}\n")
        aliases = [
            f"\\\\x{hashed.hex()}\t{person}\t{kind}\t{day}\t{now}\n"
            for hashed, (person, kind, day) in self._aliases.items()
        ]
        for name, text in (("copy_persons", lines), ("copy_aliases", aliases)):
            if text:
                copy_lines(self._connection, query(PACKAGE, name), text)

    def _update(self, holders: list[Holder]) -> None:
        if not holders:
            return
        rows = self._connection.execute(
            query(PACKAGE, "read_persons"), (array_of(h.person for h in holders),), binary=True
        )
        changed: list[tuple[bytes, datetime, str]] = []
        for identity, wrapped, sealed in rows.fetchall():
            holder = self._holders[identity.hex]
            about = holder.person.encode()
            holder.key = unseal(self._keys.master, bytes(wrapped), about)
            before: dict[str, str] = msgspec.json.decode(unseal(holder.key, bytes(sealed), about)) if sealed else {}
            after = before | holder.stated
            if after != before:
                changed.append((seal(holder.key, msgspec.json.encode(after), about), self._now, holder.person))
        if changed:
            records, days, persons = zip(*changed, strict=True)
            self._connection.execute(query(PACKAGE, "update_records"), (list(persons), list(records), days[0]))

    def _write_codes(self, codes: list[tuple[str, str, bytes]]) -> None:
        if codes:
            facts, persons, sealed = zip(*codes, strict=True)
            self._connection.execute(query(PACKAGE, "write_codes"), (list(facts), list(persons), list(sealed)))
