"""Pairs of ids that may be one person: suggested with the reason, never merged by themselves. A clerk looks.

A pair has the same name, and beside it the same date of birth or numbers that differ by one digit or by two neighbours
swapped (``duplicates_near``). Two with the same card are suggested whatever their names.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from producers.members.duplicates_blocks import blocks_by_name, namesakes_of
from producers.members.duplicates_near import CROWD, Pair, alike, pairs_of
from producers.members.errors import MemberError
from producers.sql import query
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.reading import log_read

PACKAGE = "producers.members"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two ids, the lower one first; ``reasons`` are stable codes."""

    one: str
    other: str
    reasons: tuple[str, ...]


def suggestions(connection: psycopg.Connection, keys: VaultKeys, *, who: str, why: str) -> list[Suggestion]:
    """All pairs, but those that a clerk said are two persons. Reads the whole vault (logged as one read of so many
    rows) a block at a time: 16 bytes of memory a person, some 10 MB of the block that is open, and the pairs.

    While the vault's key is being changed, two with one card may be missed: their hashes are under two secrets.
    ``KeyUnfit``.
    """
    keys = refreshed(connection, keys)
    found: dict[Pair, tuple[str, ...]] = dict.fromkeys(_same_card(connection), ("same-card",))
    blocks, count = blocks_by_name(connection, keys)
    while blocks:
        for namesakes in namesakes_of(connection, keys, blocks.pop()):
            reasons: dict[Pair, set[str]] = defaultdict(set)
            for pair, reason in alike(namesakes):
                reasons[pair].add(reason)
            for pair, said in reasons.items():
                found[pair] = tuple(sorted({*said, *found.get(pair, ())}))
    with connection.transaction():
        log_read(connection, who=who, why=why, what="duplicates", person=None, rows=count)
        apart = {(a.hex, b.hex) for a, b in connection.execute(query(PACKAGE, "read_pairs")).fetchall()}
    return [Suggestion(*pair, found[pair]) for pair in sorted(found) if pair not in apart]


def _same_card(connection: psycopg.Connection) -> Iterator[Pair]:
    for (persons,) in connection.execute(query(PACKAGE, "duplicates_cards"), (CROWD,)):
        yield from pairs_of([person.hex for person in persons])


def keep_apart(connection: psycopg.Connection, one: str, other: str, *, who: str) -> None:
    """A clerk looked: two persons. They are not suggested again."""
    if one == other:
        raise MemberError("Name two different ids.")
    connection.execute(query(PACKAGE, "write_pair"), (min(one, other), max(one, other), who))
