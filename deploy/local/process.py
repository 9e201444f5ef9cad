"""Servers that outlive the program that started them: launching, finding, ending."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

from deploy.local.errors import StartError

_IN_BACKGROUND = 'umask 077; "$@" </dev/null >>"$OUT" 2>&1 & echo $!'
"""The shell ends at once, so the server's parent is init: no zombie waits for whoever started it."""

PATIENCE_S = 60.0
"""A service that lives and does not answer may be stalled for a while: only after so long is it ended."""


def answers_in_time(answer: Callable[[], str | None], alive: Callable[[], bool], seconds: float) -> str | None:
    """What ``answer`` gives at last; None after so many seconds, or once the service is no longer alive."""
    until = time.monotonic() + seconds
    while alive() and time.monotonic() < until:
        if found := answer():
            return found
        time.sleep(0.2)
    return None


def launch(argv: Sequence[str], *, folder: Path, out: Path, env: Mapping[str, str], user: str | None = None) -> int:
    """Starts a server in a session of its own, in ``folder``, its output added to ``out``; its pid."""
    done = subprocess.run(
        ["/bin/sh", "-c", _IN_BACKGROUND, "sh", *argv],
        cwd=folder,
        env={**env, "OUT": str(out)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        check=False,
        text=True,
    )
    if done.returncode or not done.stdout.strip().isdigit():
        raise StartError(f"{argv[0]} could not be launched: {done.stderr.strip() or done.returncode}")
    return int(done.stdout)


def works_in(pid: int, folder: Path, word: str) -> bool:
    """Whether ``pid`` is alive, has ``word`` in its command line and works in ``folder``.

    A pid alone proves nothing: the number may have gone to another program since it was written down.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return any(word in part for part in process.cmdline()) and Path(process.cwd()) == folder
    except (psutil.Error, OSError):
        return False


def all_in(folder: Path, word: str) -> list[int]:
    """Every process that ``works_in`` the folder, also those that no pid file names."""
    return [pid for pid in psutil.pids() if works_in(pid, folder, word)]


def stored_pid(file: Path) -> int | None:
    """The number on the first line of a pid file; None when the file is missing or damaged."""
    try:
        pid = int(file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid > 0 else None


def wait_for_dying(pid_file: Path, *, seconds: float = 10.0) -> None:
    """Waits while the process of a pid file is being torn down: killed, but its ports and files still held."""
    pid, until = stored_pid(pid_file), time.monotonic() + seconds
    while pid is not None and time.monotonic() < until:
        try:
            process = psutil.Process(pid)
            is_zombie = process.status() == psutil.STATUS_ZOMBIE
            if process.num_threads() <= 1 if is_zombie else process.cmdline():
                return
        except psutil.Error:
            return
        time.sleep(0.02)


def end(pid: int, folder: Path, word: str, *, first: signal.Signals, seconds: float) -> None:
    """Asks the server with ``first``, waits up to ``seconds``, then kills it. Returns when it is gone."""
    for sign, patience in ((first, seconds), (signal.SIGKILL, 10.0)):
        if not works_in(pid, folder, word):
            return
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if not works_in(pid, folder, word):
                return
            time.sleep(0.02)
    raise StartError(f"process {pid} ({word}) does not end, not even by SIGKILL; end it, then try again")


def tail(*files: Path, lines: int = 5) -> str:
    """The last lines of the first file that has any, for an error message."""
    for file in files:
        if file.exists():
            text = file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            if text:
                return " | ".join(line.strip()[:300] for line in text[-lines:])
    return "the log is empty"
