"""The store and its database, and what may happen to them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.chaos.processes import Broker, Database, Worker

STILL_STARTING = -signal.SIGTERM
"""Exit code of a store that was stopped while its interpreter was still starting."""


class Stored:
    """The role ``store``, run as ``mobility up`` runs it, and the PostgreSQL that it writes.

    Whatever an event breaks it mends before it ends; a store that ends by itself is started again and remembered.
    """

    def __init__(self, broker: Broker, database: Database, logs: Path, chance: Random) -> None:
        self.crashes: list[str] = []
        self.slowest_stop = 0.0
        self._database = database
        self._chance = chance
        self._log = logs / "store.log"
        self._environment = {
            "MOBILITY_HOME": str(logs),
            "MOBILITY_KAFKA": broker.address,
            "MOBILITY_POSTGRES": database.dsn,
        }
        self._started: list[Worker] = []
        self._process = self._start()

    def events(self) -> dict[str, tuple[int, Callable[[], None]]]:
        """What may happen to the store, with weights."""
        return {
            "kill store": (3, self.kill),
            "freeze store beside another": (1, self.freeze),
            "restart store": (1, self.restart),
            "kill store and database": (1, self.kill_both),
        }

    def database_events(self) -> dict[str, tuple[int, Callable[[], None]]]:
        """What may happen to the database, with weights."""
        return {
            "kill database": (2, self.kill_database),
            "kill the store's server process": (1, self.kill_line),
            "freeze database": (1, self.freeze_database),
        }

    def mend(self) -> None:
        """What the supervisor does."""
        if not self._process.runs:
            self.crashes.append(f"{self._log.name} exit {self._process.process.returncode}")
            self._process = self._start()

    def kill(self) -> None:
        """SIGKILL; at once or a while later there is another one."""
        self._process.kill()
        time.sleep(self._chance.choice([0.0, 0.0, 1.0]))
        self._process = self._start()

    def freeze(self) -> None:
        """A store that comes back knows nothing of what a second one wrote meanwhile."""
        frozen = self._process
        frozen.signal(signal.SIGSTOP)
        self._process = self._start()
        time.sleep(self._chance.uniform(1.0, 5.0))
        frozen.signal(signal.SIGCONT)
        time.sleep(self._chance.uniform(0.0, 1.0))
        self._stop(frozen)

    def restart(self) -> None:
        """A graceful stop, and another one."""
        self._stop(self._process)
        self._process = self._start()

    def kill_database(self) -> None:
        """SIGKILL of the server, with whatever is being written."""
        self._database.kill()
        time.sleep(self._chance.uniform(0.0, 2.0))
        self._database.start_again()

    def kill_line(self) -> None:
        """SIGKILL of the server's process that serves the store: PostgreSQL throws everybody off and recovers."""
        for pid in self._database.processes("mobility store"):
            os.kill(pid, signal.SIGKILL)
        self._database.start_again()

    def freeze_database(self) -> None:
        """All of the server's processes stand still."""
        pids = self._database.processes()
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        try:
            time.sleep(self._chance.uniform(1.0, 5.0))
        finally:
            for pid in pids:
                _signal(pid, signal.SIGCONT)

    def kill_both(self) -> None:
        """Store and database at once."""
        self._process.kill()
        self._database.kill()
        self._database.start_again()
        self._process = self._start()

    def end(self) -> None:
        """No process stays, also none that was frozen."""
        for process in self._started:
            process.kill()

    def _start(self) -> Worker:
        self._started.append(Worker(["-m", "mobility", "run", "store"], self._log, self._environment))
        return self._started[-1]

    def _stop(self, process: Worker) -> None:
        code, seconds = process.stop()
        self.slowest_stop = max(self.slowest_stop, seconds)
        if code not in (0, STILL_STARTING):
            self.crashes.append(f"{self._log.name} exit {code} on SIGTERM")


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return  # a server process comes and goes with its connection
