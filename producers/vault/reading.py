"""Reading personal data: nothing leaves the vault without a line in its read log, in the same transaction."""

import msgspec
import psycopg

from producers.copying import array_of, bytes_array
from producers.sql import query
from producers.vault.identifiers import Identifier, hash_of
from producers.vault.keys import VaultKeys, refreshed
from producers.vault.record import BY_HAND
from producers.vault.sealing import unseal

PACKAGE = "producers.vault"


def log_read(connection: psycopg.Connection, *, who: str, why: str, what: str, person: str | None, rows: int) -> None:
    """Record a read: ``who`` is an account, ``why`` a purpose that an auditor understands; both must be said."""
    if not who.strip() or not why.strip():
        raise ValueError("who reads personal data, and why, must be said: it is written into the vault's read log")
    connection.execute(query(PACKAGE, "write_read"), (who, why, what, person, rows))


def find_person(
    connection: psycopg.Connection, keys: VaultKeys, identifier: Identifier, *, who: str, why: str
) -> str | None:
    """Person id (32 hex digits) behind a number, None when the vault does not know it."""
    with connection.transaction():
        hashes = bytes_array(hash_of(identifier, secret) for secret in refreshed(connection, keys).secrets())
        row = connection.execute(query(PACKAGE, "find_aliases"), (hashes,)).fetchone()
        person = row[1].hex if row else None
        log_read(connection, who=who, why=why, what="find", person=person, rows=1 if row else 0)
    return person


def read_person(
    connection: psycopg.Connection, keys: VaultKeys, person: str, *, who: str, why: str
) -> dict[str, str] | None:
    """The member record (full_name, birth_date, sex, numbers, ...), None when the vault has no such person.

    ``KeyUnfit`` when the record does not open.
    """
    with connection.transaction():
        row = connection.execute(query(PACKAGE, "read_persons"), (array_of([person]),)).fetchone()
        log_read(connection, who=who, why=why, what="person", person=person, rows=1 if row else 0)
    if row is None:
        return None
    about = person.encode()
    key = unseal(keys.master, bytes(row[1]), about)
    record = msgspec.json.decode(unseal(key, bytes(row[2]), about), type=dict[str, str]) if row[2] else {}
    return {name: value for name, value in record.items() if name != BY_HAND}


def read_codes(connection: psycopg.Connection, keys: VaultKeys, person: str, *, who: str, why: str) -> dict[str, str]:
    """Fact id -> movement code, for the codes that tell of health."""
    with connection.transaction():
        rows = connection.execute(query(PACKAGE, "read_codes"), (person,)).fetchall()
        log_read(connection, who=who, why=why, what="codes", person=person, rows=len(rows))
    about = person.encode()
    return {
        fact.hex: unseal(unseal(keys.master, bytes(wrapped), about), bytes(code), fact.hex.encode()).decode()
        for fact, code, wrapped in rows
    }
