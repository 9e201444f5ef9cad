"""Refused rows: sealed by the master key, with the reason in clear, until somebody corrects them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import psycopg

from producers.copying import copy_text
from producers.sql import query
from producers.vault.keys import VaultKeys
from producers.vault.reading import log_read
from producers.vault.sealing import seal, unseal

PACKAGE = "producers"


@dataclass(frozen=True, slots=True)
class Held:
    """A refused row. ``values`` is what the row stated; it is personal data."""

    id: int
    dossier: str
    unit: str
    feed: str
    file: str
    line: str
    field: str
    reason: str
    message: str
    refused_at: datetime
    values: dict[str, str]


@dataclass(slots=True)
class Refusal:
    """A row on its way into quarantine. ``repeat``: its file was taken in before, so it may be held already."""

    batch: str
    dossier: str
    unit: str
    feed: str
    file: str
    sha256: str
    line: str
    field: str
    reason: str
    message: str
    values: dict[str, str]
    repeat: bool = False


def hold(connection: psycopg.Connection, keys: VaultKeys, refusals: Sequence[Refusal], now: datetime) -> None:
    """Write refused rows. Part of the caller's transaction."""
    repeats = [r for r in refusals if r.repeat]
    held: set[tuple[str, str, str]] = set()
    if repeats:
        files = list({r.sha256 for r in repeats})
        held = set(connection.execute(query(PACKAGE, "held_of_files"), (files,)).fetchall())
    rows = [
        (r.batch, r.dossier, r.unit, r.feed, r.file, r.sha256, r.line, r.field, r.reason, r.message,
         seal(keys.master, msgspec.json.encode(r.values), b"quarantine"), now.isoformat())
        for r in refusals
        if (r.sha256, r.line, r.reason) not in held
    ]  # fmt: skip
    if rows:
        copy_text(connection, query(PACKAGE, "copy_quarantine"), rows)


def held_rows(
    connection: psycopg.Connection, keys: VaultKeys, *, who: str, why: str, dossier: str = "", limit: int = 1000
) -> list[Held]:
    """The newest refused rows, of one dossier if it is named, with what they stated. The read is logged."""
    with connection.transaction():
        rows = connection.execute(query(PACKAGE, "read_quarantine"), {"dossier": dossier, "limit": limit}).fetchall()
        log_read(connection, who=who, why=why, what="quarantine", person=None, rows=len(rows))
    return [Held(*(*said, _opened(keys, sealed))) for *said, sealed in rows]


def _opened(keys: VaultKeys, sealed: bytes) -> dict[str, str]:
    return msgspec.json.decode(unseal(keys.master, bytes(sealed), b"quarantine"), type=dict[str, str])


def held_counts(connection: psycopg.Connection) -> dict[str, int]:
    """Reason -> how many rows are held. Nothing personal in it."""
    return dict(connection.execute(query(PACKAGE, "count_quarantine")).fetchall())
