"""Changing the vault's key: a new secret for the hashes of numbers, a new master key, or both. Only the vault (and what
else the master key seals) is written again; nothing of it is on the log.

Order of things, so that a kill at any moment leaves something that the next run finishes:

1. prepared: the key file has the new key and the one before. Killed here, everything goes on with the one before.
2. begun: the keyring names both, under the intake's lock, so that no intake writes with the old one any more. From here
   on numbers are looked up under both secrets, and seals open under both.
3. batches of persons, then of whatever else is sealed, each a transaction. The intake may run meanwhile; persons whom
   it is just writing are passed over and come again.
4. done: the keyring forgets the one before, then the key file does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_bytes
from time import sleep

import psycopg

from producers.errors import IntakeError, KeyUnfit
from producers.session import LOCK
from producers.sql import query
from producers.vault import keyfile
from producers.vault.keys import VaultKeys, during_change, parse_keys
from producers.vault.resealing import reseal_persons, reseal_places
from producers.vault.unsealed import seal_known_numbers

PACKAGE = "producers.vault"
ROTATION = 0x6D6F62_03
"""Advisory lock: one change of the key at a time."""

PATIENCE_S = 0.2
"""Between two looks at persons whom the intake was just writing."""


@dataclass(slots=True)
class Rotation:
    """What was done. ``finished_earlier``: this run finished a change that was cut short, and began none."""

    persons: int = 0
    sealed: int = 0
    finished_earlier: bool = False


def rotate(
    connection: psycopg.Connection,
    keys: VaultKeys,
    *,
    numbers: bool = True,
    master: bool = True,
    batch: int = 1000,
    say: Callable[[str], None],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Rotation:
    """Finish a change that was cut short, else begin one and finish it. ``report(persons done, of all)``.

    ``KeyUnfit`` when the key did not come from a file. ``IntakeError`` when somebody else is at it, or when numbers are
    in the vault that it can't hash anew (they were taken in before it kept numbers): the sentence says what to do.
    """
    if keys.file is None:
        raise KeyUnfit("The vault's key came by a setting; only one in a file can be changed. Put it into vault.key.")
    with _alone(connection):
        now, former, resumed = _prepared(keys, keys.file, numbers, master)
        done = Rotation(finished_earlier=resumed)
        fingerprint, before, generation = _keyring(connection)
        if former is not None and fingerprint == former.fingerprint():
            seal_known_numbers(connection, keys)
            generation = _begin(connection, now, former, say)
            before = former.fingerprint()
        if former is not None and before:
            both = replace(during_change(now, former), generation=generation, file=keys.file)
            _write_again(connection, both, done, batch, report)
            connection.execute(query(PACKAGE, "end_rotation"))
        keyfile.write(keys.file, now.hexadecimal())
    return done


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    row = connection.execute("select pg_try_advisory_lock(%s)", (ROTATION,)).fetchone()
    if not (row and row[0]):
        raise IntakeError("Somebody else is changing the vault's key right now. Wait until that is done.")
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("select pg_advisory_unlock(%s)", (ROTATION,))


def _prepared(keys: VaultKeys, path: Path, numbers: bool, master: bool) -> tuple[VaultKeys, VaultKeys | None, bool]:
    """(the key to be, the one before, whether an earlier run prepared it)."""
    current, former = parse_keys(keyfile.read(path), str(path))
    if former is not None:
        return current, former, True
    anew = replace(
        current,
        identifiers=token_bytes(32) if numbers else current.identifiers,
        master=token_bytes(32) if master else current.master,
    )
    keyfile.write(path, anew.hexadecimal(), current.hexadecimal())
    return anew, current, False


def _keyring(connection: psycopg.Connection) -> tuple[bytes, bytes, int]:
    row = connection.execute(query(PACKAGE, "read_keyring")).fetchone()
    if row is None:
        raise IntakeError("The vault is empty: there is nothing to change. The key is made with the first intake.")
    return bytes(row[0]), bytes(row[1] or b""), row[2]


def _begin(connection: psycopg.Connection, now: VaultKeys, former: VaultKeys, say: Callable[[str], None]) -> int:
    row = connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    if not (row and row[0]):
        say("An intake is publishing; the change begins when it is done ...")
        connection.execute("select pg_advisory_lock(%s)", (LOCK,))
    try:
        fingerprints = (now.fingerprint(), former.fingerprint(), former.fingerprint())
        begun = connection.execute(query(PACKAGE, "begin_rotation"), fingerprints).fetchone()
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (LOCK,))
    if begun is None:
        raise KeyUnfit("The key file is not the one of this vault. Put the right one back.")
    return int(begun[0])


def _write_again(
    connection: psycopg.Connection, keys: VaultKeys, done: Rotation, batch: int, report: Callable[[int, int], None]
) -> None:
    row = connection.execute(query(PACKAGE, "count_old_persons"), (keys.generation,)).fetchone()
    left = total = int(row[0]) if row else 0
    report(0, total)
    while left:
        last, moved = "00000000-0000-0000-0000-000000000000", 0
        while (page := reseal_persons(connection, keys, last, batch)).count:
            last, moved = page.last, moved + page.count
            done.persons += page.count
            report(done.persons, max(total, done.persons))
        row = connection.execute(query(PACKAGE, "count_old_persons"), (keys.generation,)).fetchone()
        left = int(row[0]) if row else 0
        if left and not moved:
            sleep(PATIENCE_S)  # an intake is writing the rest
    done.sealed = reseal_places(connection, keys, batch)
