"""The whole way of the data in one process: facts -> people and registry -> units, on topics in memory.

Topics have partitions, every (step, partition) has its own state and its own pace, chunks end anywhere. A crash throws
away a chunk that was worked out but not committed; a record that can't be processed goes to the dead letters, alone.
"""

import random
import zlib
from collections import defaultdict
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from schemas.changes import CLOCK_KEY, AlertAction, ClockAdvanced, Effect
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from schemas.topics import ALERTS, CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN, REGISTRY_IN, STATUS
from streams import people, registry, units
from streams.step import PoisonRecordError, Step
from tests import build
from tests.build import Rec
from tests.property.run import Log, State, commit, data_of


class Partition:
    """One partition of a step's input, with the state that belongs to it."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.records: list[Rec] = []
        self.committed = 0
        self.state: State = {}
        self.dead: list[Rec] = []

    def append(self, key: bytes | None, value: bytes | None) -> None:
        self.records.append(Rec(len(self.records), key, value))


class Simulator:
    """``send`` facts, ``tick`` the clock, ``work`` for a while, ``drain``; then ask what became of it."""

    def __init__(self, seed: int, *, partitions: int = 3, largest_chunk: int = 20, crashes: float = 0.2) -> None:
        self.chance = random.Random(seed)
        self.largest_chunk, self.crashes = largest_chunk, crashes
        steps: dict[str, Step] = {MOVEMENTS_IN: people.step, REGISTRY_IN: registry.step, CHANGES: units.step}
        self.topics = {topic: [Partition(step) for _ in range(partitions)] for topic, step in steps.items()}
        self.published: Log = defaultdict(list)
        self.day = ""

    def send(self, fact: PersonFact | RegistryFact, person: str = "") -> None:
        """A fact of a producer; a person's under the person's id."""
        if isinstance(fact, PersonFact):
            record = build.person_record(person, fact)
            self._append(MOVEMENTS_IN, record.key, record.value)
        else:
            record = build.registry_record(fact)
            self._append(REGISTRY_IN, record.key, record.value)

    def act(self, unit: str, action: AlertAction | Effect) -> None:
        """What an officer does with an alert of the unit, or what somebody else says of it."""
        record = build.change_record(unit, action)
        self._append(CHANGES, record.key, record.value)

    def poison(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        """A record that no step can process."""
        self._append(topic, key, value)

    def tick(self, day: str) -> None:
        """One transaction: the tick reaches every partition."""
        self.day = max(day, self.day)
        for number, partition in enumerate(self.topics[CHANGES]):
            record = build.change_record(CLOCK_KEY, ClockAdvanced(day=day, partition=number))
            partition.append(record.key, record.value)

    def work(self, chunks: int) -> None:
        """So many chunks, wherever something waits."""
        for _ in range(chunks):
            waiting = [one for many in self.topics.values() for one in many if one.committed < len(one.records)]
            if not waiting:
                return
            self._chunk(self.chance.choice(waiting))

    def drain(self) -> None:
        """Until nothing waits."""
        while any(one.committed < len(one.records) for many in self.topics.values() for one in many):
            self.work(1_000)

    def unit_log(self, only: Iterable[str] = ()) -> list[list[tuple[str, dict[str, Any]]]]:
        """Each partition of ``unit.changes`` for the oracle; ``only`` these units and the clock, if any are named."""
        wanted = {key.encode() for key in only}
        return [
            [
                (record.key.decode(), data_of(record.value))
                for record in partition.records
                if record not in partition.dead
                and record.key is not None
                and record.value is not None
                and (not wanted or record.key in wanted or record.key == CLOCK_KEY.encode())
            ]
            for partition in self.topics[CHANGES]
        ]

    def last(self, topic: str) -> dict[str, dict[str, Any]]:
        """A compacted topic: the last record of each key."""
        return {key.decode(): data_of(value) for key, value in self.published[topic]}

    def statuses(self) -> dict[str, dict[str, Any]]:
        return {key: data for key, data in self.last(STATUS).items() if not key.startswith("clock/")}

    def alerts(self) -> dict[str, dict[str, Any]]:
        return self.last(ALERTS)

    def findings(self) -> set[tuple[str, str, str, str, str]]:
        """Person, fact, what, unit and day of those that are open: found when they were not, taken back when so."""
        found: set[tuple[str, str, str, str, str]] = set()
        for _, value in self.published[FINDINGS]:
            one = data_of(value)
            finding = (one["person"], one["fact"], one["what"], one["unit"], one["day"])
            assert one["open"] != (finding in found), one
            found ^= {finding}
        return found

    def movements(self) -> dict[str, dict[str, tuple[Any, ...]]]:
        """Person -> movement -> what, from, to, left on, started on and facts of its last version; none is left out."""
        found: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
        versions: dict[str, int] = {}
        for _, value in self.published[MOVEMENTS]:
            one = data_of(value)
            assert (one["version"], one["supersedes"]) == (versions.get(one["movement_id"], 0) + 1, one["version"] - 1)
            versions[one["movement_id"]] = one["version"]
            names = ("what", "from_unit", "to_unit", "left_on", "started_on")
            moved = (*(one[name] for name in names), tuple(one["facts"]))
            found[one["person"]][one["movement_id"]] = moved
        return found

    def _append(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        partitions = self.topics[topic]
        partitions[zlib.crc32(key or b"") % len(partitions)].append(key, value)

    def _chunk(self, partition: Partition) -> None:
        end = partition.committed + self.chance.randint(1, self.largest_chunk)
        chunk = partition.records[partition.committed : end]
        try:
            result = partition.step(MappingProxyType(partition.state), chunk)
        except PoisonRecordError:
            self._one_by_one(partition, chunk)
        else:
            if self.chance.random() < self.crashes:
                return  # killed before the commit: the same records come again, in another chunk
            self._publish(partition, lambda state, chunk: result, chunk)
        partition.committed += len(chunk)

    def _one_by_one(self, partition: Partition, chunk: list[Rec]) -> None:
        for record in chunk:
            before = dict(partition.state)
            try:
                self._publish(partition, partition.step, [record])
            except PoisonRecordError:
                partition.dead.append(record)
                assert partition.state == before

    def _publish(self, partition: Partition, step: Step, chunk: list[Rec]) -> None:
        log: Log = {}
        commit(step, partition.state, log, chunk)
        for topic, outputs in log.items():
            for key, value in outputs:
                if topic in self.topics:
                    self._append(topic, key, value)
                else:
                    self.published[topic].append((key, value))
