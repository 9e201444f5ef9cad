"""``mobility run ROLE``: one role in the foreground."""

import importlib

import click

from mobility.endpoints import running_services
from mobility.settings import Settings

ROLES = ("streams", "store", "watch", "clock", "verify", "intake", "intake_worker", "dropfolder", "supervisor")


@click.command(hidden=True)
@click.argument("role", type=click.Choice(ROLES))
def command(role: str) -> None:
    """Run one of the roles that up keeps running, until SIGTERM."""
    settings = Settings()
    if role == "supervisor":
        from mobility.commands.up import supervise

        supervise(settings)
        return
    importlib.import_module(f"mobility.roles.{role}").run(settings, running_services(settings))
