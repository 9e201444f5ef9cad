"""``mobility account``: who may open the watch page."""

import click

from consumers.watch import accounts
from consumers.watch.roles import ROLES, Role
from mobility.endpoints import running_services
from mobility.output import json_option, print_json, say
from mobility.settings import Settings


@click.command()
@click.argument("name")
@click.password_option(help="Asked for when it is not given; better asked for.")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=None,
    help="operator: counts, alerts, receipts, and the system's own affairs: API keys, held posts, dead records (a new "
    "account's). clerk: counts, alerts, receipts, and persons: refused rows, who is counted, one person's trail.",
)
@json_option
def command(name: str, password: str, role: Role | None, as_json: bool) -> None:
    """Make an account of the watch page, or give it another password.

    \b
    mobility account front-desk --role clerk    may see and correct refused rows
    mobility account it-desk --role operator    may make and revoke API keys, settle held posts and dead records
    """
    at = running_services(Settings())
    accounts.set_password(at.postgres, name, password)
    if role:
        accounts.set_role(at.postgres, name, role)
    if as_json:
        print_json({"account": name, "role": role})
    else:
        say(f"{name} may sign in{f' as {role}' if role else ''}.")
