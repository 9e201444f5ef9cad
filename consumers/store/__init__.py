"""State in PostgreSQL: what the log says, for questions in SQL. Schema ``store``; it can be made again from Kafka."""

from consumers.migrations import MigrationError
from consumers.store.errors import LogMismatchError, StoreError
from consumers.store.offsets import offsets, reset, share_read
from consumers.store.run import prepare_database, run_store
from consumers.store.write import CHANNEL

__all__ = [
    "CHANNEL",
    "LogMismatchError",
    "MigrationError",
    "StoreError",
    "offsets",
    "prepare_database",
    "reset",
    "run_store",
    "share_read",
]
