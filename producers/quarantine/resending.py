"""Held rows through the intake again: each goes out once, whatever is killed when and however often it is asked for.

The row is settled in the PostgreSQL transaction that stages its fact. Until that transaction nothing has happened;
after it the receipt on the log decides, as with files: there, it stands; not there, the next run takes the fact out of
the index and the row waits again (``producers/publish/undo_others.sql``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from producers.intake import Intake, postgres_errors
from producers.quarantine.holding import PACKAGE
from producers.quarantine.reading import Wanted, opened, seen_rows
from producers.quarantine.restaging import Again, Waiting, stage_waiting
from producers.session import Session
from producers.sql import query
from producers.staging.desk import Desk
from producers.staging.filing import Filing
from producers.vault.reading import log_read
from schemas.states import Receipt
from schemas.zone import ZONE

AT_ONCE = 10_000
"""Rows of one transaction."""
MOST = 1_000_000


@dataclass(slots=True)
class Resent:
    """What became of the rows. ``passed_over``: ids asked for that do not wait (any more), also those that another
    resending settled while this one waited for its turn."""

    receipts: list[Receipt] = field(default_factory=list)
    fixed: list[int] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)


def _silent(_: str) -> None:
    return


def resend(
    intake: Intake,
    *,
    who: str,
    now: datetime,
    ids: Sequence[int] | None = None,
    reason: str = "",
    today: str = "",
    patient: bool = True,
    say: Callable[[str], None] = _silent,
) -> Resent:
    """Send waiting rows again: those of ``ids``, of a ``reason``, or of both. One receipt for each file and dossier.

    A row that fails again stays, with its new reason. A row whose content is on the log already, because a corrected
    file came first, is settled without a new fact. ``who`` is written down. Not ``patient``: ``IntakeBusy`` while
    another intake publishes. ``KafkaAway``, ``PostgresAway``: what went out so far stands, the rest waits.
    """
    found = Resent()
    with postgres_errors():
        rows = seen_rows(intake.connection, Wanted(ids=ids, reason=reason, limit=MOST))
        wanted = sorted(row.id for row in rows)
        if ids is not None:
            found.passed_over = sorted(set(ids) - set(wanted))
        if not wanted:
            return found
        day = today or now.astimezone(ZONE).date().isoformat()
        with Session(
            intake.connection, intake.kafka, intake.keys, now=now, today=day, say=say, patient=patient
        ) as session:
            for start in range(0, len(wanted), AT_ONCE):
                chunk = wanted[start : start + AT_ONCE]
                attempt = Resent()

                def stage(desk: Desk, chunk: list[int] = chunk, attempt: Resent = attempt) -> Iterator[Filing]:
                    return _stage(desk, chunk, who, attempt)

                found.receipts += session.add(stage)
                found.receipts += session.flush()
                found.fixed += attempt.fixed
                found.again += attempt.again
                if ids is not None:
                    judged = {*attempt.fixed, *(one.id for one in attempt.again)}
                    found.passed_over += [number for number in chunk if number not in judged]
        found.passed_over.sort()
    return found


def _stage(desk: Desk, ids: list[int], who: str, found: Resent) -> Iterator[Filing]:
    """Lock, judge and settle. A row that somebody else settled meanwhile is no longer there to be locked."""
    connection = desk.connection
    locked = connection.execute(query(PACKAGE, "lock_rows"), {"ids": ids, "reason": ""}).fetchall()
    log_read(connection, who=who, why="resend", what="quarantine", person=None, rows=len(locked))
    rows = [
        Waiting(number, batch.hex, dossier, unit, feed, file, sha256, line, reason, said, opened(desk.keys, sealed))
        for number, batch, dossier, unit, feed, file, sha256, line, _, reason, _, said, sealed in locked
    ]
    for staging in stage_waiting(desk, rows):
        filings = staging.finish()
        settled = list(staging.filing_of.items())
        found.fixed += [number for number, _ in settled]
        found.again += staging.again
        if settled:
            batches = [filing.batch if filing.is_news else None for _, filing in settled]
            numbers = [number for number, _ in settled]
            connection.execute(query(PACKAGE, "settle_rows"), {"ids": numbers, "batches": batches, "at": desk.now})
            _note(desk, numbers, who, "resent", [""] * len(numbers))
        if staging.again:
            again = staging.again
            numbers = [one.id for one in again]
            said = {
                "ids": numbers,
                "fields": [one.field for one in again],
                "reasons": [one.reason for one in again],
                "messages": [one.message for one in again],
            }
            connection.execute(query(PACKAGE, "refuse_rows"), said)
            _note(desk, numbers, who, "refused-again", [one.reason for one in again])
        yield from filings


def _note(desk: Desk, ids: list[int], who: str, did: str, said: list[str]) -> None:
    desk.connection.execute(
        query(PACKAGE, "write_log"), {"ids": ids, "at": desk.now, "who": who, "did": did, "said": said}
    )
