"""A few words to tell a story to a step and ask what became of it."""

from typing import Any

from schemas.changes import AlertAction, Effect, Mark
from schemas.ids import alert_id, digest, enterprise_id, union_id
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from schemas.swap import Swap
from schemas.topics import ALERTS, CHANGES, MOVEMENTS, STATUS
from streams import people, registry, units
from streams.people.kept import load
from streams.people.spells import fold
from tests import build
from tests.property.run import State, data_of, run

A, B, C = (enterprise_id(f"020012345{number}") for number in range(3))
U, V = union_id("CD1"), union_id("CD2")
PERSON = build.person_id("a")


def said(*stories: str) -> list[PersonFact]:
    """``"joined A 2026-01-01"``, optional ``:BRANCH`` after the unit, ``/month``: in order of arrival."""
    facts = []
    for number, story in enumerate(stories):
        change, place, when = story.split()
        unit, _, branch = place.partition(":")
        day, _, precision = when.partition("/")
        facts.append(
            build.person_fact(f"{number}", change, globals()[unit], day, branch=branch, precision=precision or "day")
        )
    return facts


def figures(facts: list[PersonFact], unit: str, day: str) -> tuple[int, int, int]:
    """Workers, present, members that this person counts for there on that day."""
    _, log = run(people.step, [build.person_record(PERSON, fact) for fact in facts])
    due = [data_of(value) for key, value in log[CHANGES] if key == unit.encode() and data_of(value)["day"] <= day]
    workers, present, members = (sum(one.get(name, 0) for one in due) for name in ("workers", "present", "members"))
    return workers, present, members


def movements(facts: list[PersonFact]) -> list[dict[str, Any]]:
    """All versions of all movements, in the order in which they went out."""
    _, log = run(people.step, [build.person_record(PERSON, fact) for fact in facts])
    return [data_of(value) for _, value in log[MOVEMENTS]]


def moved(facts: list[PersonFact]) -> set[tuple[str, str, str]]:
    """What, from, to: the movements that stand in the end."""
    latest = {one["movement_id"]: one for one in movements(facts)}
    return {(one["what"], one["from_unit"], one["to_unit"]) for one in latest.values() if one["what"] != "withdrawn"}


def findings(facts: list[PersonFact]) -> list[str]:
    """Findings in the order of the days."""
    state, _ = run(people.step, [build.person_record(PERSON, fact) for fact in facts])
    return [finding.what for finding in fold(load(state[PERSON.encode()]).facts).findings]


class Log:
    """The log of ``unit.changes`` around one enterprise, as one chunk or one by one."""

    def __init__(self, unit: str = A, *, one_by_one: bool = True) -> None:
        self.unit = unit
        self.state: State = {}
        self.one_by_one = one_by_one
        self.waiting: list[build.Rec] = []
        self.statuses: dict[str, dict[str, Any]] = {}
        self.alerts: dict[str, dict[str, Any]] = {}

    def tick(self, *days: str) -> "Log":
        for day in days:
            self._take(build.tick(day))
        return self

    def workers(self, number: int, day: str = "2025-01-01", *, correction: bool = False, more: bool = False) -> "Log":
        """So many workers more, or less."""
        for _ in range(abs(number)):
            sign = 1 if number > 0 else -1
            effect = Effect(person=PERSON, day=day, workers=sign, present=sign, correction=correction, more=more)
            self._take(build.change_record(self.unit, effect))
        return self

    def half(
        self, name: str, part: int, workers: int, day: str = "2025-01-01", *, more: bool = False, parts: int = 2
    ) -> "Log":
        """One part of a correction that names another person."""
        swap = Swap(id=digest("swap", name), part=part, parts=parts)
        effect = Effect(person=PERSON, day=day, workers=workers, present=workers, correction=True, more=more, swap=swap)
        self._take(build.change_record(self.unit, effect))
        return self

    def mark(self, about: str, day: str = "2025-01-01", *, sign: int = 1, **more: Any) -> "Log":
        mark = Mark.model_validate({"sign": sign, "about": about, "day": day} | more)
        self._take(build.change_record(self.unit, mark))
        return self

    def cover(self, day: str = "2025-01-01", *, on: bool = True, branch: str = "", sign: int = 1) -> "Log":
        return self.mark("cover", day, sign=sign, key="CD1", on=on, branch=branch)

    def act(self, action: str, until: str = "", episode: int = 1) -> "Log":
        identity = alert_id("no-union", self.unit, episode)
        said = AlertAction.model_validate({"alert": identity, "action": action, "by": "huong", "until": until})
        self._take(build.change_record(self.unit, said))
        return self

    def registered(self, *facts: RegistryFact) -> "Log":
        """What the step registry makes of these facts."""
        _, log = run(registry.step, [build.registry_record(fact) for fact in facts])
        for key, value in log[CHANGES]:
            self._take(build.Rec(0, key, value))
        return self

    def flush(self) -> "Log":
        """End of the chunk."""
        result = units.step(self.state, self.waiting)
        self.waiting = []
        self.state |= {key: value for key, value in result.writes.items() if value is not None}
        self.statuses |= {key.decode(): data_of(value) for key, value in result.outputs[STATUS]}
        self.alerts |= {key.decode(): data_of(value) for key, value in result.outputs[ALERTS]}
        return self

    @property
    def status(self) -> dict[str, Any]:
        self.flush()
        return self.statuses[self.unit]

    def alert(self, episode: int = 1) -> dict[str, Any]:
        """Empty if there is none."""
        self.flush()
        return self.alerts.get(alert_id("no-union", self.unit, episode), {})

    def life(self, episode: int = 1) -> list[tuple[str, str, str]]:
        """On, state and reason of each transition."""
        return [(step["on"], step["state"], step["reason"]) for step in self.alert(episode).get("history", [])]

    def _take(self, record: build.Rec) -> None:
        self.waiting.append(record)
        if self.one_by_one:
            self.flush()
