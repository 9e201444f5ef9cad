"""The rolling check: live state = facts = PostgreSQL, a slice at a time, in what time is left over."""

import logging
import os

import psycopg
from aiokafka.errors import KafkaError
from kafka.errors import KafkaError as KafkaPythonError
from prometheus_client import start_http_server

from mobility.endpoints import Endpoints
from mobility.roles.logs import log_to_stderr
from mobility.roles.stopping import stop_on_signals
from mobility.rolling import metrics
from mobility.rolling.rounds import Checker
from mobility.settings import Settings

log = logging.getLogger(__name__)

AWAY_SECONDS = 10.0


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM. A service that is away is waited for; the round then goes on where it was."""
    log_to_stderr(settings.log_level)
    stop = stop_on_signals()
    if hasattr(os, "nice"):
        os.nice(10)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, addr="127.0.0.1")
    while not stop.is_set():
        try:
            Checker(at, settings.verify_share, stop).run()
        except (KafkaError, KafkaPythonError, psycopg.Error, OSError) as error:
            metrics.FAILED.labels(type(error).__name__).inc()
            log.warning("The rolling check was broken off and goes on later: %s", type(error).__name__)
            stop.wait(AWAY_SECONDS)
