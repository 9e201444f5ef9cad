"""Two ids become one, exactly once on the log.

First the vault says so, in one PostgreSQL transaction: numbers, record, health codes and positions go to the winner,
the index of facts follows, and the merge is noted as not published. Then the fact ``identity_merged`` goes to the log
with a receipt, in one Kafka transaction. A crash in between is healed by whoever publishes next (``publish_waiting``):
the receipt on the log tells whether the fact is there; if it is not, it is sent. A merge is never taken back: what the
log said under the loser's id goes to the winner's for good.
"""

import json
import secrets
from datetime import date, datetime
from uuid import UUID

import msgspec
import psycopg

from producers.members.errors import MemberError, Merged
from producers.members.holding import Member, opened
from producers.publish.events import receipt_event, recorded
from producers.publish.log import Log
from producers.sql import query
from producers.vault.identifiers import DIGITS, Identifier, hash_of
from producers.vault.keys import VaultKeys
from producers.vault.newcomers import number_about
from producers.vault.reading import log_read
from producers.vault.record import BY_HAND, changes_between, indexes_of
from producers.vault.sealing import seal, unseal
from schemas.envelope import CloudEvent, event_type
from schemas.ids import register_fact_id
from schemas.persons import Change, PersonFact
from schemas.states import Receipt
from schemas.topics import MOVEMENTS_IN

PACKAGE = "producers.members"
SOURCE = "vault"
FILE = "mobility person merge"


def merge(
    connection: psycopg.Connection,
    keys: VaultKeys,
    log: Log,
    loser: str,
    winner: str,
    *,
    who: str,
    why: str,
    now: datetime,
    today: str,
) -> None:
    """Make the two one. The caller holds the intake's lock and has ``log`` open (see ``producers.members.desk``).

    ``MemberError``: an id with itself, one that is merged already. ``UnknownPerson``. ``KafkaAway`` and ``Overtaken``
    after the vault's part: the merge stands and is published by the next run.
    """
    if loser == winner:
        raise MemberError("An id can't be merged into itself. Name two different ids: LOSER WINNER.")
    batch, receipts_at = secrets.token_hex(16), json.dumps(log.receipts_end())
    with connection.transaction():
        _join(connection, keys, loser, winner, who=who, why=why, now=now)
        sealed = seal(opened(connection, keys, winner).key, why.encode(), loser.encode())
        row = (loser, winner, who, sealed, now, batch, receipts_at)
        connection.execute(query(PACKAGE, "write_merge"), row)
        fact = fact_of(loser, winner)
        entry = {
            "fact": fact,
            "key": loser,
            "batch": batch,
            "dossier": f"merge/{loser}",
            "day": today,
            "source": SOURCE,
        }
        connection.execute(query(PACKAGE, "write_merge_fact"), entry)
    publish_waiting(connection, log)


def _join(
    connection: psycopg.Connection, keys: VaultKeys, loser: str, winner: str, *, who: str, why: str, now: datetime
) -> None:
    gone, kept = (opened_unmerged(connection, keys, person) for person in (loser, winner))
    for person in (loser, winner):
        log_read(connection, who=who, why=why, what="merge", person=person, rows=1)
    _numbers(connection, keys, gone, kept)
    _record(connection, keys, gone, kept, who=who, why=why, now=now)
    _resealed(connection, "versions", gone, kept)
    _resealed(connection, "codes", gone, kept)
    _resealed(connection, "positions", gone, kept)
    connection.execute(query(PACKAGE, "merge_person"), {"loser": loser, "winner": winner, "now": now})
    connection.execute(query(PACKAGE, "merge_facts"), {"loser": loser, "winner": winner})


def opened_unmerged(connection: psycopg.Connection, keys: VaultKeys, person: str) -> Member:
    """A person to be merged, locked. ``MemberError`` when the id was merged before: a cycle can't arise."""
    try:
        return opened(connection, keys, person, lock=True)
    except Merged as error:
        raise MemberError(
            f"{person} was merged into {error.winner} before; a merge is not taken back. Use {error.winner} instead."
        ) from None


def _numbers(connection: psycopg.Connection, keys: VaultKeys, gone: Member, kept: Member) -> None:
    for alias in gone.aliases:
        if not alias.number:
            connection.execute(query(PACKAGE, "move_alias"), (alias.hash, kept.person, None, alias.hash))
            continue
        identifier = Identifier(DIGITS[len(alias.number)], alias.number)
        sealed = seal(kept.key, alias.number.encode(), number_about(kept.person, alias.kind))
        row = (hash_of(identifier, keys.identifiers), kept.person, sealed, alias.hash)
        connection.execute(query(PACKAGE, "move_alias"), row)


