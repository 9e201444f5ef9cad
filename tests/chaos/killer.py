"""Seeded disasters."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.chaos.processes import Broker, Database, Worker
from tests.chaos.stored import Stored

SESSION_SECONDS = 4.0
MOST_WORKERS = 3


class Killer:
    """Keeps one to three workers, a broker, a store and its database in trouble. Whatever it breaks it mends within
    the event."""

    def __init__(self, broker: Broker, database: Database, partitions: int, logs: Path, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self.crashes: list[str] = []
        self.slowest_stop = 0.0
        self._random = random.Random(seed)
        self._broker = broker
        self._command = ["-m", "tests.chaos.work", broker.address, str(partitions), str(SESSION_SECONDS)]
        self._logs = logs
        self._started = 0
        self.workers = [self._start(), self._start()]
        self.stored = Stored(broker, database, logs, self._random)

    def strike(self) -> str:
        """One event; gives its name."""
        self._mend()
        events = self._events()
        name = self._random.choices(list(events), [weight for weight, _ in events.values()])[0]
        events[name][1]()
        self.done[name] += 1
        time.sleep(self._random.uniform(1.0, 4.0))
        return name

    def _events(self) -> dict[str, tuple[int, Callable[[], None]]]:
        """With their weights. Every third event is the store's or, in turn, its database's: a short run has both."""
        turn, place = divmod(self.done.total(), 3)
        if place == 2:
            return self.stored.database_events() if turn % 2 else self.stored.events()
        return {
            "kill worker": (5, self._kill_worker),
            "freeze worker past its session": (3, self._freeze_worker),
            "restart worker": (3, self._restart_worker),
            "stop worker just thawed": (2, self._stop_thawed),
            "add worker": (2, self._add_worker),
            "remove worker": (2, self._remove_worker),
            "kill broker": (2, self._kill_broker),
            "freeze broker": (2, self._freeze_broker),
            "kill worker and broker": (1, self._kill_both),
        }

    def finish(self) -> None:
        """Everybody back at work."""
        self._mend()

    def end(self) -> None:
        """No process stays."""
        for worker in self.workers:
            worker.kill()
        self.stored.end()

    def _start(self) -> Worker:
        self._started += 1
        return Worker(self._command, self._logs / f"worker-{self._started}.log")

    def _mend(self) -> None:
        """What a supervisor does: a worker that has ended by itself is started again, and it is remembered."""
        for number, worker in enumerate(self.workers):
            if not worker.runs:
                self.crashes.append(f"{worker.log.name} exit {worker.process.returncode}")
                self.workers[number] = self._start()
        self.stored.mend()

    def _any(self) -> int:
        return self._random.randrange(len(self.workers))

    def _kill_worker(self) -> None:
        number = self._any()
        self.workers[number].kill()
        time.sleep(self._random.choice([0.0, 1.0, SESSION_SECONDS + 1]))
        self.workers[number] = self._start()

    def _freeze_worker(self) -> None:
        worker = self.workers[self._any()]
        worker.signal(signal.SIGSTOP)
        time.sleep(SESSION_SECONDS + self._random.uniform(1.0, 4.0))
        worker.signal(signal.SIGCONT)

    def _stop_thawed(self) -> None:
        """Told to stop while it learns that it owns nothing any more."""
        number = self._any()
        self.workers[number].signal(signal.SIGSTOP)
        time.sleep(SESSION_SECONDS + self._random.uniform(1.0, 4.0))
        self.workers[number].signal(signal.SIGCONT)
        time.sleep(self._random.uniform(0.0, 1.0))
        self._stop(self.workers[number])
        self.workers[number] = self._start()

    def _restart_worker(self) -> None:
        number = self._any()
        self._stop(self.workers[number])
        self.workers[number] = self._start()

    def _add_worker(self) -> None:
        if len(self.workers) < MOST_WORKERS:
            self.workers.append(self._start())
        else:
            self._remove_worker()

    def _remove_worker(self) -> None:
        if len(self.workers) > 1:
            self._stop(self.workers.pop(self._any()))
        else:
            self._add_worker()

    def _stop(self, worker: Worker) -> None:
        code, seconds = worker.stop()
        self.slowest_stop = max(self.slowest_stop, seconds)
        if code not in (0, -signal.SIGTERM):  # the latter: the interpreter was still starting
            self.crashes.append(f"{worker.log.name} exit {code} on SIGTERM")

    def _kill_broker(self) -> None:
        self._broker.signal(signal.SIGKILL)
        time.sleep(self._random.uniform(0.0, 4.0))
        self._broker.start_again()

    def _freeze_broker(self) -> None:
        self._broker.signal(signal.SIGSTOP)
        time.sleep(self._random.uniform(2.0, 8.0))
        self._broker.signal(signal.SIGCONT)

    def _kill_both(self) -> None:
        number = self._any()
        self._broker.signal(signal.SIGKILL)
        self.workers[number].kill()
        self._broker.start_again()
        self.workers[number] = self._start()
