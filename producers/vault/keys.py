"""The vault's key file: three secrets, made once. Losing it is losing the vault, so it is never made twice."""

import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import psycopg

from producers.errors import KeyMissing, KeyUnfit
from producers.sql import query

FILE = "vault.key"
HEADER = "# Key of the vault. Losing it is losing every name and number in it. Back it up apart from the database.\n"


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """32 bytes each. ``identifiers`` hashes numbers, ``master`` wraps the persons' keys and seals quarantine,
    ``content`` keys the hashes by which the index compares facts (so that they can't be guessed backwards)."""

    identifiers: bytes
    master: bytes
    content: bytes

    def fingerprint(self) -> bytes:
        """Tells this key from another without telling the key."""
        return hmac.new(self.master, b"fingerprint" + self.identifiers + self.content, hashlib.sha256).digest()

    def __repr__(self) -> str:
        return "VaultKeys(...)"


def parse_keys(text: str, where: str) -> VaultKeys:
    """Lines that start with ``#`` are comment; the rest is 192 hexadecimal digits. ``where`` is for the error."""
    digits = "".join(line.strip() for line in text.splitlines() if not line.startswith("#"))
    if not re.fullmatch(r"[0-9a-fA-F]{192}", digits):
        raise KeyUnfit(f"{where}: not a vault key (192 hexadecimal digits). Restore it from its backup.")
    raw = bytes.fromhex(digits)
    return VaultKeys(raw[:32], raw[32:64], raw[64:])


def _read(path: Path) -> VaultKeys:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyUnfit(f"{path}: others may read the vault key (mode {mode:04o}). Run: chmod 600 {path}")
    return parse_keys(path.read_text("ascii", errors="replace"), str(path))


def _create(path: Path) -> None:
    """Whole or not at all, and never over an existing one: written aside, then linked to its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(HEADER + secrets.token_hex(96) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()


def vault_keys(connection: psycopg.Connection, home: Path, text: str = "") -> VaultKeys:
    """The key of this database's vault: from the setting ``text``, else from ``<home>/vault.key``, made on first use.

    ``KeyMissing`` when the vault has persons and there is no key; ``KeyUnfit`` when it is not this vault's key.
    """
    known = connection.execute(query("producers.vault", "read_keyring")).fetchone()
    path = home / FILE
    if text:
        keys, where = parse_keys(text, "the setting of the vault key"), "the setting of the vault key"
    else:
        if not path.exists():
            if known is not None:
                raise KeyMissing(
                    f"{path} is missing, but the vault of this database holds persons. Put the key file back from its"
                    " backup, or give the key by its setting. A new key can't open this vault, so none was made."
                )
            _create(path)
        keys, where = _read(path), str(path)
    if known is None:
        connection.execute(query("producers.vault", "write_keyring"), (keys.fingerprint(),))
        known = connection.execute(query("producers.vault", "read_keyring")).fetchone()
    if known is None or bytes(known[0]) != keys.fingerprint():
        raise KeyUnfit(f"{where} is not the key that this database's vault was made with. Put the right one back.")
    return keys
