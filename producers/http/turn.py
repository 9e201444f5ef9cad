"""A turn at publishing: as the only publisher, for some seconds, posts in their order through the one way in.

What a kill leaves, at any moment: a post is queued until its receipts are written; taken in again, what is on the log
comes back as unchanged, and the batch on record tells what it was the first time (``queue.published_before``).
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from producers.errors import IntakeError, KeyUnfit
from producers.http import queue
from producers.http.admission import refusal_of
from producers.http.answers import trail
from producers.http.items import by_item
from producers.http.posts import opened
from producers.http.queue import Waiting
from producers.http.whereabouts import Whereabouts
from producers.intake import Intake, open_intake, postgres_errors
from producers.readers import Reading
from producers.session import Session
from producers.vault.keys import refreshed
from schemas.states import Receipt
from schemas.zone import ZONE

log = logging.getLogger(__name__)
TURN_S = 5.0
"""Then others who wait for the publisher's lock (``mobility ingest``) get it."""


def take_turn(
    line: psycopg.Connection[Any],
    *,
    dsn: str,
    kafka: str,
    home: Path,
    folder: Path,
    whereabouts: Whereabouts,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> None:
    """Publish what waits. ``line``: the worker's own connection to the queue. ``folder``: for files in hand.

    ``ServiceAway`` and other ``IntakeError``: what is not published stays queued. A post that fails by itself is held.
    """
    now = clock()
    until = monotonic() + TURN_S
    with (
        open_intake(dsn=dsn, kafka=kafka, home=home) as intake,
        postgres_errors(),
        Session(
            intake.connection,
            intake.kafka,
            intake.keys,
            now=now,
            today=now.astimezone(ZONE).date().isoformat(),
            say=log.info,
        ) as session,
    ):
        while not stopping() and monotonic() < until and (group := queue.next_group(line, clock())):
            queue.begin(line, group)
            if group[0].begun >= queue.TRIES:  # should it end the process once more, the others go on
                queue.hold(line, group[0], clock(), reason="killed")
            try:
                outcome = _taken(session, intake, line, group, folder, whereabouts, now)
            except KeyUnfit as error:
                _failed(line, group, error, clock(), "vault-key")
                raise
            except (IntakeError, psycopg.OperationalError, psycopg.InterfaceError):
                raise  # a service is away: none of the posts is to blame
            except Exception as error:
                _failed(line, group, error, clock())
                return  # the session's transaction is spoilt: the next turn begins anew
            finally:
                for waiting in group:
                    (folder / waiting.file).unlink(missing_ok=True)
            queue.publish(line, outcome, clock())


def _taken(
    session: Session,
    intake: Intake,
    line: psycopg.Connection[Any],
    group: list[Waiting],
    folder: Path,
    whereabouts: Whereabouts,
    now: datetime,
) -> list[tuple[Waiting, list[Receipt]]]:
    """Each post with its receipts; what they tell is on the log."""
    receipts: list[Receipt] = []
    befores = {}
    refused: dict[str, Receipt] = {}
    keys = refreshed(line, intake.keys)  # they may have been changed while the session waited for its lock
    for waiting in group:
        before = befores[waiting.file] = queue.published_before(line, waiting)
        path = folder / waiting.file
        path.write_bytes(opened(line, keys, waiting.post))
        if not before and (refusal := refusal_of(path, waiting, intake.connection, whereabouts, now)):
            refused[waiting.file] = refusal
            continue
        receipts += session.take(
            path,
            unit=waiting.unit,
            dossier=waiting.dossier,
            replaces=waiting.replaces,
            progress=_nothing,
            as_read=by_item if waiting.format == "rows" else _as_it_is,
        )
        path.unlink()
    receipts += session.flush()
    told: dict[str, list[Receipt]] = {file: [receipt] for file, receipt in refused.items()}
    for receipt in receipts:
        file = receipt.file.partition("/")[0]
        told.setdefault(file, []).append(queue.as_first_told(receipt, befores[file]))
    return [(waiting, told.get(waiting.file, [])) for waiting in group]


def _failed(
    line: psycopg.Connection[Any],
    group: list[Waiting],
    error: Exception,
    now: datetime,
    reason: queue.Reason = "fault",
) -> None:
    """One alone is held. Of several, each is tried alone next: then it is known whose fault it was."""
    if len(group) > 1:
        log.warning("A group of %d posts failed, trying them one by one: %s", len(group), trail(error))
        return
    log.error(
        "Post %s can't be published, trying it again later: %s. It is safe in intake.posts; its body is sealed. "
        "See: mobility posts list",
        group[0].post,
        trail(error),
    )
    queue.hold(line, group[0], now, reason=reason, where=trail(error))


def _nothing(*_: object) -> None:
    return


def _as_it_is(reading: Reading) -> Reading:
    return reading
