"""One command, all the figures: own broker, own topics, everything on the same two cores, nothing left behind."""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import logs, participants, report
from bench.child import pin_to_two_cores
from bench.full_rules import FullRules
from bench.latency import Latency, latency
from bench.measure import Broker, Input, Measured, StalledError, load_input, measure
from bench.participants import Family, Participant, Start
from bench.recovery import Recovery, recovery
from bench.workload import Workload
from deploy.local import Say, kafka_pid, start_kafka
from deploy.local.kafka import stop_kafka

RATES = (100, 1_000, 10_000)
DEFAULT_EVENTS, QUICK_EVENTS, FEWEST_EVENTS = 1_000_000, 200_000, 20_000
BUDGET_SECONDS, QUICK_SECONDS, FULL_SECONDS = 1400.0, 220.0, 7200.0


def run(
    *, events: int | None, runs: int | None, quick: bool, json: bool, say: Say, full: bool = False
) -> dict[str, Any]:
    """Measure everything; gives the figures, and prints a table unless ``json``.

    ``events`` is the size of the input (None: by the mode), ``runs`` how often each participant runs. ``quick`` ends in
    about four minutes, the default within 25, ``full`` when it is done. Raises ``LocalServiceError`` when the broker or
    a jar can't be had, ``RuntimeError`` when a participant answers wrongly.
    """
    budget = _Budget(QUICK_SECONDS if quick else FULL_SECONDS if full else BUDGET_SECONDS)
    size = events or (QUICK_EVENTS if quick else DEFAULT_EVENTS)
    with tempfile.TemporaryDirectory(prefix="mobility-bench-") as temporary:
        home = Path(temporary)
        machine = f"{platform.machine()}, Python {platform.python_version()}, {pin_to_two_cores()}"
        address = start_kafka(home, say=say)
        try:
            bench = _Bench(Broker(address, kafka_pid(home) or 0), home, budget, say)
            bench.everything(size, runs or (1 if quick else 3), quick=quick, full=full)
        finally:
            stop_kafka(home)
    result = bench.result() | {
        "machine": machine,
        "load_before": round(bench.load_before, 2),
        "events": size,
        "seconds": round(budget.used()),
    }
    if not json:
        print(report.table(result))
    return result


class _Budget:
    def __init__(self, seconds: float) -> None:
        self._begun, self._seconds = time.monotonic(), seconds

    def used(self) -> float:
        return time.monotonic() - self._begun

    def left(self) -> float:
        return self._seconds - self.used()


