"""Numbers that an earlier version of the vault kept as hashes only: found again in the records, and sealed."""

from collections import defaultdict

import msgspec
import psycopg

from producers.copying import array_of
from producers.errors import IntakeError
from producers.sql import query
from producers.vault.identifiers import hash_of, identifier_of
from producers.vault.keys import VaultKeys
from producers.vault.newcomers import number_about
from producers.vault.sealing import seal, unseal

PACKAGE = "producers.vault"
AT_ONCE = 5_000


def seal_known_numbers(connection: psycopg.Connection, keys: VaultKeys) -> int:
    """Seal what the records tell; how many. ``IntakeError`` when numbers remain that no record tells: their hash can't
    be made under another secret. Sending a file that states them, even an old one, puts it right."""
    done = 0
    while rows := connection.execute(query(PACKAGE, "aliases_without_number"), (AT_ONCE,)).fetchall():
        wanted: dict[str, dict[bytes, str]] = defaultdict(dict)
        for hashed, person, kind in rows:
            wanted[person.hex][bytes(hashed)] = kind
        found = _found(connection, keys, wanted)
        if not found:
            raise IntakeError(
                "The vault has numbers that were taken in before it kept them sealed, and no record tells them, so they"
                f" can't be hashed anew (at least {len(rows)}). Ingest the files again that state them: nothing else"
                " changes by that. Then change the key."
            )
        hashes, sealed = zip(*found, strict=True)
        connection.execute(query(PACKAGE, "update_numbers"), (list(hashes), list(sealed)))
        done += len(found)
    return done


def _found(
    connection: psycopg.Connection, keys: VaultKeys, wanted: dict[str, dict[bytes, str]]
) -> list[tuple[bytes, bytes]]:
    found = []
    for identity, wrapped, record in connection.execute(query(PACKAGE, "read_persons"), (array_of(wanted),)):
        about = identity.hex.encode()
        key = unseal(keys.master, bytes(wrapped), about)
        fields = msgspec.json.decode(unseal(key, bytes(record), about), type=dict[str, str]) if record else {}
        for field in ("personal_number", "insurance_number"):
            identifier = identifier_of(fields.get(field, ""))
            hashed = hash_of(identifier, keys.identifiers) if identifier else b""
            if identifier and hashed in wanted[identity.hex]:
                found.append(
                    (hashed, seal(key, identifier.number.encode(), number_about(identity.hex, identifier.kind)))
                )
    return found
