"""``mobility up``: everything runs, in the foreground or on its own."""

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from mobility import addresses
from mobility.endpoints import Endpoints, running_services, start_services
from mobility.errors import MobilityError
from mobility.output import Report, json_option, print_json, progress, say
from mobility.postgres import shown
from mobility.prepare import password_file, prepare
from mobility.settings import Settings
from mobility.supervisor import Supervisor, refuse_another_service, stop_supervised, supervised, watched_folder

PAGE_SECONDS = 60.0


@click.command()
@click.option("--detach", is_flag=True, help="Come back once the page answers; everything keeps running.")
@click.option(
    "--drop", type=click.Path(path_type=Path), default=None, help="Watch this folder: files put there are taken in."
)
@json_option
def command(detach: bool, drop: Path | None, as_json: bool) -> None:
    """Start Kafka, PostgreSQL, the streams, the store, the watch page and the clock.

    Without settings Kafka and PostgreSQL are embedded and keep their data in MOBILITY_HOME (default
    .mobility). A second up finds what runs and reuses it. Ctrl-C, or mobility down, stops everything.

    \b
    MOBILITY_KAFKA=host:port     use a Kafka that exists (3.7 or newer)
    MOBILITY_POSTGRES=DSN        use a PostgreSQL that exists (15 or newer)
    MOBILITY_DROP=FOLDER         watch it, as --drop does; see mobility drop
    MOBILITY_CLOCK=manual        the day moves only by mobility clock --to DAY
    """
    settings = Settings()
    if drop is not None:
        settings = settings.model_copy(update={"drop": drop.expanduser().resolve()})
    if supervised(settings):
        refuse_another_service(settings)
        if drop is not None:
            say("It runs already: a drop folder is watched from its next start on (mobility down, mobility up --drop).")
        _show(settings, running_services(settings), watched_folder(settings), as_json=as_json)
        return
    with progress(quiet=as_json) as report:
        at = start_everything(settings, report) if detach else bring_up(settings, report)
    if detach:
        _show(settings, at, settings.drop, as_json=as_json)
        return
    _foreground(settings, at, as_json=as_json)


def bring_up(settings: Settings, report: Report) -> Endpoints:
    """Services, topics, tables, account: all that the roles need. What an earlier run left behind is ended first."""
    stop_supervised(settings)
    at = start_services(settings, report)
    report("Topics and tables")
    prepare(settings, at)
    addresses.page(settings).choose()
    addresses.intake(settings).choose()
    return at


def start_everything(settings: Settings, report: Report) -> Endpoints:
    """As ``up --detach``: a supervisor of its own keeps the roles running; returns when the page answers."""
    at = bring_up(settings, report)
    report("Streams, store and page")
    log = settings.folder / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        subprocess.Popen(
            [sys.executable, "-m", "mobility", "run", "supervisor"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                **({"MOBILITY_DROP": str(settings.drop)} if settings.drop else {}),
                "MOBILITY_CLOCK": settings.clock,
            },  # a demo's clock is moved by hand, whatever the setting
            start_new_session=True,
        )
    _await_page(settings)
    return at


def supervise(settings: Settings) -> None:
    """The supervisor's own process: until a signal. Each restart is a line of its log."""
    from mobility.roles.logs import log_to_stderr
    from mobility.roles.stopping import stop_on_signals

    log_to_stderr(settings.log_level)
    stop = stop_on_signals()
    supervisor = Supervisor(settings, start_services(settings, lambda *_: None))
    supervisor.start()
    try:
        supervisor.watch(stop)
    finally:
        supervisor.stop()


def _foreground(settings: Settings, at: Endpoints, *, as_json: bool) -> None:
    from deploy import local
    from mobility.roles.logs import log_to_stderr
    from mobility.roles.stopping import stop_on_signals

    log_to_stderr("WARNING")
    stop: threading.Event = stop_on_signals()
    supervisor = Supervisor(settings, at)
    supervisor.start()
    try:
        _await_page(settings)
        _show(settings, at, settings.drop, as_json=as_json)
        if not as_json:
            say("Running. Ctrl-C stops everything.")
        supervisor.watch(stop)
    finally:
        supervisor.stop()
        local.stop(settings.folder)


def _await_page(settings: Settings) -> None:
    deadline = time.monotonic() + PAGE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(addresses.page(settings).url + "health", timeout=2):  # noqa: S310 - our own page
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise MobilityError(
        f"The page did not answer within {PAGE_SECONDS:.0f} s. See {settings.folder / 'logs' / 'watch.log'}."
    )


def _show(settings: Settings, at: Endpoints, drop: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "kafka": at.kafka,
                "postgres": shown(at.postgres) if settings.postgres else at.postgres,
                "page": addresses.page(settings).url,
                "intake": addresses.intake(settings).url,
                "home": str(settings.folder),
                "account": "operator",
                "password_file": str(password_file(settings)),
                "drop": str(drop.resolve()) if drop else None,
            }
        )
        return
    say(f"page      {addresses.page(settings).url}")
    say(f"sign in   operator, password in {password_file(settings)}")
    say(f"intake    {addresses.intake(settings).url}  (mobility key create)")
    if drop:
        say(f"drop      {drop.resolve()}  (mobility drop status)")
    say(f"kafka     {at.kafka}")
    say(f"postgres  {shown(at.postgres)}")
    say(f"data      {settings.folder}")
