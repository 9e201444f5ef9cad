"""Into quarantine: part of the transaction that stages a file."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import datetime

import msgspec
import psycopg

from producers.copying import copy_text
from producers.sql import query
from producers.vault.keys import VaultKeys
from producers.vault.sealing import seal

PACKAGE = "producers.quarantine"
ABOUT = b"quarantine"
"""What the seal of a held row is about."""


@dataclasses.dataclass(slots=True)
class Refusal:
    """A row on its way into quarantine. ``repeat``: its file was taken in before, so it may be held already.

    ``context``: what the file or the command said for the row (see ``context_of``); nothing personal.
    """

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
    context: dict[str, str] = dataclasses.field(default_factory=dict)


def sealed_values(keys: VaultKeys, values: dict[str, str]) -> bytes:
    """What a row stated, for storing."""
    return seal(keys.master, msgspec.json.encode(values), ABOUT)


def hold(connection: psycopg.Connection, keys: VaultKeys, refusals: Sequence[Refusal], now: datetime) -> None:
    """Write refused rows. Part of the caller's transaction."""
    repeats = [r for r in refusals if r.repeat]
    held: set[tuple[str, str, str]] = set()
    if repeats:
        files = list({r.sha256 for r in repeats})
        held = set(connection.execute(query(PACKAGE, "held_of_files"), (files,)).fetchall())
    rows = [
        (r.batch, r.dossier, r.unit, r.feed, r.file, r.sha256, r.line, r.field, r.reason, r.reason, r.message,
         sealed_values(keys, r.values), now.isoformat(), json.dumps(r.context))
        for r in refusals
        if (r.sha256, r.line, r.reason) not in held
    ]  # fmt: skip
    if rows:
        copy_text(connection, query(PACKAGE, "write_rows"), rows)
