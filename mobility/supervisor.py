"""Keeps the roles running: starts them, starts again what ends by itself, stops all of them together."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from deploy import local
from mobility.embedded import embedded
from mobility.endpoints import Endpoints, run_file
from mobility.errors import UsageError
from mobility.settings import Settings

log = logging.getLogger(__name__)

GRACE_SECONDS = 12.0
LONGEST_BACKOFF = 15.0


class Child:
    """One role in its process; a crash is followed by another start, later each time it crashes early."""

    def __init__(self, name: str, role: str, settings: Settings, at: Endpoints, *, metrics_port: int = 0) -> None:
        self.name = name
        self.role = role
        self.log = settings.folder / "logs" / f"{name}.log"
        self.environment = {
            **os.environ,
            "MOBILITY_HOME": str(settings.folder),
            "MOBILITY_KAFKA": at.kafka,
            "MOBILITY_POSTGRES": at.postgres,
            "MOBILITY_METRICS_PORT": str(metrics_port),
            **({"MOBILITY_DROP": str(settings.drop.expanduser().resolve())} if settings.drop else {}),
        }
        self.backoff = 0.5
        self.started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; its output goes to its log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mobility", "run", self.role],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
            )
        self.started = time.monotonic()

    def restart_if_ended(self) -> bool:
        """True if it had ended and was started again."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started
        if lived > 60:
            self.backoff = 0.5
        if lived < self.backoff:
            return False
        self.backoff = min(self.backoff * 2, LONGEST_BACKOFF)
        self.start()
        return True


class Supervisor:
    """The roles of one home. ``run.json`` in it says which processes they are."""

    def __init__(self, settings: Settings, at: Endpoints) -> None:
        self.settings = settings
        self.at = at
        workers = [f"streams-{number}" if number else "streams" for number in range(settings.workers)]
        names = [(name, "streams") for name in workers] + [("store", "store"), ("watch", "watch")]
        if settings.clock == "automatic":
            names.append(("clock", "clock"))
        if settings.verify_share:
            names.append(("verify", "verify"))
        names += [("intake", "intake"), ("intake-worker", "intake_worker")]
        if settings.drop is not None:
            names.append(("drop", "dropfolder"))
        first = settings.metrics_port
        self.children = [
            Child(name, role, settings, at, metrics_port=first + number if first else 0)
            for number, (name, role) in enumerate(names)
        ]

    def start(self) -> None:
        """Start every role."""
        if self.settings.drop is not None:
            (self.settings.folder / "drop.folder").write_text(str(self.settings.drop.expanduser().resolve()), "utf-8")
        for child in self.children:
            child.start()
        self._write()

    def watch(self, stop: threading.Event) -> None:
        """Until ``stop``: start again what ended, the embedded services too."""
        services = embedded(self.settings)
        while not stop.wait(1.0):
            restarted = [child.name for child in self.children if child.restart_if_ended()]
            if restarted:
                self._write()
                log.warning("started again after it ended: %s", ", ".join(restarted))
            for service in services:
                try:
                    service.look()
                except local.LocalServiceError as error:
                    log.error("%s", error)
                    stop.wait(5.0)

    def stop(self) -> None:
        """End every role, at most in GRACE_SECONDS."""
        pids = [child.process.pid for child in self.children if child.process is not None]
        _end(pids)
        for child in self.children:
            if child.process is not None:
                child.process.wait()
        run_file(self.settings).unlink(missing_ok=True)

    def _write(self) -> None:
        record = {
            "supervisor": _identity(os.getpid()),
            "children": {child.name: _identity(child.process.pid) for child in self.children if child.process},
            "kafka": self.at.kafka,
            "postgres": self.at.postgres,
        }
        path = run_file(self.settings)
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)  # a DSN may hold a password: never readable by others, not even for a moment
        draft.write_text(json.dumps(record))
        draft.replace(path)


def supervised(settings: Settings) -> bool:
    """Whether a supervisor of this home is alive."""
    record = _read(settings)
    return record is not None and _alive(record["supervisor"])


def refuse_another_service(settings: Settings) -> None:
    """UsageError when the settings name another Kafka or PostgreSQL than the one that this home runs on."""
    record = _read(settings)
    for name in ("kafka", "postgres"):
        named = str(getattr(settings, name))
        if record is not None and named and named != record[name]:
            raise UsageError(
                f"This home runs on another {name.capitalize()} than MOBILITY_{name.upper()} names: mobility down "
                "first, then mobility up. Data of one do not go into the other."
            )


def watched_folder(settings: Settings) -> Path | None:
    """The drop folder that the running supervisor of this home watches."""
    record = _read(settings)
    if record is None or "drop" not in record["children"]:
        return None
    return Path((settings.folder / "drop.folder").read_text("utf-8"))


def stop_supervised(settings: Settings) -> None:
    """End the supervisor of this home and whatever roles one has left behind."""
    record = _read(settings)
    if record is None:
        return
    if _alive(record["supervisor"]):
        _end([record["supervisor"][0]])
    _end([child[0] for child in record["children"].values() if _alive(child)])
    run_file(settings).unlink(missing_ok=True)


def _end(pids: list[int]) -> None:
    processes = []
    for pid in pids:
        try:
            process = psutil.Process(pid)
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGCONT)
            processes.append(process)
        except psutil.NoSuchProcess:
            continue
    _, left = psutil.wait_procs(processes, timeout=GRACE_SECONDS)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=5)


def _identity(pid: int) -> tuple[int, float]:
    """A pid alone may be another program's later."""
    return pid, psutil.Process(pid).create_time()


def _alive(identity: list[Any]) -> bool:
    try:
        process = psutil.Process(int(identity[0]))
        same = abs(process.create_time() - float(identity[1])) < 1
        return same and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _read(settings: Settings) -> dict[str, Any] | None:
    try:
        record: dict[str, Any] = json.loads(run_file(settings).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return record
