"""Pairs of ids that may be one person: suggested with the reason, never merged by themselves. A clerk looks.

Numbers alone tell little: in a city of a million, every twentieth personal number has a neighbour one digit off that is
somebody else's. So a pair needs the same name, and beside it the same date of birth or numbers that differ by one digit
or by two neighbours swapped. Two with the same card are suggested whatever their names.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import msgspec
import psycopg

from producers.members.errors import MemberError
from producers.readers.dates import parse_day
from producers.sql import query
from producers.vault.block import number_about
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.reading import log_read
from producers.vault.record import folded_name
from producers.vault.sealing import unseal

PACKAGE = "producers.members"
PAGE = 2_000
CROWD = 200
"""Ids that share a name and a birth date, or a card: beyond so many it is a placeholder, not a person."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two ids, the lower one first; ``reasons`` are stable codes."""

    one: str
    other: str
    reasons: tuple[str, ...]


class _One(NamedTuple):
    """What is compared of a person, in memory only: ``born`` is a full date or empty."""

    person: str
    born: str
    numbers: tuple[str, ...]


def suggestions(connection: psycopg.Connection, keys: VaultKeys, *, who: str, why: str) -> list[Suggestion]:
    """All pairs, but those that a clerk said are two persons. Reads the whole vault (logged as one read of so many
    rows), with some 500 bytes of memory a person."""
    keys = refreshed(connection, keys)
    named: dict[str, list[_One]] = defaultdict(list)
    cards: dict[str, list[str]] = defaultdict(list)
    count = 0
    for person, record, numbers in _everybody(connection, keys):
        count += 1
        if card := "".join(record.get("card_number", "").split()):
            cards[card].append(person)
        if name := folded_name(record.get("full_name", "")):
            named[name].append(_One(person, parse_day(record.get("birth_date", "")) or "", tuple(numbers)))
    reasons: dict[tuple[str, str], set[str]] = defaultdict(set)
    for namesakes in named.values():
        if len(namesakes) > 1:
            _compare(namesakes, reasons)
    for persons in cards.values():
        for one, other in _each(persons):
            reasons[one, other].add("same-card")
    with connection.transaction():
        log_read(connection, who=who, why=why, what="duplicates", person=None, rows=count)
        apart = {(a.hex, b.hex) for a, b in connection.execute(query(PACKAGE, "read_pairs")).fetchall()}
    return [Suggestion(*pair, tuple(sorted(said))) for pair, said in sorted(reasons.items()) if pair not in apart]


def _everybody(connection: psycopg.Connection, keys: VaultKeys) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(query(PACKAGE, "page_of_members"), (last, PAGE)).fetchall():
        for identity, wrapped, sealed, kinds, numbers in rows:
            person = identity.hex
            about = person.encode()
            key = unseal(keys.master, bytes(wrapped), about)
            record = msgspec.json.decode(unseal(key, bytes(sealed), about), type=dict[str, str]) if sealed else {}
            stated = [
                unseal(key, bytes(number), number_about(person, kind)).decode()
                for kind, number in zip(kinds, numbers, strict=True)
                if number
            ]
            yield person, record, stated
        last = str(rows[-1][0])


def _compare(namesakes: Sequence[_One], reasons: dict[tuple[str, str], set[str]]) -> None:
    """Note the pairs among persons of one name."""
    born: dict[str, list[str]] = defaultdict(list)
    close: dict[str, list[tuple[str, str]]] = defaultdict(list)
    old_cards = set()
    for one in namesakes:
        if one.born:
            born[one.born].append(one.person)
        if {len(number) for number in one.numbers} == {9}:
            old_cards.add(one.person)
        for number in one.numbers:
            for key in _neighbourhoods(number):
                close[key].append((one.person, number))
    for persons in born.values():
        for first, second in _each(persons):
            old = len(old_cards & {first, second}) == 1
            reasons[first, second].add("old-card-same-birth" if old else "same-name-and-birth")
    for held in close.values():
        for (first, number), (second, another) in combinations(held[:CROWD], 2):
            how = near(number, another) if first != second else ""
            if how:
                reasons[min(first, second), max(first, second)].add(how)


def _neighbourhoods(number: str) -> Iterator[str]:
    """Keys of which two numbers share one if they differ by a digit or by two neighbours swapped: the number without
    one of three parts, or with the two digits at a border between parts in order."""
    third = len(number) // 3
    borders = (third, 2 * third)
    parts = (number[:third], number[third : 2 * third], number[2 * third :])
    for gap in range(3):
        yield f"{len(number)}-{gap}-" + "-".join(part for place, part in enumerate(parts) if place != gap)
    for border in borders:
        first, second = sorted(number[border - 1 : border + 1])
        yield f"{len(number)}+{border}-{number[: border - 1]}{first}{second}{number[border + 1 :]}"


def near(one: str, other: str) -> str:
    """``one-digit-off``, ``digits-swapped``, or empty: how two numbers of one length differ."""
    if len(one) != len(other):
        return ""
    apart = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) == 1:
        return "one-digit-off"
    if len(apart) == 2 and apart[1] == apart[0] + 1 and one[apart[0]] == other[apart[1]]:
        return "digits-swapped" if one[apart[1]] == other[apart[0]] else ""
    return ""


def _each(persons: list[str]) -> Iterator[tuple[str, str]]:
    return combinations(sorted(persons), 2) if len(persons) <= CROWD else iter(())


def keep_apart(connection: psycopg.Connection, one: str, other: str, *, who: str) -> None:
    """A clerk looked: two persons. They are not suggested again."""
    if one == other:
        raise MemberError("Name two different ids.")
    connection.execute(query(PACKAGE, "write_pair"), (min(one, other), max(one, other), who))
