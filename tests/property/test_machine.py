"""The whole city as a state machine: any fact, correction, merger, register row, tick and action at any moment, taken
in late, twice or in another order. Whenever it comes to rest, everything that was published is what the oracle says.
"""

from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from schemas.changes import AlertAction
from schemas.ids import alert_id
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from tests import build
from tests.oracle.merging import after_mergers
from tests.property.judging import differences
from tests.property.simulator import Simulator
from tests.property.strategies import ENTERPRISES, SUBJECTS, person_facts, registry_facts

PERSONS = [build.person_id(name) for name in "abcdef"]
FIRST = date(2026, 1, 20)
late = st.sampled_from([False, False, True])
several = st.integers(0, 1 << 16)


class City(RuleBasedStateMachine):
    """Facts are versioned as the producers do it: one sequence of versions for an identity, whoever it speaks of."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, list[PersonFact]] = {person: [] for person in PERSONS}
        self.stated: list[RegistryFact] = []
        self.latest: dict[str, tuple[str, PersonFact]] = {}  # fact -> whose it is, and its latest version
        self.rows: dict[str, RegistryFact] = {}
        self.merged: dict[str, str] = {}
        self.held: list[tuple[str, PersonFact | RegistryFact]] = []
        self.day = FIRST

    @initialize(seed=several, crowds=st.tuples(st.integers(17, 21), st.integers(15, 20)))
    def a_city_near_the_threshold(self, seed: int, crowds: tuple[int, int]) -> None:
        self.city = Simulator(seed)
        for unit, crowd in zip(ENTERPRISES, crowds, strict=False):
            for number in range(crowd):
                person = build.person_id(f"crowd {unit} {number}")
                self.said[person] = []
                self.send(person, build.person_fact(f"{unit} {number}", "joined", unit, "2025-12-01"))
        self.city.tick(self.day.isoformat())

    def send(self, key: str, fact: PersonFact | RegistryFact) -> None:
        """Onto the log: from here on it is said."""
        if isinstance(fact, RegistryFact):
            self.stated.append(fact)
            self.city.send(fact)
        else:
            self.said[key].append(fact)
            self.city.send(fact, key)

    def take_in(self, key: str, fact: PersonFact | RegistryFact, *, held: bool) -> None:
        if held:
            self.held.append((key, fact))
        else:
            self.send(key, fact)

    @rule(person=st.sampled_from(PERSONS), fact=person_facts("new"), held=late)
    def a_fact(self, person: str, fact: PersonFact, held: bool) -> None:
        new = fact.model_copy(update={"fact": build.person_fact(f"{len(self.latest)}", "noted", "", fact.day).fact})
        self.latest[new.fact] = person, new
        self.take_in(person, new, held=held)

    @precondition(lambda self: self.latest)
    @rule(which=several, person=st.sampled_from(PERSONS), fact=person_facts("new"), cancel=st.booleans(), held=late)
    def a_correction(self, which: int, person: str, fact: PersonFact, cancel: bool, held: bool) -> None:
        """Restated, withdrawn, or said of somebody else: then it is withdrawn at the one and new at the other."""
        identity = list(self.latest)[which % len(self.latest)]
        whose, known = self.latest[identity]
        if not cancel and whose != person:
            self.rename(whose, known, person, fact, held=held)
            return
        if cancel:
            known = known.model_copy(update={"version": known.version + 1, "change": type(known.change)("cancelled")})
            self.latest[identity] = whose, known
            self.take_in(whose, known, held=held)
        if not cancel:
            known = fact.model_copy(update={"fact": identity, "version": known.version + 1})
            self.latest[identity] = person, known
            self.take_in(person, known, held=not held)

    @precondition(lambda self: any(len(many) == 1 for many in self.said.values()))
    @rule(which=several, person=st.sampled_from(PERSONS), held=st.sampled_from([None, False, True]))
    def a_mistyped_number(self, which: int, person: str, held: bool | None) -> None:
        """Somebody of a crowd is really another person; ``held``: one of the two records is late, None: neither."""
        known = [(key, many[0]) for key, many in self.said.items() if len(many) == 1 and key not in PERSONS]
        if known:
            whose, fact = known[which % len(known)]
            self.rename(whose, fact, person, fact, held=held)

    def rename(self, whose: str, known: PersonFact, person: str, fact: PersonFact, *, held: bool | None) -> None:
        gone, stated = build.renamed(known, fact)
        self.latest[known.fact] = person, stated
        self.take_in(whose, gone, held=held is True)
        self.take_in(person, stated, held=held is False)

    @precondition(lambda self: any(self.said.values()))
    @rule(which=several)
    def the_same_again(self, which: int) -> None:
        many = [(person, fact) for person in PERSONS for fact in self.said[person]]
        if many:
            person, fact = many[which % len(many)]
            self.city.send(fact, person)

    @rule(loser=st.sampled_from(PERSONS), winner=st.sampled_from(PERSONS), held=late)
    def a_merger(self, loser: str, winner: str, held: bool) -> None:
        """Of an id that stands by itself, into one that does not lead back to it."""
        end = winner
        while end in self.merged:
            end = self.merged[end]
        if loser not in self.merged and end != loser:
            self.merged[loser] = winner
            fact = build.person_fact(f"merged {loser}", "identity_merged", "", "2026-01-01", winner=winner)
            self.take_in(loser, fact, held=held)

    @rule(subject=st.sampled_from(SUBJECTS), data=st.data(), held=late)
    def a_row(self, subject: str, data: st.DataObject, held: bool) -> None:
        row = data.draw(registry_facts(f"row {len(self.rows)}", subject))
        self.rows[row.fact] = row
        self.take_in(subject, row, held=held)

    @precondition(lambda self: self.rows)
    @rule(which=several, data=st.data(), cancel=st.booleans(), held=late)
    def a_corrected_row(self, which: int, data: st.DataObject, cancel: bool, held: bool) -> None:
        known = list(self.rows.values())[which % len(self.rows)]
        again: dict[str, Any] = {"fact": known.fact, "version": known.version + 1}
        if cancel:
            row = known.model_copy(update=again | {"change": type(known.change)("cancelled")})
        else:
            row = data.draw(registry_facts("restated", known.subject)).model_copy(update=again)
        self.rows[row.fact] = row
        self.take_in(row.subject, row, held=held)

    @precondition(lambda self: self.held)
    @rule(which=several)
    def what_was_held_up(self, which: int) -> None:
        self.send(*self.held.pop(which % len(self.held)))

    @rule(days=st.sampled_from([1, 1, 7, 31, 31, 91]))
    def a_tick(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.city.tick(self.day.isoformat())

    @rule(
        unit=st.sampled_from(ENTERPRISES),
        episode=st.sampled_from([1, 1, 2]),
        action=st.sampled_from(["acknowledge", "snooze", "reopen"]),
        days=st.integers(-1, 20),
    )
    def an_action(self, unit: str, episode: int, action: str, days: int) -> None:
        until = (self.day + timedelta(days=days)).isoformat() if action == "snooze" else ""
        said = {"alert": alert_id("no-union", unit, episode), "action": action, "by": "huong", "until": until}
        self.city.act(unit, AlertAction.model_validate(said))

    @rule(chunks=st.integers(1, 6))
    def some_work(self, chunks: int) -> None:
        self.city.work(chunks)

    @rule()
    def rest(self) -> None:
        self.city.drain()
        assert list(differences(self.city, after_mergers(self.said), self.stated)) == []

    def teardown(self) -> None:
        if hasattr(self, "city"):
            while self.held:
                self.send(*self.held.pop())
            self.rest()
            assert not [one for many in self.city.topics.values() for one in many if one.dead]


TestCity = City.TestCase
TestCity.settings = settings(max_examples=max(20, settings().max_examples // 3), stateful_step_count=40)
