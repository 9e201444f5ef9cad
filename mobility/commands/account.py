"""``mobility account``: who may open the watch page."""

import click

from consumers.watch import accounts
from mobility.endpoints import running_services
from mobility.output import json_option, print_json, say
from mobility.settings import Settings


@click.command()
@click.argument("name")
@click.password_option(help="Asked for when it is not given; better asked for.")
@json_option
def command(name: str, password: str, as_json: bool) -> None:
    """Make an account of the watch page, or give it another password."""
    at = running_services(Settings())
    accounts.set_password(at.postgres, name, password)
    if as_json:
        print_json({"account": name})
    else:
        say(f"{name} may sign in.")
