"""Topics, tables and the first account: what must be there before the roles start. Safe to do again."""

import secrets
from pathlib import Path

from consumers.store import prepare_database
from consumers.watch import accounts
from deploy.local.whole_file import read_whole, write_whole
from deploy.topics import ensure_topics
from mobility.endpoints import Endpoints
from mobility.errors import UnreachableError
from mobility.intake import opened
from mobility.kafka import refusal
from mobility.settings import Settings
from schemas.broker import Broker

FIRST_ACCOUNT = "operator"


def prepare(settings: Settings, at: Endpoints) -> None:
    """Make what is missing. Raises TopicMismatchError when topics have other partitions than the settings say."""
    if isinstance(at.kafka, Broker) and (why := refusal(settings)):
        raise UnreachableError(why)  # told at once: kafka-python tries a refused login for half a minute
    ensure_topics(at.kafka, settings.partitions, replication=settings.replication)
    with opened(settings, at):
        prepare_database(at.postgres)
    _first_account(settings, at.postgres)


def password_file(settings: Settings) -> Path:
    """The first account's password, readable by the owner of the home folder alone."""
    return settings.folder / "page.password"


def _first_account(settings: Settings, dsn: str) -> None:
    path = password_file(settings)
    if (password := read_whole(path)) and password.isprintable():
        accounts.ensure_account(dsn, FIRST_ACCOUNT, password)
        return
    was_damaged, password = path.exists(), secrets.token_urlsafe(12)
    if was_damaged:  # emptied by a power cut: nobody knows the password any more, so the account gets another one
        accounts.set_password(dsn, FIRST_ACCOUNT, password)
    write_whole(path, password + "\n")
    accounts.ensure_account(dsn, FIRST_ACCOUNT, password)
