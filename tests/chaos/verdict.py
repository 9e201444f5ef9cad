"""Compares what the steps published with what the facts on the log mean, worked out anew by the oracle."""

import json
from collections import Counter, defaultdict
from typing import Any

from schemas import topics
from schemas.persons import Change, PersonFact
from schemas.registry import RegistryFact
from tests.chaos.reading import Stood, read
from tests.oracle import persons, registers
from tests.oracle.alerts import alerts_of
from tests.oracle.findings import findings
from tests.oracle.merging import after_mergers

FOREVER = "9999-12-30"
FIGURES = ("workers", "present", "members")
ALERT_FIELDS = {
    *("id", "unit", "episode", "version", "state", "workers", "opened_on", "confirmed_on", "resolved_on"),
    *("reason", "snoozed_until", "history", "successors", "inherited"),
}
Finding = tuple[str, str, str]
"""Person, fact, what."""


class Verdict:
    """All topics, read once; each check raises AssertionError with what differs."""

    def __init__(self, broker: str, partitions: int) -> None:
        self.log = {
            name: read(broker, name, partitions)
            for name in (
                topics.MOVEMENTS_IN,
                topics.REGISTRY_IN,
                topics.CHANGES,
                topics.MOVEMENTS,
                topics.FINDINGS,
                topics.STATUS,
                topics.ALERTS,
                *(f"{name}.dead" for name in (topics.MOVEMENTS_IN, topics.REGISTRY_IN, topics.CHANGES)),
            )
        }
        self.poison: set[tuple[str, int, int]] = set()
        self.forwarded = 0
        declared: dict[str, list[PersonFact]] = defaultdict(list)
        self.register: list[RegistryFact] = []
        for record in self.log[topics.MOVEMENTS_IN]:
            if (data := self._data(topics.MOVEMENTS_IN, record)) is not None:
                fact = PersonFact(**data)
                if fact.through:  # what the step sent on: the expectation is of what was declared
                    self.forwarded += 1
                else:
                    declared[record.key.decode()].append(fact)
        self.mergers = sum(any(f.change == Change.IDENTITY_MERGED for f in facts) for facts in declared.values())
        self.facts = after_mergers(declared)
        for record in self.log[topics.REGISTRY_IN]:
            if (data := self._data(topics.REGISTRY_IN, record)) is not None:
                self.register.append(RegistryFact(**data))
        self.changes: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for record in self.log[topics.CHANGES]:
            if (data := self._data(topics.CHANGES, record)) is not None:
                self.changes[record.partition].append((record.key.decode(), data))
        self.day = max(data["day"] for log in self.changes.values() for _, data in log if data["kind"] == "clock")

    def _data(self, topic: str, record: Stood) -> dict[str, Any] | None:
        try:
            data = record.event["data"]
            if set(data) > {"fact", "change"} or "kind" in data:
                return dict(data)
        except (ValueError, KeyError, TypeError):
            pass
        self.poison.add((topic, record.partition, record.offset))
        return None

    def expected(self, day: str) -> dict[str, tuple[int, ...]]:
        """Workers, present and members of every unit on a day, person by person."""
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for said in self.facts.values():
            for unit, figures in persons.figures(said, day).items():
                for place, figure in enumerate(figures):
                    counts[unit][place] += figure
        return {unit: tuple(figures) for unit, figures in counts.items() if any(figures)}

    def check_deltas(self, day: str) -> None:
        """The sum of all effects dated up to a day is what the facts mean on it."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for log in self.changes.values():
            for unit, data in log:
                if data["kind"] == "effect" and data["day"] <= day:
                    for place, figure in enumerate(FIGURES):
                        sums[unit][place] += data.get(figure, 0)
        found = {unit: tuple(figures) for unit, figures in sums.items() if any(figures)}
        same(found, self.expected(day), f"sums of deltas up to {day}")

    def check_status(self) -> None:
        """The last status of every unit is what the facts mean on the clock's day."""
        last = {
            record.key.decode(): record.event["data"]
            for record in self.log[topics.STATUS]
            if not record.key.startswith(b"clock")
        }
        self.same_units(last, "status")

    def same_units(self, last: dict[str, dict[str, Any]], what: str) -> None:
        """Figures and covering unions by unit, as ``unit.status`` says them, are those of the clock's day."""
        counts = self.expected(self.day)
        expected, found, covers = {}, {}, {}
        for unit in last.keys() | counts.keys():
            expected[unit] = (0, 0, 0) if self.ended(unit) else counts.get(unit, (0, 0, 0))
            status = last.get(unit, {})
            found[unit] = tuple(status.get(figure, 0) for figure in FIGURES)
            if unit.startswith("e"):
                covers[unit] = sorted(registers.covers(self.register, unit, self.day))
        same(found, expected, what)
        same({unit: last.get(unit, {}).get("unions", []) for unit in covers}, covers, f"cover by {what}")

    def ended(self, unit: str) -> bool:
        """Whether it is an enterprise that is dissolved on the clock's day."""
        return unit.startswith("e") and bool(registers.dissolved_on(self.register, unit, self.day))

    def check_alerts(self) -> int:
        """Every alert with all its transitions is what the order of ``unit.changes`` leads to; gives their number."""
        last = {record.key.decode(): record.event["data"] for record in self.log[topics.ALERTS]}
        self.same_alerts(last, "alerts")
        return len(last)

    def same_alerts(self, last: dict[str, dict[str, Any]], what: str) -> None:
        """Alerts by id, with their histories."""
        expected: dict[str, dict[str, Any]] = {}
        for log in self.changes.values():
            expected |= alerts_of(log)
        same(_alerts(last), _alerts(expected), what)

    def check_findings(self) -> int:
        """Found minus no longer so, of every finding, is whether the facts have it; gives how many are open."""
        open_: Counter[Finding] = Counter()
        for record in self.log[topics.FINDINGS]:
            data = record.event["data"]
            open_[data["person"], data["fact"], data["what"]] += 1 if data["open"] else -1
        self.same_findings({one: number for one, number in open_.items() if number}, "findings")
        return sum(map(bool, open_.values()))

    def same_findings(self, found: dict[Finding, int], what: str) -> None:
        """How many times each finding is open: once."""
        expected = {(who, one.fact, one.what): 1 for who, said in self.facts.items() for one in findings(said)}
        same(found, expected, what)

    def check_once(self) -> None:
        """Every record has an id of its own: nothing was published twice."""
        for topic in (topics.CHANGES, topics.MOVEMENTS, topics.FINDINGS, topics.STATUS, topics.ALERTS):
            ids = Counter(
                record.event["id"]
                for record in self.log[topic]
                if (topic, record.partition, record.offset) not in self.poison
                and not record.key.startswith(b"clock")
                and record.event["data"].get("kind") != "alert"  # the feed's own, which may be sent twice
            )
            twice = [identity for identity, times in ids.items() if times > 1]
            assert not twice, f"{topic}: {len(twice)} ids more than once, such as {twice[:3]}"

    def check_dead(self) -> int:
        """Every poison record stands on its dead topic once, and nothing else does; gives their number."""
        dead: Counter[tuple[str, int, int]] = Counter()
        for topic in (topics.MOVEMENTS_IN, topics.REGISTRY_IN, topics.CHANGES):
            for record in self.log[f"{topic}.dead"]:
                said = json.loads(record.value or b"")
                dead[said["topic"], said["partition"], said["offset"]] += 1
        same(dict(dead), dict.fromkeys(self.poison, 1), "dead records")
        return len(dead)


def _alerts(by_id: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {identity: {field: alert[field] for field in ALERT_FIELDS} for identity, alert in by_id.items()}


def same(found: dict[Any, Any], expected: dict[Any, Any], what: str) -> None:
    """Raises AssertionError with how many differ, and some of them."""
    differ = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)]
    some = "; ".join(f"{key}: found {found.get(key)}, expected {expected.get(key)}" for key in sorted(differ)[:3])
    assert not differ, f"{what}: {len(differ)} of {len(expected)} differ: {some}"
