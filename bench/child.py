"""A participant's process: its start, its use of the machine, its end."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil


class Child:
    """One process and those that it starts. Output goes to a log, whose end is shown when it fails."""

    def __init__(self, argv: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=env, cwd=log.parent
            )
        self._seen = psutil.Process(self._process.pid)

    def usage(self) -> tuple[float, float]:
        """Processor seconds used so far and resident megabytes now, children included."""
        seconds = megabytes = 0.0
        try:
            for one in [self._seen, *self._seen.children(recursive=True)]:
                times = one.cpu_times()
                seconds += times.user + times.system
                megabytes += one.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            self.raise_if_ended()
        return seconds, megabytes

    def raise_if_ended(self) -> None:
        """Raises RuntimeError with the last lines of the log when the process is gone."""
        code = self._process.poll()
        if code is not None:
            lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
            raise RuntimeError(f"{self.log}: the participant ended with {code}: " + " | ".join(lines))

    def stop(self) -> None:
        """Ends the process, by force after five seconds."""
        children = self._seen.children(recursive=True) if self._process.poll() is None else []
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        for child in children:
            if child.is_running():
                child.kill()


def repository_on_path(env: Mapping[str, str]) -> dict[str, str]:
    """The environment in which ``python -m bench.peers...`` finds this repository."""
    return {**env, "PYTHONPATH": str(Path(__file__).parents[1])}


def pin_to_two_cores() -> str:
    """This process and all that it starts from now on share two cores; says what was done."""
    if not hasattr(os, "sched_setaffinity"):
        return f"not pinned (this system cannot), {os.cpu_count()} cores"
    cores = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, cores)
    return f"pinned to cores {', '.join(map(str, cores))}"


def broker_seconds(pid: int) -> float:
    """Processor seconds that the broker has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
