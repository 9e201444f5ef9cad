"""API keys: shown once, kept as a hash, compared in constant time.

A key reads ``mob_ID_SECRET``: the id finds its row, the secret (256 random bits) proves that the sender has it.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from producers.areas import Areas
from producers.http.asked import KeyRefused, check_key
from producers.http.scope import Scope
from producers.sql import query

PACKAGE = "producers.http"
SHAPE = re.compile(r"mob_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
HELD_ID = re.compile(r"(?:mob_)?([0-9a-f]{16})(?:_.*)?")
"""An id alone, or in front of its secret, also of one that was cut off."""
TOUCHED = timedelta(minutes=1)
NOBODY = bytes(32)
"""Compared when there is no such key, so that the time of the answer does not tell."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A row of ``intake.api_keys``. ``per_minute``: requests."""

    id: str
    name: str
    scope: Scope
    per_minute: int
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    last_used_at: datetime | None = None
    """To the minute."""
    posts: int = 0
    """Published ones, with their rows: those of receipts that are not kept any more, too."""
    accepted_rows: int = 0
    refused_rows: int = 0

    def is_open(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create_key(
    connection: psycopg.Connection[Any],
    *,
    name: str,
    feeds: Collection[str],
    everywhere: bool = False,
    areas: Collection[str] = (),
    enterprises: Collection[str] = (),
    unions: Collection[str] = (),
    per_minute: int = 120,
    expires_at: datetime | None = None,
    by: str,
    now: datetime,
) -> tuple[ApiKey, str]:
    """The key and its text, which is nowhere kept: show it now. ``KeyRefused`` for a scope that can't be."""
    check_key(name, feeds, everywhere, areas, enterprises, unions, per_minute, expires_at, now, Areas(connection))
    text = f"mob_{secrets.token_hex(8)}_{secrets.token_urlsafe(32)}"
    key_id, secret = text[4:20], text[21:]
    row = {
        "id": key_id,
        "name": name,
        "hash": hashlib.sha256(secret.encode()).digest(),
        "feeds": sorted(set(feeds)),
        "everywhere": everywhere,
        "areas": sorted(set(areas)),
        "enterprises": sorted(set(enterprises)),
        "unions": sorted(set(unions)),
        "per_minute": per_minute,
        "created_at": now,
        "created_by": by,
        "expires_at": expires_at,
    }
    connection.execute(query(PACKAGE, "insert_key"), row)
    found = _read(connection, key_id)
    if found is None:
        raise KeyRefused(
            f"The key {key_id} was made and is gone: is somebody changing intake.api_keys by hand?",
            f"Khóa {key_id} vừa tạo đã mất: có ai đang sửa bảng intake.api_keys không?",
        )
    return found[0], text


def find_key(connection: psycopg.Connection[Any], text: str, now: datetime) -> ApiKey | None:
    """The key that a sender shows, if it is one, is his, and is open. That it was used is written once a minute."""
    shape = SHAPE.fullmatch(text)
    found = _read(connection, shape[1]) if shape else None
    shown = hashlib.sha256(shape[2].encode() if shape else b"").digest()
    same = hmac.compare_digest(shown, found[1] if found else NOBODY)
    if not (same and found and found[0].is_open(now)):
        return None
    used = found[0].last_used_at
    if used is None or now - used >= TOUCHED:
        connection.execute(query(PACKAGE, "touch_key"), {"id": found[0].id, "now": now})
    return found[0]


def known_key(connection: psycopg.Connection[Any], key_id: str) -> ApiKey | None:
    """A key by its id, open or not: what it accepted while it was open is still published."""
    found = _read(connection, key_id)
    return found[0] if found else None


def list_keys(connection: psycopg.Connection[Any]) -> list[ApiKey]:
    """All of them, revoked ones too, the oldest first."""
    return [_key(row)[0] for row in connection.execute(query(PACKAGE, "list_keys")).fetchall()]


def unknown_unions(connection: psycopg.Connection[Any], codes: Collection[str]) -> list[str]:
    """Those that no live row of a register states: a key may be made before its register comes."""
    subjects = {f"u{code}": code for code in codes}
    rows = connection.execute(query("producers.staging", "find_stated"), {"subjects": list(subjects)}).fetchall()
    return sorted(subjects[one] for one in subjects.keys() - {row[0] for row in rows})


def revoke_key(connection: psycopg.Connection[Any], key: str, *, by: str, now: datetime) -> str:
    """From now on it opens nothing; doing it again changes nothing. ``key``: its id, or its whole text, of which the
    id alone is read. The id. ``KeyRefused`` when there is none; it quotes nothing but an id, lest it be a secret."""
    held = HELD_ID.fullmatch(key.strip())
    key_id = held[1] if held else ""
    if not connection.execute(query(PACKAGE, "revoke_key"), {"id": key_id, "by": by, "now": now}).fetchone():
        shown = f" {key_id}" if key_id else " of that id"
        raise KeyRefused(
            f"There is no key{shown}: mobility key list shows the ids (16 digits 0-9, a-f).",
            f"Không có khóa{f' {key_id}' if key_id else ''} như vậy. Mã khóa có 16 ký tự 0-9, a-f.",
        )
    return key_id


def _read(connection: psycopg.Connection[Any], key_id: str) -> tuple[ApiKey, bytes] | None:
    row = connection.execute(query(PACKAGE, "find_key"), {"id": key_id}).fetchone()
    return _key(row) if row else None


def _key(row: tuple[Any, ...]) -> tuple[ApiKey, bytes]:
    key_id, name, kept, feeds, everywhere, areas, enterprises, unions, *rest = row
    scope = Scope(frozenset(feeds), everywhere, frozenset(areas), frozenset(enterprises), frozenset(unions))
    return ApiKey(key_id, name, scope, *rest), bytes(kept)


__all__ = [
    "ApiKey",
    "KeyRefused",
    "create_key",
    "find_key",
    "known_key",
    "list_keys",
    "revoke_key",
    "unknown_unions",
]
