"""``mobility run ROLE``: one role in the foreground."""

import importlib
import os
import threading
import time
from collections.abc import Callable

import click
import psutil

from mobility import addresses
from mobility.endpoints import Endpoints, running_services
from mobility.output import json_option, print_json
from mobility.postgres import shown
from mobility.settings import Settings

ROLES = ("streams", "store", "watch", "clock", "verify", "intake", "intake_worker", "dropfolder", "supervisor")
LISTENING: dict[str, Callable[[Settings], addresses.Address]] = {"watch": addresses.page, "intake": addresses.intake}
"""Roles that listen, and where."""


@click.command(hidden=True)
@click.argument("role", type=click.Choice(ROLES))
@json_option
def command(role: str, as_json: bool) -> None:
    """Run one of the roles that up keeps running, until SIGTERM.

    With --json one line on stdout tells that it is at work: role, pid, address (of a role that listens, once it
    does), home, kafka, postgres. What it has to say afterwards goes to its log, on stderr.

    \b
      mobility run streams                another worker beside those of up
      mobility run intake --json          {"role": "intake", "pid": 4711, "address": "http://127.0.0.1:8200/", ...}

    Exit codes: 0 stopped by a signal (watch and intake end by the signal itself), 1 it can't go on (its last line says
    why), 2 wrong usage, 3 a service can't be reached.
    """
    settings = Settings()
    if role == "supervisor":
        from mobility.starting import supervise

        if as_json:
            _tell(role, settings, None)
        supervise(settings)
        return
    at = running_services(settings)
    work = importlib.import_module(f"mobility.roles.{role}").run
    if as_json and role in LISTENING:
        listens = LISTENING[role](settings)
        said = (listens.port, role, settings, at, listens.url)
        threading.Thread(target=_tell_once_listening, args=said, daemon=True).start()
    elif as_json:
        _tell(role, settings, at)
    work(settings, at)


def _tell(role: str, settings: Settings, at: Endpoints | None, address: str | None = None) -> None:
    print_json(
        {
            "role": role,
            "pid": os.getpid(),
            "address": address,
            "home": str(settings.folder),
            "kafka": at.kafka if at else None,
            "postgres": shown(at.postgres) if at else None,
        }
    )


def _tell_once_listening(port: int, role: str, settings: Settings, at: Endpoints, address: str) -> None:
    """In a thread of its own, as the role has the main one; it ends with the process. That somebody answers there is
    not asked: it may be another process of this home."""
    own = psutil.Process()
    while not any(one.status == psutil.CONN_LISTEN and one.laddr[1] == port for one in own.net_connections("tcp")):
        time.sleep(0.05)
    _tell(role, settings, at, address)
