"""Keeps the roles running: starts them, starts again what ends by itself, stops all of them together."""

import logging
import os
import subprocess
import sys
import threading
import time

import psutil

from deploy import local
from mobility import addresses
from mobility.embedded import embedded
from mobility.ending import end
from mobility.endpoints import Endpoints
from mobility.home_lock import HomeLock
from mobility.run_record import run_file, write_drop_folder, write_record
from mobility.settings import Settings

log = logging.getLogger(__name__)

LONGEST_BACKOFF = 15.0


class Child:
    """One role in its process; a crash is followed by another start, later each time it crashes early."""

    def __init__(
        self, name: str, role: str, settings: Settings, at: Endpoints, lock: HomeLock, *, metrics_port: int = 0
    ) -> None:
        self.name = name
        self.role = role
        self.lock = lock
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
        """Start the process; its output goes to its log file. Its standard input is the home's lock file, without the
        lock: by that it is known as a role of this home when its supervisor was killed."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        marker = self.lock.marker()
        try:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "mobility", "run", self.role],
                    stdin=marker,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self.environment,
                    start_new_session=True,
                )
        finally:
            os.close(marker)
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

    def __init__(self, settings: Settings, at: Endpoints, lock: HomeLock) -> None:
        self.settings = settings
        self.at = at
        self.lock = lock
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
            Child(name, role, settings, at, lock, metrics_port=first + number if first else 0)
            for number, (name, role) in enumerate(names)
        ]

    def start(self) -> None:
        """Start every role; each is written down before the next."""
        if self.settings.drop is not None:
            write_drop_folder(self.settings, self.settings.drop.expanduser().resolve())
        self._write()
        for child in self.children:
            child.start()
            self._write()

    def watch(self, stop: threading.Event) -> None:
        """Until ``stop``: start again what ended, the embedded services too. Also when the home is no longer there."""
        services = embedded(self.settings)
        while not stop.wait(1.0):
            if not self.lock.in_place():
                log.error("%s is not there any more: everything of this home is ended", self.lock.file)
                return
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
        processes = [child.process for child in self.children if child.process is not None]
        end([psutil.Process(process.pid) for process in processes if process.poll() is None])
        for process in processes:
            process.wait()
        run_file(self.settings).unlink(missing_ok=True)

    def _write(self) -> None:
        children = {child.name: child.process.pid for child in self.children if child.process}
        write_record(
            self.settings,
            {
                "run": self.lock.run,
                "supervisor": _started(os.getpid()),
                "children": {name: _started(pid) for name, pid in children.items()},
                "kafka": self.at.kafka,
                "postgres": self.at.postgres,
                "page": addresses.page(self.settings).url,
                "intake": addresses.intake(self.settings).url,
            },
        )


def _started(pid: int) -> tuple[int, float | None]:
    """For people: which process, and since when by the clock of the wall, which may have been set meanwhile."""
    try:
        return pid, psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return pid, None
