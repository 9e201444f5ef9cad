"""The store: live state, alerts, effects and receipts into PostgreSQL."""

import logging
import sys

from prometheus_client import start_http_server

from consumers.migrations import MigrationError
from consumers.store import StoreError, run_store
from mobility.endpoints import Endpoints
from mobility.errors import FOUND_WRONG
from mobility.roles.logs import log_to_stderr
from mobility.roles.stopping import stop_on_signals
from mobility.settings import Settings


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM. What needs a person is one line of the log and an exit code."""
    log_to_stderr(settings.log_level)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, addr="127.0.0.1")
    try:
        run_store(kafka=at.kafka, dsn=at.postgres, stop=stop_on_signals())
    except (StoreError, MigrationError) as error:
        logging.getLogger(__name__).error("%s", error)
        sys.exit(FOUND_WRONG)
