"""The watched drop folder (``MOBILITY_DROP``)."""

import logging
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from mobility.endpoints import Endpoints
from mobility.errors import FOUND_WRONG
from mobility.intake import opened
from mobility.roles.logs import log_to_stderr
from mobility.roles.stopping import stop_on_signals
from mobility.settings import Settings
from producers.dropfolder.watching import Watcher
from producers.errors import IntakeError, ServiceAway
from producers.intake import Intake

LOOK_SECONDS = 2.0
"""Between two looks: a file that is the same in both stands still."""
AWAY_SECONDS = 10.0

log = logging.getLogger(__name__)


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM. A service that is away is waited for; what needs a person ends it with one line of the log."""
    log_to_stderr(settings.log_level)
    stop = stop_on_signals()
    if settings.drop is None:
        log.error("No folder to watch: set MOBILITY_DROP, or mobility up --drop FOLDER.")
        sys.exit(FOUND_WRONG)

    def intake() -> AbstractContextManager[Intake]:
        return opened(settings, at)

    with Watcher(settings.drop.expanduser().resolve(), opened=intake, now=lambda: datetime.now(UTC)) as watcher:
        while not stop.is_set():
            seconds = LOOK_SECONDS
            try:
                watcher.step(stop.is_set)
            except ServiceAway:
                seconds = AWAY_SECONDS
            except IntakeError as error:
                log.error("%s", error)
                sys.exit(FOUND_WRONG)
            stop.wait(seconds)