def _record(
    connection: psycopg.Connection, keys: VaultKeys, gone: Member, kept: Member, *, who: str, why: str, now: datetime
) -> None:
    """The winner's fields stand; the loser's fill what is empty. What that changed is in the winner's history."""
    after = {**gone.record, **{field: value for field, value in kept.record.items() if value}}
    own = ",".join(filter(None, (gone.record.get(BY_HAND, ""), kept.record.get(BY_HAND, ""))))
    if own:
        after[BY_HAND] = ",".join(sorted(set(own.split(","))))
    about = kept.person.encode()
    sealed = seal(kept.key, msgspec.json.encode(after), about)
    name, card = indexes_of(after, keys.identifiers)
    row = ([kept.person], [sealed], [name], [card], now)
    connection.execute(query("producers.vault", "update_records"), row)
    changed = changes_between(kept.record, after) | {"merged": [gone.person, kept.person]}
    said = seal(kept.key, msgspec.json.encode(changed), about), who, seal(kept.key, why.encode(), about)
    connection.execute(query(PACKAGE, "write_version"), (kept.person, *said, now))


def _resealed(connection: psycopg.Connection, what: str, gone: Member, kept: Member) -> None:
    """What the loser's key sealed, under the winner's: rows of a name and sealed bytes, bound to person or name."""
    for name, *sealed in connection.execute(query(PACKAGE, f"sealed_{what}"), (gone.person,)).fetchall():
        bound = what == "versions"
        about = gone.person.encode() if bound else name.hex.encode()
        anew = kept.person.encode() if bound else about
        moved = [seal(kept.key, unseal(gone.key, bytes(one), about), anew) for one in sealed]
        connection.execute(query(PACKAGE, f"reseal_{what}"), (kept.person, *moved, name))


def fact_of(loser: str, winner: str) -> str:
    """Identity of the fact that the loser is the winner."""
    return register_fact_id(SOURCE, winner, loser, Change.IDENTITY_MERGED.value, "")


def dossier_of(loser: str) -> str:
    """What a merge's receipt is about."""
    return f"merge/{loser}"


def publish_waiting(connection: psycopg.Connection, log: Log) -> int:
    """Publish merges that are not on the log; how many were sent. ``log`` has fenced every earlier publisher, so the
    receipts tell for certain which of them are there already."""
    waiting = connection.execute(query(PACKAGE, "waiting_merges")).fetchall()
    if not waiting:
        return 0
    since: dict[str, int] = {}
    for row in waiting:
        for partition, offset in row[-1].items():
            since[partition] = min(offset, since.get(partition, offset))
    there = log.batches_since(since)
    unsent = [row for row in waiting if row[2].hex not in there]
    if unsent:
        log.publish([record for row in unsent for record in _records(*row[:-1])])
    connection.execute(query(PACKAGE, "mark_merged"), ([row[0] for row in waiting],))
    return len(unsent)


def _records(loser: UUID, winner: UUID, batch: UUID, at: datetime, day: date) -> list[tuple[str, bytes, bytes]]:
    """The fact under the loser's id, and its receipt. The reason stays in the vault: it may say something personal."""
    time, dossier = recorded(at), dossier_of(loser.hex)
    data = PersonFact(
        fact=fact_of(loser.hex, winner.hex),
        version=1,
        change=Change.IDENTITY_MERGED,
        unit="",
        day=day.isoformat(),
        precision="day",
        form=SOURCE,
        source=SOURCE,
        dossier=dossier,
        line="1",
        winner=winner.hex,
    )
    event = CloudEvent[PersonFact](
        id=f"{data.fact}@1",
        source=f"/feeds/{SOURCE}",
        type=event_type("person", Change.IDENTITY_MERGED.value),
        subject=loser.hex,
        time=time,
        data=data,
    )
    receipt = Receipt(dossier=dossier, batch=batch.hex, file=FILE, sha256="", feed=SOURCE, accepted=1, unchanged=0)
    value = event.model_dump_json(exclude_defaults=False).encode()
    return [(MOVEMENTS_IN, loser.hex.encode(), value), receipt_event(receipt, time)]