class _Bench:
    def __init__(self, broker: Broker, home: Path, budget: _Budget, say: Say) -> None:
        self._broker, self._home, self._budget, self._say = broker, home, budget, say
        self._work = home / "work"
        self._count = 0
        self._inputs: dict[tuple[type[Workload], int], Input] = {}
        self._measured: list[Measured] = []
        self._tried: list[Measured] = []
        self._latency: list[Latency] = []
        self._growth: list[Measured] = []
        self._recovery: list[Recovery] = []
        self._left_out: list[str] = []
        self._families: list[Family] = []
        self.load_before = os.getloadavg()[0]

    def result(self) -> dict[str, Any]:
        """All figures so far."""
        return {
            "runs": report.summary(self._measured),
            "settings_tried": [report.row(one) for one in self._tried],
            "latency": report.plain(self._latency),
            "growth": [report.row(one) for one in self._growth],
            "recovery": report.plain(self._recovery),
            "left_out": self._left_out,
        }

    def everything(self, size: int, runs: int, *, quick: bool, full: bool) -> None:
        """In the order of weight, so that a short budget leaves out the least."""
        self._families = self._all()
        best = [family[0] if quick else self._quickest(family, size // 3) for family in self._families]
        self._rounds(best, size, runs)
        if quick:
            return
        by_name = {one.name: one for one in best}
        for name in ("ours", "ours-full-rules", "kafka-streams-eos-memory"):
            for rate in RATES:
                self._try(f"latency of {name} at {rate}/s", 25.0, self._time_latency, by_name[name], rate)
        self._grow(by_name["ours"], size, full=full)

    def _all(self) -> list[Family]:
        found = [
            participants.ours("ours", "core"),
            participants.ours("ours-full-rules", "real"),
            participants.ours("ours-mixed-facts", "full"),
            participants.streams("rocksdb", self._home, say=self._say),
            participants.streams("memory", self._home, say=self._say),
            participants.quix(),
            participants.plain_faust(),
            participants.floor(),
        ]
        if not found[5]:
            self._left_out.append("quix-eos: Quix Streams is not installed (pip install quixstreams)")
        return [family for family in found if family]

    def _quickest(self, family: Family, size: int) -> Participant:
        """Try every setting once; the one with the most events per second."""
        if self._budget.left() < 0.6 * BUDGET_SECONDS:
            return family[0]
        if len(family) == 1:
            return family[0]
        speeds = []
        for setting in family:
            for found in self._one_or_left_out(setting, size):
                self._tried.append(found)
                speeds.append((found.events_per_s, setting))
        return max(speeds, key=lambda pair: pair[0], default=(0.0, family[0]))[1]

    def _rounds(self, best: Sequence[Participant], size: int, runs: int) -> None:
        """Alternating, so that a noisy minute hits everybody."""
        longest = 0.0
        for number in range(runs):
            if number and self._budget.left() < longest * 1.2:
                self._left_out.append(f"runs {number + 1} to {runs}: out of time")
                return
            begun = time.monotonic()
            for one in best if number % 2 == 0 else reversed(best):
                self._measured += self._one_or_left_out(one, size)
            longest = max(longest, time.monotonic() - begun)

    def _one_or_left_out(self, participant: Participant, size: int) -> list[Measured]:
        """Empty when one stalls that promises no right answer either; for the others that ends the bench."""
        try:
            return [self._one(participant, size)]
        except StalledError as error:
            if participant.checked != "counted":
                raise
            self._left_out.append(f"{participant.name}: {error}")
            return []

    def _one(self, participant: Participant, size: int, afterwards: Callable[[Start], None] | None = None) -> Measured:
        given = self._input(participant, size)
        settings = " ".join(f"{name}={value}" for name, value in participant.settings.items())
        self._say(f"{participant.name} ({settings}): {given.facts:,} facts")
        return measure(self._broker, self._run(), participant, given, self._work, afterwards=afterwards)

    def _run(self) -> str:
        self._count += 1
        return f"run{self._count:04d}"

    def _input(self, participant: Participant, size: int) -> Input:
        kind = FullRules if participant.checked == "consistent" else Workload
        at = kind, max(int(size * participant.share), FEWEST_EVENTS)
        if at not in self._inputs:
            self._say(f"writing {at[1]:,} facts")
            self._inputs[at] = load_input(self._broker.address, kind(at[1]))
        return self._inputs[at]

    def _try(self, what: str, seconds: float, act: Callable[..., None], *arguments: Any) -> None:
        if self._budget.left() < seconds:
            self._left_out.append(f"{what}: out of time")
            return
        self._say(what)
        act(*arguments)

    def _time_latency(self, participant: Participant, rate: int) -> None:
        self._latency.append(latency(self._broker, self._run(), participant, rate, 8.0, self._work))

    def _grow(self, participant: Participant, size: int, *, full: bool) -> None:
        """Ours by size of input, and a worker's start by the size of the state that each leaves."""
        speed = next(row["events_per_s"] for row in report.summary(self._measured) if row["name"] == participant.name)
        for events in (max(size // 10, FEWEST_EVENTS), size, size * 10):
            seconds = 20.0 + events * (3.0 / speed + 20e-6)
            self._try(f"growth to {events:,} facts", 0.0 if full else seconds, self._grown, participant, events)

    def _grown(self, participant: Participant, events: int) -> None:
        def recover(start: Start) -> None:
            self._recovery.append(recovery(self._broker, participant, start, events, self._work))

        self._growth.append(self._one(participant, events, recover))
        given = self._inputs.pop((Workload, events))
        logs.delete_run(self._broker.address, given.topic)
