"""One run of one participant: its topics, its processes, how far it is, what it used, whether it is right.

**Timing**, the same for all: the input is there before. Every 0.1 s the group's committed offsets are asked for. The
clock starts at the first look that finds a fifth of the facts committed at depth 1 (so neither the start of an
interpreter or a Java machine nor most of its warming-up counts) and ends at the first that finds everything committed
at both depths. Processor seconds are those of the same stretch.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import logs
from bench.child import Child, broker_seconds, repository_on_path
from bench.outputs import WrongAnswerError, compare, consistent
from bench.participants import Participant, Start
from bench.workload import Answer, Workload

LOOK_SECONDS = 0.1
WARMED_UP = 0.2
STALLED_SECONDS = 90.0


class StalledError(RuntimeError):
    """A participant has committed nothing more for a long time."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where it listens and which process it is."""

    address: str
    pid: int


@dataclass(frozen=True, slots=True)
class Input:
    """A loaded topic of facts: its name, the workload with its answer, and the end of each partition."""

    topic: str
    workload: Workload
    ends: tuple[int, ...]

    @property
    def facts(self) -> int:
        """How many there are."""
        return sum(self.ends)


@dataclass(frozen=True, slots=True)
class Measured:
    """Facts per second, processor seconds per million facts (the participant's, the broker's), peak megabytes."""

    name: str
    events_per_s: float
    cpu_s_per_million: float
    rss_mb: float
    broker_cpu_s_per_million: float
    seconds: float
    events: int
    wrong_units: int = 0
    settings: dict[str, str] = field(default_factory=dict)


def load_input(broker: str, workload: Workload) -> Input:
    """Write the workload's facts into a topic of their own."""
    topic = f"bench.input.{type(workload).__name__.lower()}.{workload.events}.facts"
    logs.create_topics(broker, {topic: {}})
    asyncio.run(logs.load(broker, topic, workload.facts()))
    return Input(topic, workload, tuple(logs.last_offsets(broker, topic)))


def prepare(broker: str, run: str, workload: Workload) -> None:
    """The topics of a run, with the clock's day and the registry marks in the second."""
    logs.create_topics(broker, {f"{run}.{name}": config for name, config in logs.OUTPUTS.items()})
    changes = f"{run}.unit.changes"
    for partition in range(logs.PARTITIONS):
        asyncio.run(logs.load(broker, changes, [workload.tick(partition)], partition=partition))
    asyncio.run(logs.load(broker, changes, workload.marks()))
    asyncio.run(logs.load(broker, f"{run}.registry.events", workload.registry()))


def measure(
    broker: Broker,
    run: str,
    participant: Participant,
    given: Input,
    folder: Path,
    *,
    afterwards: Callable[[Start], None] | None = None,
) -> Measured:
    """Run to the end, compare the outputs, remove the topics. Raises RuntimeError for a wrong answer or a crash.

    ``afterwards`` is called when the processes have ended and the topics are still there.
    """
    prepare(broker.address, run, given.workload)
    state, log = folder / run, folder / f"{run}.log"
    state.mkdir(parents=True)
    env = repository_on_path(participant.env or os.environ)
    start = Start(broker.address, run, given.topic, state)
    argv = participant.command(start)
    children: list[Child] = []
    positions = logs.Positions(broker.address, run)
    try:
        children += [Child(argv, log=log, env=env) for _ in range(participant.processes)]
        watch = _Watch(broker, run, given, children, positions)
        measured = watch.measure(participant)
        if participant.checked == "consistent":
            consistent(broker.address, run)
        elif participant.checked == "counted":
            measured = replace(measured, wrong_units=_wrong_units(broker.address, run, given.workload))
        elif participant.checked == "equal":
            _soon_equal(broker.address, run, given.workload.answer(late=False))
            asyncio.run(logs.load(broker.address, watch.changes, given.workload.late_marks()))
            watch.until_all_is_taken()
            _soon_equal(broker.address, run, given.workload.answer(late=True))
        if afterwards is not None:
            while children:
                children.pop().stop()
            afterwards(start)
        return measured
    finally:
        for child in children:
            child.stop()
        positions.close()
        logs.delete_run(broker.address, run)
        shutil.rmtree(state, ignore_errors=True)


def _soon_equal(broker: str, run: str, right: Answer) -> None:
    """Outputs are right, when what may still be on its way had three seconds. Raises WrongAnswerError.

    A Kafka Streams punctuation writes statuses up to a commit interval after the offsets of what they stand on.
    """
    for _ in range(3):
        try:
            compare(broker, run, right)
        except WrongAnswerError:
            time.sleep(1.0)
        else:
            return
    compare(broker, run, right)


def _wrong_units(broker: str, run: str, workload: Workload) -> int:
    """How many units stay wrong."""
    try:
        _soon_equal(broker, run, workload.answer(late=False))
    except WrongAnswerError as error:
        return error.units
    return 0


class _Watch:
    def __init__(
        self, broker: Broker, run: str, given: Input, children: list[Child], positions: logs.Positions
    ) -> None:
        self.changes = f"{run}.unit.changes"
        self._broker, self._given, self._children, self._positions = broker, given, children, positions
        self._peak = 0.0
        self._moved_at, self._last = time.monotonic(), 0

    def measure(self, participant: Participant) -> Measured:
        """Wait for the end; see the head of this file."""
        given = self._given
        began, before, used_before, broker_before = self._until(given.facts * WARMED_UP)
        self._until(given.facts)
        ended, used = self.until_all_is_taken()
        broker_used = broker_seconds(self._broker.pid) - broker_before
        facts, seconds = given.facts - before, ended - began
        if facts < given.facts / 5:
            raise RuntimeError(f"{given.facts} facts are too few to be timed: {before} were done at the first look")
        return Measured(
            participant.name,
            facts / seconds,
            (used - used_before) / facts * 1e6,
            self._peak,
            broker_used / facts * 1e6,
            seconds,
            given.facts,
            settings=dict(participant.settings),
        )

    def _until(self, facts: float) -> tuple[float, int, float, float]:
        """When so many facts were committed at depth 1: the time, how many, processor seconds (ours, the broker's)."""
        while True:
            now, offsets = self._positions.read()
            done = sum(offset for (topic, _), offset in offsets.items() if topic == self._given.topic)
            used = self._used()
            if done >= facts:
                return now, done, used, broker_seconds(self._broker.pid)
            self._wait(now, offsets)

    def until_all_is_taken(self) -> tuple[float, float]:
        """When everything on the second topic was committed too: the time and the processor seconds."""
        ends = logs.last_offsets(self._broker.address, self.changes)
        while True:
            now, offsets = self._positions.read()
            used = self._used()
            if all(offsets.get((self.changes, number), 0) >= end for number, end in enumerate(ends)):
                return now, used
            self._wait(now, offsets)

    def _used(self) -> float:
        usages = [child.usage() for child in self._children]
        self._peak = max(self._peak, sum(megabytes for _, megabytes in usages))
        return sum(seconds for seconds, _ in usages)

    def _wait(self, now: float, offsets: dict[tuple[str, int], int]) -> None:
        """Until the next look. Raises RuntimeError when a process has ended, StalledError."""
        for child in self._children:
            child.raise_if_ended()
        committed = sum(offsets.values())
        if committed != self._last:
            self._moved_at, self._last = now, committed
        elif now - self._moved_at > STALLED_SECONDS:
            raise StalledError(
                f"{self._children[0].log.stem}: nothing more was committed for {STALLED_SECONDS:.0f} s, "
                f"at {committed} of {self._given.facts} facts and their effects"
            )
        time.sleep(LOOK_SECONDS)
