"""Identity and member records for one block of rows, in a few statements however many rows.

The caller holds the intake's lock, so nobody else mints at the same time, and commits before it publishes.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from producers.background import BackgroundConnection
from producers.copying import array_of, bytes_array, copy_lines, copy_text
from producers.sql import query
from producers.vault.identifiers import Identifier, hash_of
from producers.vault.keys import VaultKeys
from producers.vault.newcomers import END, HEAD, Hand, Number, microseconds, number_about, number_rows
from producers.vault.randomness import random_bytes
from producers.vault.record import changes_between, indexes_of, stated_over
from producers.vault.sealing import seal, unseal
from producers.vault.sealprocess import Sealer

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


class VaultBlock:
    """Resolve rows to persons, gather what they state, then write all of it at once with ``store``.

    The vault may be asked before the block before this one is written (``ask``); what that one adds is given then.
    """

    def __init__(self, connection: BackgroundConnection, keys: VaultKeys, now: datetime, sealer: Sealer) -> None:
        self._connection = connection
        self._keys = keys
        self._now = now
        self._sealer = sealer
        self._holders: dict[str, Holder] = {}
        self._hashes: dict[Identifier, bytes] = {}
        self._former: dict[bytes, bytes] = {}
        self._asked: Future[list[tuple[Any, ...]]] | None = None
        self._sealing: Future[tuple[bytes, bytes]] | None = None
        self.added: dict[bytes, str] = {}
        """Hash → person of the numbers that this block brings."""

    def ask(self, wanted: Iterable[Identifier]) -> None:
        """Look these numbers up in the background; ``resolve`` needs the answer."""
        secret, *former = self._keys.secrets()
        self._hashes = {identifier: hash_of(identifier, secret) for identifier in wanted}
        if former:
            self._former = {hash_of(one, former[0]): hashed for one, hashed in self._hashes.items()}
        asked = bytes_array([*self._hashes.values(), *self._former])

        def look() -> list[tuple[Any, ...]]:
            return self._connection.execute(query(PACKAGE, "find_aliases"), (asked,), binary=True).fetchall()

        self._asked = self._connection.behind(look) if self._hashes else None

    def resolve(
        self, rows: Sequence[tuple[tuple[Identifier, ...], str]], before: Mapping[bytes, str] | None = None
    ) -> list[str | None]:
        """Person ids of (identifiers, day of the fact) in the order of the rows; unknown ones are minted.

        All identifiers must have been asked for. ``before``: what blocks add that were not written yet when this one
        asked. None: the row's numbers lead to two persons (reason ``two-identities``); neither is changed.
        """
        hashes, known, added = self._hashes, self._known(before or {}), self.added
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
                if unknown:
                    numbers = self._holder(person).numbers
                    for identifier in unknown:
                        hashed = hashes[identifier]
                        known[hashed] = added[hashed] = person
                        numbers[hashed] = (identifier.kind, day, identifier.number)
                resolved.append(person)
                continue
            resolved.append(None)
        return resolved

    def _known(self, before: Mapping[bytes, str]) -> dict[bytes, str]:
        """Hash → person of everybody whom the vault knows under a number asked for."""
        known = dict(before)
        for hashed, owner, unsealed in self._connection.answer(self._asked) if self._asked else ():
            stored, person = bytes(hashed), owner.hex
            current = self._former.get(stored, stored)
            known[current] = person
            if unsealed:
                identifier = next(one for one, own in self._hashes.items() if own == current)
                self._holder(person).unsealed[stored] = (identifier.kind, "", identifier.number)
        return known

    def _mint(self) -> str:
        person = random_bytes(16).hex()
        self._holders[person] = Holder(person, random_bytes(32), minted=True)
        return person

    def forget(self, persons: Iterable[str]) -> None:
        """Keep nothing of these: whoever was minted for them is nobody."""
        gone = set(persons)
        for person in gone:
            self._holders.pop(person, None)
        self.added = {hashed: person for hashed, person in self.added.items() if person not in gone}

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

    def begin(self) -> None:
        """Start to seal whom this block mints; nothing may be stated of them after that. ``store`` writes it."""
        minted = [(h.person, h.key, h.stated, _numbers(h)) for h in self._holders.values() if h.minted]
        self._sealing = self._sealer.begin(minted, self._hand()) if minted else None

    def _hand(self) -> Hand:
        return Hand(self._keys.master, self._keys.identifiers, self._keys.generation, microseconds(self._now))

    def store(self) -> None:
        """Write persons, aliases, records and codes of what was begun. Part of the caller's transaction."""
        known = [h for h in self._holders.values() if not h.minted]
        known = [h for h in known if h.stated or h.codes or h.numbers or h.unsealed]
        self._update(known)
        codes = (
            (fact, h.person, seal(h.key, c.encode(), fact.encode()))
            for h in self._holders.values()
            for fact, c in h.codes.items()
        )
        self._write_codes(list(codes))
        now = microseconds(self._now)
        persons, aliases = self._sealing.result() if self._sealing else (b"", b"")
        aliases += b"".join(number_rows(h.person, h.key, _numbers(h), now) for h in known)
        for statement, rows in (("copy_persons", persons), ("copy_aliases", aliases)):
            if rows:
                copy_lines(self._connection, query(PACKAGE, statement), HEAD + rows + END)
        self._holders = {}

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


def _numbers(holder: Holder) -> list[Number]:
    return [(hashed, *said) for hashed, said in holder.numbers.items()]
