"""The store: live state, alerts, effects and receipts into PostgreSQL."""

from consumers.store import run_store
from mobility.endpoints import Endpoints
from mobility.roles.stopping import stop_on_signals
from mobility.settings import Settings


def run(settings: Settings, at: Endpoints) -> None:
    """Until SIGTERM."""
    run_store(kafka=at.kafka, dsn=at.postgres, stop=stop_on_signals())
