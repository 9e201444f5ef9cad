"""Union positions as files state them: what is missing is added, what is known already stays."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import psycopg

from producers.copying import array_of
from producers.members.holding import Position
from producers.sql import query
from producers.validate.claims import Post
from producers.validate.unionposts import called
from producers.vault.block import FEEDS
from producers.vault.keys import VaultKeys
from producers.vault.sealing import seal, unseal

PACKAGE = "producers.members"


@dataclass(frozen=True, slots=True)
class StatedPost:
    """``origin``: who says so (``DOSSIER:LINE``)."""

    person: str
    post: Post
    origin: str


def same_position(known: Mapping[str, Position], held: Position) -> str:
    """The id of the position that began that day, else of one whose first day nobody told; empty for none."""
    found = {one.since: name for name, one in known.items() if _is_alike(one, held)}
    return found.get(held.since, "") or found.get("", "")


def news_of(known: Mapping[str, Position], stated: Position) -> tuple[str, Position] | None:
    """(id, position) as it is after a file stated it, "" for a new one; None when it tells nothing new.

    A list without days says that somebody holds a position, not since when: it neither begins one anew that has ended
    nor doubles one that a clerk has dated. Days that are known stay; an end is believed where none is known.
    """
    if stated.since:
        name = same_position(known, stated)
        before = known.get(name)
    else:
        alike = sorted((one.until == "", one.since, name) for name, one in known.items() if _is_alike(one, stated))
        name = alike[-1][2] if alike else ""
        before = known.get(name)
    if before is None:
        return "", stated
    until = before.until or (stated.until if stated.until >= before.since else "")
    after = Position(before.union, before.position, before.since or stated.since, until)
    return (name, after) if after != before else None


def words(held: Position | None) -> str:
    """A position in the record's history; empty for none."""
    return f"{held.position}, {held.union}, {held.since or '?'} – {held.until}" if held else ""


def state_positions(
    connection: psycopg.Connection, keys: VaultKeys, stated: Sequence[StatedPost], now: datetime
) -> None:
    """Add what is new, with a version in the history of each record. Part of the caller's transaction, after the
    persons are in the vault."""
    if not stated:
        return
    opened = _keys_of(connection, keys, {one.person for one in stated})
    known = _positions_of(connection, opened)
    positions, versions = [], []
    for one in stated:
        key, mine = opened[one.person], known[one.person]
        held = Position(one.post.union, one.post.position, one.post.since, one.post.until)
        news = news_of(mine, held)
        if news is None:
            continue
        name, after = news[0] or secrets.token_hex(16), news[1]
        changed = msgspec.json.encode({"position": [words(mine.get(name)), words(after)]})
        about = one.person.encode()
        mine[name] = after
        positions.append((name, one.person, seal(key, msgspec.json.encode(after), name.encode())))
        versions.append((one.person, seal(key, changed, about), FEEDS, seal(key, one.origin.encode(), about), now))
    if positions:
        with connection.cursor() as cursor:
            cursor.executemany(query(PACKAGE, "write_position"), positions)
            cursor.executemany(query(PACKAGE, "write_version"), versions)


def _is_alike(one: Position, other: Position) -> bool:
    return one.union == other.union and called(one.position) == called(other.position)


def _keys_of(connection: psycopg.Connection, keys: VaultKeys, persons: set[str]) -> dict[str, bytes]:
    rows = connection.execute(query("producers.vault", "lock_persons"), (array_of(sorted(persons)),)).fetchall()
    return {row[0].hex: unseal(keys.master, bytes(row[1]), row[0].hex.encode()) for row in rows}


def _positions_of(connection: psycopg.Connection, opened: Mapping[str, bytes]) -> dict[str, dict[str, Position]]:
    known: dict[str, dict[str, Position]] = defaultdict(dict)
    rows = connection.execute(query(PACKAGE, "positions_of_persons"), (array_of(sorted(opened)),)).fetchall()
    for person, name, held in rows:
        plain = unseal(opened[person.hex], bytes(held), name.hex.encode())
        known[person.hex][name.hex] = msgspec.json.decode(plain, type=Position)
    return known
