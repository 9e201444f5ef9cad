"""Starts a home: one command at a time, and what could not be started whole is stopped again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deploy import local
from deploy.local.process import tail
from mobility import addresses, home_lock
from mobility.answering import silent_or_foreign
from mobility.ending import PATIENCE_SECONDS, end_roles_left, end_supervisor
from mobility.endpoints import Endpoints, running_services, start_services
from mobility.errors import MobilityError
from mobility.home_lock import HomeLock
from mobility.output import Report
from mobility.prepare import prepare
from mobility.run_record import read_record, refuse_another, run_file
from mobility.settings import Settings
from mobility.supervisor import Supervisor

ANSWER_SECONDS = 180.0


def lock_unless_running(settings: Settings, report: Report) -> HomeLock | None:
    """The home's lock, for who is to start everything; None once what another command started answers.

    Raises UsageError when what runs is not what the settings name, MobilityError when it does not come to answer.
    """
    begun, recorded = time.monotonic(), None
    while (lock := home_lock.take(settings.folder, pid=os.getpid())) is None:
        now, record = time.monotonic(), read_record(settings)
        if record is not None:
            refuse_another(settings, record)
            recorded = recorded or now
            silent = silent_or_foreign(home_lock.run_id(settings.folder), record["page"], record["intake"])
            if not silent:
                return None
            if now - recorded > ANSWER_SECONDS:
                raise _unanswered(settings, silent)
        report("Another command starts or stops this home: waiting for it")
        if now - begun > PATIENCE_SECONDS:
            raise MobilityError(
                f"Another command has been starting or stopping {settings.folder} for {PATIENCE_SECONDS:.0f} s. Wait "
                "for it, or end it with mobility down."
            )
        time.sleep(0.2)
    return lock


def bring_up(settings: Settings, report: Report) -> Endpoints:
    """Services, topics, tables, account: all that the roles need. What an earlier run left behind is ended first."""
    end_roles_left(settings.folder)
    run_file(settings).unlink(missing_ok=True)
    addresses.choose_both(settings)
    at = start_services(settings, report)
    report("Topics and tables")
    prepare(settings, at)
    return at


def start_everything(settings: Settings, report: Report) -> Endpoints:
    """As ``up --detach``: a supervisor of its own keeps the roles running; returns when page and intake answer."""
    lock = lock_unless_running(settings, report)
    if lock is None:
        return running_services(settings)
    with lock:
        return start_detached(settings, lock, report)


def start_detached(settings: Settings, lock: HomeLock, report: Report) -> Endpoints:
    """The same for who has the lock, which goes on to the supervisor. Nothing stays if it fails."""
    log = settings.folder / "logs" / "supervisor.log"
    with local.stopped_on_failure(settings.folder):
        at = bring_up(settings, report)
        report("Streams, store, page and intake")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output, _ended_on_failure(settings):
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "mobility", "run", "supervisor"],
                stdin=lock.handle,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    **({"MOBILITY_DROP": str(settings.drop)} if settings.drop else {}),
                    "MOBILITY_CLOCK": settings.clock,
                },  # a demo's clock is moved by hand, whatever the setting
                start_new_session=True,
            )
            if not await_answers(settings, lock, going=lambda: supervisor.poll() is None):
                raise MobilityError(
                    f"What keeps the roles running ended while they started ({_how(supervisor.returncode)}); nothing "
                    f"was left running. {log} ends with: {tail(log, lines=1)}"
                )
    return at


def supervise(settings: Settings) -> None:
    """The supervisor's own process: until a signal. Each restart is a line of its log."""
    from mobility.roles.logs import log_to_stderr
    from mobility.roles.stopping import stop_on_signals

    log_to_stderr(settings.log_level)
    stop = stop_on_signals()
    lock = home_lock.handed_over(settings.folder) or home_lock.take(settings.folder, pid=os.getpid())
    if lock is None:
        raise MobilityError(f"{settings.folder} has a supervisor already: mobility down ends it.")
    supervisor = Supervisor(settings, start_services(settings, lambda *_: None), lock)
    try:
        if not stop.is_set():
            supervisor.start()
        supervisor.watch(stop)
    finally:
        supervisor.stop()  # the lock stays with the process until it is gone


def await_answers(settings: Settings, lock: HomeLock, *, going: Callable[[], bool]) -> bool:
    """True once page and intake of this run answer; False when it is not ``going`` any more. MobilityError after
    ANSWER_SECONDS."""
    deadline = time.monotonic() + ANSWER_SECONDS
    wanted = silent = [addresses.page(settings).url, addresses.intake(settings).url]
    while going():
        silent = silent_or_foreign(lock.run, *wanted)
        if not silent:
            return going()
        if time.monotonic() > deadline:
            raise _unanswered(settings, silent)
        time.sleep(0.1)
    return False


@contextmanager
def _ended_on_failure(settings: Settings) -> Iterator[None]:
    """For the supervisor that is started within, and its roles."""
    try:
        yield
    except BaseException:
        end_supervisor(settings.folder)
        end_roles_left(settings.folder)
        run_file(settings).unlink(missing_ok=True)
        raise


def _unanswered(settings: Settings, silent: list[str]) -> MobilityError:
    return MobilityError(
        f"{' and '.join(silent)} did not answer for this home within {ANSWER_SECONDS:.0f} s. See watch.log and "
        f"intake.log in {settings.folder / 'logs'}: does another program use the port?"
    )


def _how(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
