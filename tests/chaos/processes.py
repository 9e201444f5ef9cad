"""The worker processes and the broker under test, each a process of its own with its own log."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.local import kafka_pid, start_kafka
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


class Worker:
    """One worker, run by the code of production."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=REPOSITORY, stdout=out, stderr=subprocess.STDOUT
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
