"""The worker: publishes posts as they come; waits, and says so, while a service is away."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from producers.errors import IntakeError
from producers.http import metrics, queue
from producers.http.sweeping import KEPT, Sweeper
from producers.http.turn import take_turn
from producers.http.whereabouts import Whereabouts
from producers.intake import postgres_errors
from producers.migrations import migrate

log = logging.getLogger(__name__)
LOCK = 0x6D6F62_51
"""Advisory lock: one worker at a time, so that posts keep their order."""
LOOK_S = 2.0
"""Seconds after which the queue is looked at, should a word of the database be missed."""
LONGEST_WAIT_S = 15.0
FOLDER = "http-in-hand"


def _now() -> datetime:
    return datetime.now(UTC)


def work(
    *,
    dsn: str,
    kafka: str,
    home: Path,
    whereabouts: Whereabouts,
    stop: threading.Event,
    clock: Callable[[], datetime] = _now,
    kept: timedelta = KEPT,
) -> None:
    """Until ``stop``. Nothing is raised for what is away; posts wait. ``kept``: how long receipts are."""
    folder = _folder(home)
    sweeper = Sweeper(kept)
    wait = 0.5
    while not stop.is_set():
        try:
            with postgres_errors(), psycopg.connect(dsn, autocommit=True, connect_timeout=5) as line:
                migrate(line)
                if line.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
                    stop.wait(LOOK_S)  # another worker has the queue; this one takes over when it ends
                    continue
                line.execute("listen intake_posts")
                while not stop.is_set():
                    now = clock()
                    queue.watch_queue(line, now)
                    sweeper.look(line, now)
                    if queue.next_group(line, now):
                        take_turn(
                            line,
                            dsn=dsn,
                            kafka=kafka,
                            home=home,
                            folder=folder,
                            whereabouts=whereabouts,
                            clock=clock,
                            stopping=stop.is_set,
                        )
                        wait = 0.5
                    else:
                        _await_word(line)
                    metrics.AWAY.set(0)
        except IntakeError as error:
            metrics.AWAY.set(1)
            log.warning("Posts wait, trying again in %.0f s: %s", wait, error)
            stop.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)


def _await_word(line: psycopg.Connection[Any]) -> None:
    """Until a post arrives, or a while."""
    for _ in line.notifies(timeout=LOOK_S, stop_after=1):
        return


def _folder(home: Path) -> Path:
    """For the file in hand, readable by the owner alone. What a killed worker left in it is removed."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for left in folder.glob("http-*"):
        left.unlink(missing_ok=True)
    return folder
