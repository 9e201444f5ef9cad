"""The watch page."""

import threading
from datetime import UTC, datetime

import msgspec
from kafka import KafkaProducer

from consumers.watch import create_app, serve
from mobility import addresses
from mobility.answering import NamesItsRun
from mobility.endpoints import Endpoints
from mobility.home_lock import run_id
from mobility.looks import log_look
from mobility.operation.desk import operation
from mobility.quarantine import QuarantineDesk
from mobility.roles.logs import log_to_stderr
from mobility.settings import Settings
from schemas.broker import client_arguments
from schemas.changes import AlertAction
from schemas.envelope import CloudEvent, event_type
from schemas.ids import digest
from schemas.topics import CHANGES


class Desk:
    """Puts what officers do with alerts on the log of the unit, where the step units takes it up."""

    def __init__(self, broker: str) -> None:
        self._broker = broker
        self._producer: KafkaProducer | None = None
        self._opening = threading.Lock()

    def act(self, unit: str, action: AlertAction) -> None:
        """Returns once the action is on the log. Raises KafkaError."""
        with self._opening:  # requests come from several threads
            if self._producer is None:
                self._producer = KafkaProducer(
                    **client_arguments(self._broker), enable_idempotence=True, acks="all", linger_ms=0
                )
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = CloudEvent[AlertAction](
            id=digest("action", action.alert, action.action, action.by, now),
            source="/watch",
            type=event_type("alert", action.action),
            subject=unit,
            time=now,
            data=action,
        )
        value = msgspec.json.encode(event.model_dump(mode="json"))
        self._producer.send(CHANGES, value, unit.encode()).get(timeout=15)


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM."""
    log_to_stderr(settings.log_level)
    app = create_app(
        dsn=at.postgres,
        act=Desk(at.kafka).act,
        look=lambda account, person: log_look(at.postgres, person, who=f"page:{account}", why="trail on the page"),
        quarantine=QuarantineDesk(settings, at),
        operation=operation(settings, at),
    )
    app.add_middleware(NamesItsRun, run=run_id(settings.folder))
    serve(app, host=settings.page_host, port=addresses.page(settings).port, proxy=settings.page_proxy)
