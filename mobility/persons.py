"""What the commands about persons share: who is asking, and numbers that need not stand on the command line."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import click
import psycopg

from mobility.endpoints import Endpoints, running_services
from mobility.errors import MobilityError, UsageError
from mobility.intake import opened
from mobility.output import say
from mobility.settings import Settings
from mobility.typed import secret_word
from producers.intake import Intake
from producers.members import finding
from producers.sql import query
from schemas.zone import ZONE

why_option = click.option("--why", required=True, metavar="TEXT", help="For what purpose; it is kept in the read log.")
number_option = click.option(
    "--number", metavar="N", help="By personal, insurance or old card number; - asks for it (or reads a line)."
)


def me() -> str:
    """Who is recorded: the account on this machine. Nothing opens without vault.key, readable by its owner alone."""
    return getpass.getuser()


def now() -> datetime:
    """The moment that is recorded."""
    return datetime.now(UTC)


def today() -> str:
    """The day in Vietnam, ``YYYY-MM-DD``."""
    return now().astimezone(ZONE).date().isoformat()


def meant(why: str) -> str:
    """The purpose. UsageError when nothing is said."""
    if not why.strip():
        raise UsageError("Say why: --why 'the member asked to see it'. It is kept with your name.")
    return why.strip()


@contextmanager
def intake_of_home() -> Iterator[tuple[Intake, Endpoints, Settings]]:
    """The intake of this home and where its services are, for the command that runs: it is to be run again if
    PostgreSQL goes away."""
    settings = Settings()
    at = running_services(settings)
    with opened(settings, at, again=f"run {click.get_current_context().command_path} again") as intake:
        yield intake, at, settings


def person_of(intake: Intake, person: UUID | None, number: str | None, why: str) -> str:
    """The id that was named, or that of the number. UsageError for both or none; MobilityError when nobody has it."""
    if (person is None) == (number is None):
        raise UsageError("Name an ID, or --number - and type the number.")
    if person is not None:
        return person.hex
    if number != "-":
        say("The number stays in your shell's history. Next time: --number -")
    found = finding.by_number(intake.connection, intake.keys, secret_word(number or "", "Number"), who=me(), why=why)
    if found is None:
        raise MobilityError("Nobody is known under this number.")
    return found


def open_units(dsn: str, person: str) -> list[str]:
    """Units where the person has an open spell or an active membership, now or from a day to come: a leaving that is
    dated later closes nothing yet. The store must have passed the end of the log."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(query("mobility", "find_open_units"), {"person": person}).fetchall()
    return [row[0] for row in rows]
