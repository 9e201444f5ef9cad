"""One command at a time starts or stops a home, and one supervisor keeps it: who holds ``supervisor.lock`` of it.

``up`` takes the lock before it starts anything and hands it to the supervisor, which holds it for its whole life; the
kernel drops it with its last holder. So what runs is known by this file alone: neither a process id that went to
another program nor a copy of the folder, whose file is another one, is taken for it.
"""

import fcntl
import os
import secrets
from pathlib import Path
from typing import Self

import psutil

from deploy.local.lock import lock_handle

_STDIN = 0


def lock_file(home: Path) -> Path:
    """First line: the process to ask for an end, 0 if none is to be. Second: the run's random id, nothing else."""
    return home / "supervisor.lock"


class HomeLock:
    """The lock, held until ``close`` here and in every process that it was handed to."""

    def __init__(self, file: Path, handle: int, run: str) -> None:
        self.file, self.handle, self.run = file, handle, run

    def name(self, pid: int) -> None:
        """Say which process is to be asked for an end."""
        os.pwrite(self.handle, f"{pid:>10}\n{self.run}\n".encode("ascii"), 0)  # one length: never half read

    def in_place(self) -> bool:
        """Whether the home still has this very file; not after the folder was moved or removed."""
        try:
            return os.path.samestat(os.fstat(self.handle), self.file.stat())
        except OSError:
            return False

    def marker(self) -> int:
        """A handle without the lock: by it a process shows that it belongs to this home. OSError."""
        return os.open(self.file, os.O_RDONLY)

    def close(self) -> None:
        """Let go of it here. (An unlock would take it from whom it was handed to.)"""
        os.close(self.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def take(home: Path, *, pid: int) -> HomeLock | None:
    """The lock, naming ``pid``; None while another process holds it. Raises StartError when it can't be written."""
    file = lock_file(home)
    lock = HomeLock(file, lock_handle(file), secrets.token_hex(16))
    try:
        fcntl.flock(lock.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    if not lock.in_place():  # put aside between opening and locking
        lock.close()
        return None
    lock.name(pid)
    return lock


def handed_over(home: Path) -> HomeLock | None:
    """The lock that whoever started this process gave it as its standard input; None if it gave none."""
    file = lock_file(home)
    try:
        if not os.path.samestat(os.fstat(_STDIN), file.stat()):
            return None
        fcntl.flock(_STDIN, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    lock = HomeLock(file, os.dup(_STDIN), run_id(home))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, _STDIN)  # programs that are started from here must not hold it
    os.close(nothing)
    lock.name(os.getpid())
    return lock


def held(home: Path) -> bool:
    """Whether something of this home runs, or is being started or stopped."""
    try:
        handle = os.open(lock_file(home), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def holder(home: Path) -> psutil.Process | None:
    """The process that the lock names, if it has this very file open."""
    pid = _lines(home)[0]
    try:
        process = psutil.Process(int(pid)) if pid.isdecimal() and int(pid) else None
    except psutil.NoSuchProcess:
        return None
    return process if process is not None and has_open(process, lock_file(home)) else None


def run_id(home: Path) -> str:
    """The random id of the present run; empty if nothing was ever started here."""
    return _lines(home)[1]


def has_open(process: psutil.Process, file: Path) -> bool:
    """Whether the process has this file open, by whatever name."""
    try:
        return any(Path(one.path).exists() and Path(one.path).samefile(file) for one in process.open_files())
    except (psutil.Error, OSError):
        return False


def _lines(home: Path) -> tuple[str, str]:
    try:
        pid, run = lock_file(home).read_text("ascii").split()
    except (OSError, ValueError):
        return "", ""
    return pid, run
