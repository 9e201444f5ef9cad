"""Where Kafka and PostgreSQL are: outside services by settings, else the embedded ones of the home folder."""

import time
from typing import NamedTuple

from deploy import local
from mobility.errors import NotBackError, NotRunningError
from mobility.home_lock import held
from mobility.kafka import broker_of
from mobility.settings import Settings

HEALING_SECONDS = 30.0


class Endpoints(NamedTuple):
    """``kafka`` is host:port, with a way in if it needs one (``schemas.broker``); ``postgres`` a DSN."""

    kafka: str
    postgres: str


def start_services(settings: Settings, say: local.Say) -> Endpoints:
    """Start what is embedded (both at once), take over what is set. Raises LocalServiceError."""
    home, kafka = settings.folder, broker_of(settings)
    if not kafka and not settings.postgres:
        started = local.start(home, say=say)
        return Endpoints(started.kafka, started.postgres)
    return Endpoints(
        kafka or local.start_kafka(home, say=say), settings.postgres or local.start_postgres(home, say=say)
    )


def running_services(settings: Settings) -> Endpoints:
    """Where the services are that run now. Waits for one that its supervisor has to start again.

    Raises NotRunningError; NotBackError where the supervisor is still at it.
    """
    kafka = broker_of(settings)
    if kafka and settings.postgres:
        return Endpoints(kafka, settings.postgres)
    found = local.running(settings.folder)
    deadline = time.monotonic() + HEALING_SECONDS
    while found is None and held(settings.folder) and time.monotonic() < deadline:
        time.sleep(0.5)  # something was killed: the supervisor is starting it again
        found = local.running(settings.folder)
    kafka = kafka or (found.kafka if found else "")
    postgres = settings.postgres or (found.postgres if found else "")
    if not kafka or not postgres:
        raise (NotBackError if held(settings.folder) else NotRunningError)(settings.folder)
    return Endpoints(kafka, postgres)
