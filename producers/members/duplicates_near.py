"""What makes two persons of one name look like one: a date of birth, or numbers that a slip of the pen parts. Pure.

Numbers alone tell little: in a city of a million, every twentieth personal number has a neighbour one digit off that is
somebody else's. So only persons of one name are compared.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

CROWD = 200
"""Ids that share a name and a birth date, or a card: beyond so many it is a placeholder, not a person."""

Pair = tuple[str, str]
"""Two ids, the lower one first."""


class Namesake(NamedTuple):
    """What is compared of a person, in memory only: ``born`` is a full date or empty."""

    person: str
    born: str
    numbers: tuple[str, ...]


def alike(namesakes: Sequence[Namesake]) -> Iterator[tuple[Pair, str]]:
    """(pair, reason) among persons of one name; a pair may come with several reasons, and with one reason twice."""
    born: dict[str, list[str]] = defaultdict(list)
    old_cards = set()
    for one in namesakes:
        if one.born:
            born[one.born].append(one.person)
        if {len(number) for number in one.numbers} == {9}:
            old_cards.add(one.person)
    for persons in born.values():
        for pair in pairs_of(persons):
            old = len(old_cards & set(pair)) == 1
            yield pair, "old-card-same-birth" if old else "same-name-and-birth"
    for neighbourhood in NEIGHBOURHOODS:  # one after another: a common name has many numbers
        close: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in namesakes:
            for number in one.numbers:
                close[neighbourhood(number)].append((one.person, number))
        for held in close.values():
            for (first, number), (second, another) in combinations(held[:CROWD], 2):
                how = near(number, another) if first != second else ""
                if how:
                    yield (min(first, second), max(first, second)), how


def _without(part: int, number: str) -> str:
    """The number without one of its three parts."""
    third = len(number) // 3
    borders = (0, third, 2 * third, len(number))
    return f"{len(number)} {number[: borders[part]]} {number[borders[part + 1] :]}"


def _in_order(border: int, number: str) -> str:
    """The number with the two digits at a border between parts in order."""
    at = border * (len(number) // 3)
    first, second = sorted(number[at - 1 : at + 1])
    return f"{len(number)} {number[: at - 1]}{first}{second}{number[at + 1 :]}"


NEIGHBOURHOODS: tuple[Callable[[str], str], ...] = (
    *(partial(_without, part) for part in range(3)),
    *(partial(_in_order, border) for border in (1, 2)),
)
"""Keys of a number: two numbers that differ by a digit, or by two neighbours swapped, have one of them in common."""


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


def pairs_of(persons: Sequence[str]) -> Iterator[Pair]:
    """All pairs, none of a crowd."""
    return combinations(sorted(persons), 2) if len(persons) <= CROWD else iter(())
