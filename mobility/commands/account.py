"""``mobility account``: who may open the watch page."""

import click

from consumers.watch import accounts
from consumers.watch.roles import ROLES, Role
from mobility.endpoints import running_services
from mobility.errors import UsageError
from mobility.output import json_option, print_json, say
from mobility.settings import Settings
from mobility.typed import secret_word


@click.command()
@click.argument("name")
@click.option(
    "--password", default="-", metavar="TEXT", help="Better left out: it is asked for then, or read as a line of stdin."
)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=None,
    help="operator: counts, alerts, receipts, and the system's own affairs: API keys, held posts, dead records (a new "
    "account's). clerk: counts, alerts, receipts, and persons: refused rows, who is counted, one person's trail.",
)
@json_option
def command(name: str, password: str, role: Role | None, as_json: bool) -> None:
    """Make an account of the watch page, or give it another password: also opens one that wrong passwords have locked.

    \b
    mobility account front-desk --role clerk    may see and correct refused rows
    mobility account front-desk < password.txt  another password, from a file's first line
    mobility account it-desk --role operator    may make and revoke API keys, settle held posts and dead records
    """
    password = secret_word(password, "Password", twice=True)
    if not password:
        raise UsageError("A password is not empty.")
    at = running_services(Settings())
    accounts.set_password(at.postgres, name, password)
    if role:
        accounts.set_role(at.postgres, name, role)
    if as_json:
        print_json({"account": name, "role": role})
    else:
        say(f"{name} may sign in{f' as {role}' if role else ''}.")
