"""The vault's own backup: one file, consistent in itself, that opens with the vault's key and no other.

A ZIP of each table as PostgreSQL copies it, and a manifest with rows and SHA-256 of each. Names, numbers and records
are sealed in it as they are in the database; who read what is not. It is worth nothing without ``vault.key``, and the
key must not lie beside it.
"""

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from producers.errors import IntakeError, KeyUnfit
from producers.sql import query
from producers.vault.keys import VaultKeys
from producers.vault.sealing import unseal

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = (
    "keyring", "persons", "aliases", "codes", "versions", "positions", "merges", "distinct_pairs", "erasures", "reads",
)  # fmt: skip
CHUNK = 1 << 20


class BackupUnfit(IntakeError):
    """The file is no backup of a vault, was cut or changed, or does not open with this key."""


@dataclass(frozen=True, slots=True)
class Checked:
    """``opened``: persons whose key opens with the vault's key, which is all of them.

    ``erased``: ids in the backup that were erased after it was made: erase them again once it is restored.
    """

    made_at: str
    rows: dict[str, int]
    opened: int
    erased: list[str]


def back_up(connection: psycopg.Connection, keys: VaultKeys, out: Path, *, now: datetime) -> dict[str, int]:
    """Write ``out`` (mode 0600, whole or not at all); rows of each table. ``BackupUnfit`` when the file exists
    or can't be made."""
    if out.exists():
        raise BackupUnfit(f"{out} exists. Name a file that does not, so that no backup is lost.")
    if keys.former_identifiers or getattr(keys.master, "former", b""):
        raise BackupUnfit("The vault's key is being changed. Finish that first: mobility vault rotate")
    aside = out.with_name(f"{out.name}.part")
    try:
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupUnfit(f"{out} can't be written ({error.strerror}). Name a file in a folder of yours.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                rows = _write(connection, keys, archive, now)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    return rows


def _write(connection: psycopg.Connection, keys: VaultKeys, archive: zipfile.ZipFile, now: datetime) -> dict[str, int]:
    told: dict[str, dict[str, Any]] = {}
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        for table in TABLES:
            columns = [row[0] for row in connection.execute(query("producers.vault", "columns_of"), (table,))]
            names = SQL(", ").join(map(Identifier, columns))
            row = connection.execute(SQL("select count(*) from vault.{}").format(Identifier(table))).fetchone()
            digest = hashlib.sha256()
            copying = SQL("copy (select {} from vault.{}) to stdout (format binary)").format(names, Identifier(table))
            with (
                archive.open(f"{table}.copy", "w", force_zip64=True) as member,
                connection.cursor().copy(copying) as copy,
            ):
                for data in copy:
                    digest.update(data)
                    member.write(data)
            told[table] = {"rows": row[0] if row else 0, "sha256": digest.hexdigest(), "columns": columns}
    manifest = {"format": FORMAT, "made_at": now.isoformat(), "key": keys.fingerprint().hex(), "tables": told}
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return {table: one["rows"] for table, one in told.items()}


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError):
        raise BackupUnfit(f"{path} is no backup of a vault: it has no manifest.") from None
    if manifest.get("format") != FORMAT or set(manifest["tables"]) != set(TABLES):
        raise BackupUnfit(f"{path} was made by another version of this program. Restore it with that one.")
    return manifest


def restore(connection: psycopg.Connection, keys: VaultKeys, path: Path, erased: set[str]) -> Checked:
    """Put a backup into an empty vault (migrated, nobody in it) in one transaction, and check it there.

    ``BackupUnfit``: not one, cut, changed, or of another key; then nothing was changed.
    """
    try:
        with zipfile.ZipFile(path) as archive, connection.transaction():
            return _restore(connection, keys, archive, path, erased)
    except (zipfile.BadZipFile, OSError, psycopg.DataError) as error:
        raise BackupUnfit(f"{path} can't be read as a backup ({type(error).__name__}). Take another one.") from None


def _restore(
    connection: psycopg.Connection, keys: VaultKeys, archive: zipfile.ZipFile, path: Path, erased: set[str]
) -> Checked:
    manifest = _manifest(archive, path)
    row = connection.execute("select exists (select from vault.persons)").fetchone()
    if row and row[0]:
        raise BackupUnfit("This vault has persons in it. Restore into an empty database, never over a vault in use.")
    if manifest["key"] != keys.fingerprint().hex():
        raise BackupUnfit(f"{path} was made with another key than the one in vault.key. Put that day's key file back.")
    connection.execute("delete from vault.keyring")
    for table, said in manifest["tables"].items():
        names = SQL(", ").join(map(Identifier, said["columns"]))
        digest = hashlib.sha256()
        copying = SQL("copy vault.{} ({}) from stdin (format binary)").format(Identifier(table), names)
        with archive.open(f"{table}.copy") as member, connection.cursor().copy(copying) as copy:
            while data := member.read(CHUNK):
                digest.update(data)
                copy.write(data)
        if digest.hexdigest() != said["sha256"]:
            raise BackupUnfit(f"{path}: the table {table} was changed since the backup was made. Take another one.")
    connection.execute(query("producers.vault", "go_on_counting"))
    opened, again = 0, []
    with connection.cursor(name="restored") as cursor:
        for identity, wrapped in cursor.execute("select id, wrapped_key from vault.persons"):
            person = identity.hex
            try:
                unseal(keys.master, bytes(wrapped), person.encode())
            except KeyUnfit:
                raise BackupUnfit(
                    f"{path}: the key of {person} does not open with vault.key. Take another one."
                ) from None
            opened += 1
            if person in erased:
                again.append(person)
    rows = {table: said["rows"] for table, said in manifest["tables"].items()}
    return Checked(manifest["made_at"], rows, opened, sorted(again))
