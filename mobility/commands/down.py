"""``mobility down``: everything that up started is stopped."""

import click

from deploy import local
from mobility.output import json_option, print_json, say
from mobility.settings import Settings
from mobility.supervisor import stop_supervised


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Stop the roles, then Kafka and PostgreSQL if they are embedded. Data stays. Nothing running is no error."""
    settings = Settings()
    stop_supervised(settings)
    local.stop(settings.folder)
    if as_json:
        print_json({"home": str(settings.folder), "stopped": True})
    else:
        say(f"Stopped. Data stays in {settings.folder}.")
