"""The stream workers: people, registry and units."""

from mobility.endpoints import Endpoints
from mobility.settings import Settings
from streams.app import mobility_app
from streams.engine import run_worker


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM."""
    run_worker(mobility_app(at.kafka, settings.partitions), loglevel=settings.log_level)
