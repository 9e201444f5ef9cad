"""The vault's keys: three secrets, made once, and while they are being changed the ones before as well."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from producers.errors import KeyMissing, KeyUnfit
from producers.sql import query
from producers.vault import keyfile

PACKAGE = "producers.vault"


class MasterKey(bytes):
    """32 bytes. While the key is being changed, ``former`` is the one under which some seals still are."""

    former: bytes = b""


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """32 bytes each. ``identifiers`` hashes numbers, ``master`` wraps the persons' keys and seals quarantine,
    ``content`` keys the hashes by which the index compares facts (so that they can't be guessed backwards).

    ``former_identifiers`` is empty but while the key is being changed; ``generation`` counts those changes. ``file`` is
    where the keys came from, None for a setting.
    """

    identifiers: bytes
    master: bytes
    content: bytes
    former_identifiers: bytes = b""
    generation: int = field(default=1, compare=False)
    file: Path | None = field(default=None, compare=False)

    def fingerprint(self) -> bytes:
        """Tells this key from another without telling the key."""
        return hmac.new(self.master, b"fingerprint" + self.identifiers + self.content, hashlib.sha256).digest()

    def secrets(self) -> tuple[bytes, ...]:
        """Secrets under which an identifier may be found: the current one first."""
        return (self.identifiers, self.former_identifiers) if self.former_identifiers else (self.identifiers,)

    def hexadecimal(self) -> str:
        """As the key file has it: 192 digits."""
        return (self.identifiers + bytes(self.master) + self.content).hex()

    def __repr__(self) -> str:
        return "VaultKeys(...)"


def parse_keys(text: str, where: str) -> tuple[VaultKeys, VaultKeys | None]:
    """(keys, the ones before or None). Lines that start with ``#`` are comment; the rest is 192 hexadecimal digits, or
    384 while the key is being changed. ``where`` is for the error."""
    digits = "".join(line.strip() for line in text.splitlines() if not line.startswith("#"))
    if not re.fullmatch(r"([0-9a-fA-F]{192}){1,2}", digits):
        raise KeyUnfit(f"{where}: not a vault key (192 hexadecimal digits). Restore it from its backup.")
    sets = [bytes.fromhex(digits[start : start + 192]) for start in range(0, len(digits), 192)]
    found = [VaultKeys(raw[:32], raw[32:64], raw[64:]) for raw in sets]
    return found[0], found[1] if len(found) > 1 else None


def during_change(keys: VaultKeys, former: VaultKeys) -> VaultKeys:
    """Keys that write with the new secrets and still find and open what is under the former ones."""
    master = MasterKey(keys.master)
    master.former = former.master if former.master != keys.master else b""
    secret = former.identifiers if former.identifiers != keys.identifiers else b""
    return replace(keys, master=master, former_identifiers=secret)


def vault_keys(connection: psycopg.Connection, home: Path, text: str = "") -> VaultKeys:
    """The key of this database's vault: from the setting ``text``, else from ``<home>/vault.key``, made on first use.

    ``KeyMissing`` when the vault has persons and there is no key; ``KeyUnfit`` when it is not this vault's key.
    """
    known = connection.execute(query(PACKAGE, "read_keyring")).fetchone()
    path = home / keyfile.FILE
    if not text and not path.exists():
        if known is not None:
            raise KeyMissing(
                f"{path} is missing, but the vault of this database holds persons. Put the key file back from its"
                " backup, or give the key by its setting. A new key can't open this vault, so none was made."
            )
        keyfile.create(path)
    keys, former = (
        parse_keys(text, "the setting of the vault key") if text else parse_keys(keyfile.read(path), str(path))
    )
    if known is None:
        connection.execute(query(PACKAGE, "write_keyring"), (keys.fingerprint(),))
        known = connection.execute(query(PACKAGE, "read_keyring")).fetchone()
    fitting = _fitting(keys, former, known)
    if fitting is None:  # or a change of the key went on between the two looks
        known = connection.execute(query(PACKAGE, "read_keyring")).fetchone()
        fitting = _fitting(keys, former, known)
    if fitting is None:
        where = "the setting of the vault key" if text else str(path)
        raise KeyUnfit(f"{where} is not the key that this database's vault was made with. Put the right one back.")
    return replace(fitting, generation=known[2] if known else 1, file=None if text else path)


def _fitting(
    keys: VaultKeys, former: VaultKeys | None, known: tuple[bytes, bytes | None, int] | None
) -> VaultKeys | None:
    """The keys as the keyring wants them; None when they are another vault's."""
    if known is None:
        return None
    fingerprint, before = bytes(known[0]), bytes(known[1]) if known[1] else b""
    if fingerprint == keys.fingerprint():
        if not before:
            return keys
        return during_change(keys, former) if former and former.fingerprint() == before else None
    if former and former.fingerprint() == fingerprint:
        return former  # a change was prepared in the file and has not begun in the database
    return None


def refreshed(connection: psycopg.Connection, keys: VaultKeys, *, hold: bool = False) -> VaultKeys:
    """The same keys, or those of today if they were changed since they were read. For whoever keeps keys for long.

    ``hold``: until the end of the caller's transaction no change of the key begins. Who seals without the intake's lock
    needs it: what is sealed by a key that was just done with could never be opened again.
    ``KeyUnfit`` when they were changed and did not come from a file.
    """
    known = connection.execute(query(PACKAGE, "hold_keyring" if hold else "read_keyring")).fetchone()
    same = known is not None and bytes(known[0]) == keys.fingerprint() and known[2] == keys.generation
    changing = keys.former_identifiers or getattr(keys.master, "former", b"")
    if same and bool(known and known[1]) == bool(changing):
        return keys
    if keys.file is None:
        raise KeyUnfit("The vault's key was changed, but the one in use came by a setting. Set the new one.")
    return vault_keys(connection, keys.file.parent)
