"""Facts sent through the pure steps in this process: the records that the topics of the store would hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.persons import PersonFact
from schemas.topics import CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN, REGISTRY_IN
from streams import people, registry, units
from streams.step import Step
from tests.build import Rec, person_fact, person_id, person_record, registry_fact, registry_record
from tests.integration import store_records as make
from tests.integration.store_kit import Put


class Steps:
    """State of the three steps; one partition each."""

    def __init__(self) -> None:
        self._state: dict[Step, dict[bytes, bytes]] = defaultdict(dict)
        self._offset = 0

    def person(self, who: str, name: str, change: str, unit: str, day: str, /, **more: Any) -> list[Put]:
        """A fact about ``who``, and all that follows from it."""
        return self.fact(person_id(who), person_fact(name, change, unit, day, **more))

    def fact(self, person: str, fact: PersonFact) -> list[Put]:
        """The same for a fact that is made already."""
        return self._said(MOVEMENTS_IN, people.step, person_record(person, fact, self._next()))

    def register(self, name: str, change: str, subject: str, day: str, /, **more: Any) -> list[Put]:
        """A register's row, and all that follows from it."""
        return self._said(
            REGISTRY_IN, registry.step, registry_record(registry_fact(name, change, subject, day, **more))
        )

    def tick(self, day: str) -> list[Put]:
        """The clock's day, and what the step units says of it on one partition."""
        ticks = make.ticks(day)
        return [*ticks, *self._run(units.step, [Rec(self._next(), ticks[0].key, ticks[0].value)]), *make.passed(day)]

    def _said(self, topic: str, step: Step, record: Rec) -> list[Put]:
        outputs = list(self._run(step, [record]))
        changes = [Rec(self._next(), one.key, one.value) for one in outputs if one.topic == CHANGES]
        return [Put(topic, record.key, record.value), *outputs, *self._run(units.step, changes)]

    def _run(self, step: Step, records: Iterable[Rec]) -> Iterator[Put]:
        state = self._state[step]
        result = step(state, list(records))
        for key, value in result.writes.items():
            if value is None:
                state.pop(key, None)
            else:
                state[key] = value
        for topic, outputs in result.outputs.items():
            yield from (Put(topic, key, value) for key, value in outputs if topic in KEPT)

    def _next(self) -> int:
        self._offset += 1
        return self._offset


KEPT = {CHANGES, MOVEMENTS, FINDINGS, "unit.status", "alerts"}
