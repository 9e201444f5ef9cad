"""Ends what runs in a home: whoever holds its lock, and roles that a killed supervisor has left behind."""

import contextlib
import signal
import time
from pathlib import Path

import psutil

from mobility import home_lock
from mobility.errors import MobilityError

GRACE_SECONDS = 12.0
"""For a role: it commits what is under way."""
HOLDER_SECONDS = 45.0
"""For a supervisor: it ends its roles first, in the foreground the services too."""
PATIENCE_SECONDS = 300.0
STARTS_SECONDS = 0.2
"""A program that is started has become itself by then."""


def take_over(home: Path) -> home_lock.HomeLock | None:
    """The home's lock after whoever holds it was ended, be it just starting; None if nothing ever ran here.

    Another command that stops the home is waited for. Raises MobilityError when it does not end, StartError.
    """
    with contextlib.suppress(PermissionError):  # that is told when it is to be taken
        if not home_lock.lock_file(home).exists():
            return None
    begun, asked = time.monotonic(), dict[int, float]()
    while (lock := home_lock.take(home, pid=0)) is None:
        now, process = time.monotonic(), home_lock.holder(home)
        if process is not None:
            if process.pid not in asked:
                asked[process.pid] = now
                _signal(process, signal.SIGTERM)
            elif now - asked[process.pid] > HOLDER_SECONDS:
                _signal(process, signal.SIGKILL)
        if now - begun > PATIENCE_SECONDS:
            raise MobilityError(
                f"Another process holds {home_lock.lock_file(home)} and does not end within {PATIENCE_SECONDS:.0f} s: "
                "is it another user's? End it, then mobility down again."
            )
        time.sleep(0.05)
    return lock


def end_supervisor(home: Path) -> None:
    """End the supervisor that was handed the lock, be it still without a name. Only for who handed it over."""
    end(_running(home, supervisors=True), grace=HOLDER_SECONDS)


def end_roles_left(home: Path) -> None:
    """End roles of this home that nobody supervises. Only for who holds the lock.

    One that its supervisor was just starting has no name of its own for a moment, so it is looked for twice.
    """
    end(_running(home, supervisors=False))
    time.sleep(STARTS_SECONDS)
    end(_running(home, supervisors=False))


def end(processes: list[psutil.Process], *, grace: float = GRACE_SECONDS) -> None:
    """Ask them, wait up to ``grace`` seconds, kill what is left."""
    for process in processes:
        _signal(process, signal.SIGTERM)
    _, left = psutil.wait_procs(processes, timeout=grace)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)


def _running(home: Path, *, supervisors: bool) -> list[psutil.Process]:
    """Those that have the home's lock file open, as they were given it."""
    file, found = home_lock.lock_file(home), []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()[1:5]
        except psutil.Error:
            continue
        if words[:3] == ["-m", "mobility", "run"] and (words[3:] == ["supervisor"]) is supervisors:
            found.append(process)
    return [process for process in found if home_lock.has_open(process, file)]


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)  # a stopped one would not hear it
    except psutil.Error:
        return
