"""The worker processes and the services under test, each a process of its own with its own log."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from deploy.local import kafka_pid, postgres_pid, start_kafka, start_postgres
from deploy.local.postgres import stop_postgres
from deploy.topics import ensure_topics

REPOSITORY = Path(__file__).parents[2]


def _quiet(*_: object, **__: object) -> None:
    """What the services say on their way is of no interest here."""


class Broker:
    """A Kafka in a folder of its own."""

    def __init__(self, home: Path, partitions: int) -> None:
        self.home = home
        self.address = start_kafka(home, say=_quiet)
        ensure_topics(self.address, partitions)

    def signal(self, sign: signal.Signals) -> None:
        """To the broker's process."""
        pid = kafka_pid(self.home)
        assert pid is not None, "the broker does not run"
        os.kill(pid, sign)

    def start_again(self) -> None:
        """After a kill; on the same port."""
        assert start_kafka(self.home, say=_quiet) == self.address

    def end(self) -> None:
        """Hard: its folder is thrown away."""
        pid = kafka_pid(self.home)
        if pid is not None:
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGKILL)


class Database:
    """A PostgreSQL in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.dsn = start_postgres(home, say=_quiet)

    def kill(self) -> None:
        """SIGKILL of its first process; the others notice and end."""
        os.kill(self._pid(), signal.SIGKILL)

    def processes(self, application: str = "") -> list[int]:
        """The server's processes, the first one first; or those that serve one application."""
        with psycopg.connect(self.dsn, autocommit=True) as line:
            if application:
                found = line.execute("select pid from pg_stat_activity where application_name = %s", [application])
                return [pid for (pid,) in found]
            found = line.execute("select pid from pg_stat_activity where pid <> pg_backend_pid() order by pid")
            return [self._pid(), *(pid for (pid,) in found)]

    def start_again(self) -> None:
        """After a kill; on the same port."""
        assert start_postgres(self.home, say=_quiet) == self.dsn

    def end(self) -> None:
        """With all its processes."""
        stop_postgres(self.home)

    def _pid(self) -> int:
        pid = postgres_pid(self.home)
        assert pid is not None, "the database does not run"
        return pid


class Worker:
    """One worker, run by the code of production."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=REPOSITORY,
                env={**os.environ, **(environment or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def signal(self, sign: signal.Signals) -> None:
        """Send it if the worker is there."""
        if self.runs:
            self.process.send_signal(sign)

    def kill(self) -> None:
        """SIGKILL, and wait."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 15.0) -> tuple[int, float]:
        """SIGTERM: exit code and seconds that it took."""
        begun = time.monotonic()
        self.signal(signal.SIGTERM)
        return self.process.wait(seconds), time.monotonic() - begun
