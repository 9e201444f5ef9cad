"""``mobility down``: everything that up started is stopped."""

import contextlib

import click

from deploy import local
from mobility.ending import end_roles_left, take_over
from mobility.output import json_option, print_json, say
from mobility.run_record import run_file
from mobility.settings import Settings


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Stop the roles, then Kafka and PostgreSQL if they are embedded. Data stays. Nothing running is no error.

    An up that is still starting is stopped too. A copy of a running home is a home of its own, where nothing runs.
    """
    settings = Settings()
    stop_everything(settings)
    if as_json:
        print_json({"home": str(settings.folder), "stopped": True})
    else:
        say(f"Stopped. Data stays in {settings.folder}.")


def stop_everything(settings: Settings) -> None:
    """Whatever of this home runs or is being started. Raises MobilityError, LocalServiceError."""
    with take_over(settings.folder) or contextlib.nullcontext() as lock:
        if lock is not None:
            end_roles_left(settings.folder)
            run_file(settings).unlink(missing_ok=True)
        local.stop(settings.folder)
