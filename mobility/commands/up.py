"""``mobility up``: everything runs, in the foreground or on its own."""

from pathlib import Path
from typing import Any

import click

from deploy import local
from mobility.endpoints import Endpoints
from mobility.errors import MobilityError
from mobility.home_lock import HomeLock
from mobility.output import json_option, print_json, progress, say
from mobility.postgres import shown
from mobility.prepare import password_file
from mobility.roles.stopping import interrupt_on_signals, stop_on_signals
from mobility.run_record import read_record, watched_folder
from mobility.settings import Settings
from mobility.starting import await_answers, bring_up, lock_unless_running, start_detached
from mobility.supervisor import Supervisor


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
    interrupt_on_signals()
    with progress(quiet=as_json) as report:
        lock = lock_unless_running(settings, report)
        if lock is not None and detach:
            with lock:
                start_detached(settings, lock, report)
    if lock is None and drop is not None:
        say("It runs already: a drop folder is watched from its next start on (mobility down, mobility up --drop).")
    if lock is not None and not detach:
        _foreground(settings, lock, as_json=as_json)  # it keeps the lock until it is gone
    else:
        _show(settings, as_json=as_json)


def _foreground(settings: Settings, lock: HomeLock, *, as_json: bool) -> None:
    from mobility.roles.logs import log_to_stderr

    with local.stopped_on_failure(settings.folder), progress(quiet=as_json) as report:
        at = bring_up(settings, report)
        stop = stop_on_signals()
    log_to_stderr("WARNING")
    supervisor = Supervisor(settings, at, lock)
    try:
        supervisor.start()
        if await_answers(settings, lock, going=lambda: not stop.is_set()):
            _show(settings, as_json=as_json)
            if not as_json:
                say("Running. Ctrl-C stops everything.")
        supervisor.watch(stop)
    finally:
        supervisor.stop()
        local.stop(settings.folder)


def _show(settings: Settings, *, as_json: bool) -> None:
    record = read_record(settings)
    if record is None:
        raise MobilityError(f"It was stopped while it started (mobility down?). See {settings.folder / 'logs'}.")
    at, drop = Endpoints(record["kafka"], record["postgres"]), watched_folder(settings, record)
    if as_json:
        found: dict[str, Any] = {
            "kafka": at.kafka,
            "postgres": shown(at.postgres) if settings.postgres else at.postgres,
            "page": record["page"],
            "intake": record["intake"],
            "home": str(settings.folder),
            "account": "operator",
            "password_file": str(password_file(settings)),
            "drop": str(drop.resolve()) if drop else None,
        }
        print_json(found)
        return
    say(f"page      {record['page']}")
    say(f"sign in   operator, password in {password_file(settings)}")
    say(f"intake    {record['intake']}  (mobility key create)")
    if drop:
        say(f"drop      {drop.resolve()}  (mobility drop status)")
    say(f"kafka     {at.kafka}")
    say(f"postgres  {shown(at.postgres)}")
    say(f"data      {settings.folder}")
