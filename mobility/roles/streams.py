"""The stream workers: people, registry and units."""

from mobility.endpoints import Endpoints
from mobility.settings import Settings
from streams.app import mobility_app
from streams.engine import run_worker


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM."""
    app = mobility_app(at.kafka, settings.partitions)
    run_worker(app, loglevel=settings.log_level, metrics_port=settings.metrics_port or None)
