"""The one desk for what changes identities: under the intake's lock, past crashes settled, as the only publisher."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from producers.intake import Intake, postgres_errors
from producers.publish.log import Log
from producers.session import Session
from producers.vault.keys import VaultKeys, refreshed


@dataclass(frozen=True, slots=True)
class IdentityDesk:
    """``keys`` are those of today; ``log`` has fenced every other publisher."""

    keys: VaultKeys
    log: Log


@contextmanager
def identity_desk(intake: Intake, *, now: datetime, today: str, say: Callable[[str], None]) -> Iterator[IdentityDesk]:
    """Wait for the lock, fence, settle what a killed run left (files and merges). ``KafkaAway``, ``PostgresAway``."""
    with (
        postgres_errors(),
        Session(intake.connection, intake.kafka, intake.keys, now=now, today=today, say=say) as session,
    ):
        yield IdentityDesk(refreshed(intake.connection, intake.keys), session.log)
