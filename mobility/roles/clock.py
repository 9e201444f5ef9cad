"""The automatic clock: sends each day once it has come in Việt Nam."""

import logging
from contextlib import closing
from datetime import UTC, datetime
from threading import Event
from typing import Final

from kafka.errors import KafkaError

from mobility.clock import last_day
from mobility.endpoints import Endpoints
from mobility.errors import UnreachableError
from mobility.roles.logs import log_to_stderr
from mobility.roles.stopping import stop_on_signals
from mobility.settings import Settings
from mobility.waiting import DayWaiter
from streams.clock import ClockWriter, days_after, today

log = logging.getLogger(__name__)

PATIENCE: Final = 1.0
"""Seconds without progress between two looks at whether to stop."""


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM. A broker that is away is asked again a minute later."""
    log_to_stderr(settings.log_level)
    stop = stop_on_signals()
    sent = last_day(at.kafka)
    while not stop.is_set():
        now = datetime.now(UTC)
        try:
            for day in days_after(sent, today(now)):
                if sent is not None and not _passed(at, stop):
                    return
                with closing(ClockWriter(at.kafka)) as writer:
                    writer.send(day, now)
                sent = day
        except KafkaError as error:
            log.warning("Kafka does not take the day %s, trying again: %s", today(now), error)
            stop.wait(30)
        stop.wait(30)


def _passed(at: Endpoints, stop: Event) -> bool:
    """Wait until the day before has led to all that it leads to, however long no worker runs; false: stopped."""
    with closing(DayWaiter(at)) as waiter:
        while not stop.is_set():
            try:
                waiter.wait(seconds=PATIENCE)
            except UnreachableError:
                continue
            return True
    return False
