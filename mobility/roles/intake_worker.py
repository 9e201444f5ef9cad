"""The worker of the HTTP intake: what was posted goes onto the log. A process of its own, so that large files in hand
never keep others waiting at the door."""

from datetime import timedelta

from prometheus_client import start_http_server

from mobility.endpoints import Endpoints
from mobility.roles.intake_whereabouts import StoreWhereabouts
from mobility.roles.logs import log_to_stderr
from mobility.roles.stopping import stop_on_signals
from mobility.settings import Settings
from producers.http.worker import work


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM."""
    log_to_stderr(settings.log_level)
    if settings.metrics_port:
        start_http_server(settings.metrics_port, addr="127.0.0.1")
    work(
        dsn=at.postgres,
        kafka=at.kafka,
        home=settings.folder,
        whereabouts=StoreWhereabouts(at.postgres),
        stop=stop_on_signals(),
        kept=timedelta(days=settings.receipt_days),
    )
