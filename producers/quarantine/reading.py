"""What is in quarantine: lists and counts without anything personal, and rows with what they stated, logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec
import psycopg

from producers.quarantine.holding import ABOUT, PACKAGE
from producers.sql import query
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.reading import log_read
from producers.vault.sealing import unseal

State = Literal["waiting", "fixed", "discarded"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A refused row without what it stated: nothing personal. ``batch`` is its receipt's, ``settled_batch`` that of the
    receipt under which it went out, empty where it waits, was discarded, or turned out to be known already."""

    id: int
    batch: str
    dossier: str
    unit: str
    feed: str
    file: str
    line: str
    field: str
    reason: str
    message: str
    refused_at: datetime
    state: State
    settled_at: datetime | None
    settled_batch: str
    why: str
    edited: bool


@dataclass(frozen=True, slots=True)
class Held(Seen):
    """A refused row with ``values``, what it stated: personal data."""

    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; what is empty does not filter. ``since``: refused on that day or later (Asia/Ho_Chi_Minh)."""

    ids: Sequence[int] | None = None
    state: State | Literal[""] = "waiting"
    reason: str = ""
    source: str = ""
    dossier: str = ""
    since: date | None = None
    limit: int = 1000
    skip: int = 0

    def values(self) -> dict[str, object]:
        """As the statements take it."""
        return {
            "ids": None if self.ids is None else list(self.ids), "state": self.state, "reason": self.reason,
            "source": self.source, "dossier": self.dossier, "since": self.since, "limit": self.limit, "skip": self.skip,
        }  # fmt: skip


def seen_rows(connection: psycopg.Connection, wanted: Wanted) -> list[Seen]:
    """Refused rows, the newest first."""
    return [Seen(*row[:-1]) for row in connection.execute(query(PACKAGE, "read_rows"), wanted.values())]


def count_rows(connection: psycopg.Connection, wanted: Wanted) -> int:
    """How many there are, whatever the limit."""
    row = connection.execute(query(PACKAGE, "count_rows"), wanted.values()).fetchone()
    return int(row[0]) if row else 0


def opened_rows(connection: psycopg.Connection, keys: VaultKeys, wanted: Wanted, *, who: str, why: str) -> list[Held]:
    """The same with what they stated. The read is logged in the vault, before anything is given out."""
    with connection.transaction():
        keys = refreshed(connection, keys, hold=True)
        rows = connection.execute(query(PACKAGE, "read_rows"), wanted.values()).fetchall()
        log_read(connection, who=who, why=why, what="quarantine", person=None, rows=len(rows))
    return [Held(*(*row[:-1], opened(keys, row[-1]))) for row in rows]


def held_rows(
    connection: psycopg.Connection, keys: VaultKeys, *, who: str, why: str, dossier: str = "", limit: int = 1000
) -> list[Held]:
    """The newest waiting rows, of one dossier if it is named, with what they stated. The read is logged."""
    return opened_rows(connection, keys, Wanted(dossier=dossier, limit=limit), who=who, why=why)


def opened(keys: VaultKeys, sealed: bytes) -> dict[str, str]:
    """What a row stated."""
    return msgspec.json.decode(unseal(keys.master, bytes(sealed), ABOUT), type=dict[str, str])


def held_counts(connection: psycopg.Connection) -> dict[str, int]:
    """Reason -> how many rows wait."""
    return dict(connection.execute(query(PACKAGE, "count_reasons")).fetchall())


@dataclass(frozen=True, slots=True)
class Group:
    """Waiting rows of one reason; ``message`` and ``first`` (an id) are an example."""

    reason: str
    rows: int
    oldest: datetime
    sources: list[str]
    message: str
    first: int


def held_groups(connection: psycopg.Connection) -> list[Group]:
    """The largest first."""
    return [Group(*row) for row in connection.execute(query(PACKAGE, "read_groups"))]


@dataclass(frozen=True, slots=True)
class Month:
    """Rows that one source had refused in a month (``YYYY-MM``) for one reason, and what became of them."""

    month: str
    source: str
    reason: str
    refused: int
    waiting: int
    fixed: int
    discarded: int


def held_months(connection: psycopg.Connection, *, source: str = "", since: date | None = None) -> list[Month]:
    """In the order of months, within a month the most frequent first."""
    asked = {"source": source, "since": since}
    return [Month(*row) for row in connection.execute(query(PACKAGE, "read_months"), asked)]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a refused row of a receipt. ``now`` is the reason for which it waits."""

    line: str
    field: str
    reason: str
    state: State
    now: str
    settled_at: datetime | None
    why: str
    id: int


def fates(connection: psycopg.Connection, batch: str) -> list[Fate]:
    """Of every refused row of this receipt, in the order of the file."""
    return [Fate(*row) for row in connection.execute(query(PACKAGE, "read_fates"), (batch,))]


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done with a row: ``edited`` (names of columns), ``resent``, ``refused-again``, ``discarded``."""

    at: datetime
    who: str
    did: str
    said: str


def done_with(connection: psycopg.Connection, held: int) -> list[Done]:
    """In the order of time."""
    return [Done(*row) for row in connection.execute(query(PACKAGE, "read_log"), (held,))]
