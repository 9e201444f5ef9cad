"""The automatic clock: sends each day once it has come in Việt Nam."""

import logging
from datetime import UTC, datetime

from kafka.errors import KafkaError

from mobility.clock import last_day
from mobility.endpoints import Endpoints
from mobility.roles.logs import log_to_stderr
from mobility.roles.stopping import stop_on_signals
from mobility.settings import Settings
from streams.clock import ClockWriter, today

log = logging.getLogger(__name__)


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM. A broker that is away is asked again a minute later."""
    log_to_stderr(settings.log_level)
    stop = stop_on_signals()
    sent = last_day(at.kafka)
    while not stop.is_set():
        now = datetime.now(UTC)
        if sent is None or today(now) > sent:
            try:
                writer = ClockWriter(at.kafka)
                writer.advance(sent, today(now), now)
                writer.close()
                sent = today(now)
            except KafkaError as error:
                log.warning("Kafka does not take the day %s, trying again: %s", today(now), error)
                stop.wait(30)
        stop.wait(30)
