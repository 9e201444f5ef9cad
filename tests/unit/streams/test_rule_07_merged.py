"""Rule 7: two identities were one person. One takes everything back, the other has the facts of both."""

import json
from collections import deque
from typing import Any

import pytest

from schemas.changes import Effect
from schemas.persons import PersonFact
from schemas.states import Finding, Movement
from schemas.topics import CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN
from streams import people
from streams.people.kept import load
from streams.step import PoisonRecordError
from tests import build
from tests.property.run import Log, State, check, commit, data_of
from tests.unit.streams.world import A, B, said

ONE, TWO, THREE = (build.person_id(name) for name in ("one", "two", "three"))


class Step:
    """The step with its own output coming back to it."""

    def __init__(self) -> None:
        self.state: State = {}
        self.log: Log = {}
        self.refused: list[str] = []

    def take(self, person: str, *facts: PersonFact) -> "Step":
        waiting = deque(build.person_record(person, fact) for fact in facts)
        while waiting:
            log: Log = {}
            try:
                commit(people.step, self.state, log, [waiting.popleft()])
            except PoisonRecordError as error:
                self.refused.append(str(error))
            waiting += [build.Rec(0, key, value) for key, value in log.get(MOVEMENTS_IN, [])]
            for topic, outputs in log.items():
                self.log.setdefault(topic, []).extend(outputs)
        return self

    def figures(self, person: str, unit: str = A) -> tuple[int, int, int]:
        there = [data_of(value) for key, value in self.log[CHANGES] if key == unit.encode()]
        mine = [one for one in there if one["person"] == person]
        workers, present, members = (
            sum(one.get(name, 0) for one in mine) for name in ("workers", "present", "members")
        )
        return workers, present, members

    def movements(self, person: str) -> set[tuple[str, str, str]]:
        latest = {one["movement_id"]: one for one in self.data(MOVEMENTS) if one["person"] == person}
        return {
            (one["what"], one["from_unit"], one["to_unit"]) for one in latest.values() if one["what"] != "withdrawn"
        }

    def findings(self, person: str) -> set[tuple[str, str]]:
        latest = {(one["fact"], one["what"]): one for one in self.data(FINDINGS) if one["person"] == person}
        return {(one["unit"], one["what"]) for one in latest.values() if one["open"]}

    def data(self, topic: str) -> list[dict[str, Any]]:
        return [data_of(value) for _, value in self.log[topic]]


def merged(winner: str, *, version: int = 1, name: str = "m") -> PersonFact:
    return build.person_fact(name, "identity_merged", "", "2026-05-01", version=version, winner=winner)


def test_the_loser_takes_everything_back_and_the_winner_has_it_all() -> None:
    joined, left, started = said("joined A 2026-01-01", "departed A 2026-03-01", "joined B 2026-03-05")
    step = Step().take(ONE, joined).take(TWO, left, started)
    assert step.findings(TWO) == {(A, "leave-without-start")}
    assert step.movements(TWO) == {("joined", "", B)}
    step.take(TWO, merged(ONE))
    assert (step.figures(TWO, B), step.movements(TWO), step.findings(TWO)) == ((0, 0, 0), set(), set())
    assert step.figures(ONE) == (0, 0, 0)
    assert step.figures(ONE, B) == (1, 1, 0)
    assert step.movements(ONE) == {("joined", "", A), ("transferred", A, B)}
    assert step.findings(ONE) == set()
    check(step.log[CHANGES], Effect)
    check(step.log[MOVEMENTS], Movement)
    check(step.log[FINDINGS], Finding)


def test_what_is_forwarded_is_a_valid_fact_with_its_id_and_version_and_marked() -> None:
    joined, _ = said("joined A 2026-01-01", "departed A 2026-03-01")
    corrected = build.person_fact("0", "joined", A, "2026-01-02", version=2, branch="0200123450-001")
    step = Step().take(TWO, joined, corrected, merged(ONE))
    check(step.log[MOVEMENTS_IN], PersonFact)
    notice, fact = step.data(MOVEMENTS_IN)
    assert (notice["change"], notice["winner"], notice["through"]) == ("identity_merged", "", [TWO])
    assert (fact["fact"], fact["version"], fact["day"], fact["branch"]) == (
        corrected.fact,
        2,
        "2026-01-02",
        "0200123450-001",
    )
    assert (fact["source"], fact["through"]) == ("merged", [TWO])


def test_later_facts_and_corrections_follow_with_their_dossier() -> None:
    joined, left = said("joined A 2026-01-01", "departed A 2026-03-01")
    step = Step().take(TWO, joined, merged(ONE), left)
    assert step.figures(ONE) == (0, 0, 0)
    assert step.data(MOVEMENTS_IN)[-1]["dossier"] == left.dossier
    check(step.log[MOVEMENTS_IN], PersonFact)
    withdrawn = build.person_fact("1", "cancelled", A, "2026-03-01", version=2)
    step.take(TWO, withdrawn)
    assert step.figures(ONE) == (1, 1, 0)
    assert step.figures(TWO) == (0, 0, 0)


def test_a_merger_known_before_any_fact_and_a_repeated_one() -> None:
    step = Step().take(TWO, merged(ONE), merged(ONE), *said("joined A 2026-01-01"), merged(ONE, version=2))
    assert step.figures(ONE) == (1, 1, 0)
    assert step.refused == []


def test_both_at_one_enterprise_are_one_worker() -> None:
    first, again = said("joined A 2026-01-01", "joined A 2026-02-01")
    step = Step().take(ONE, first).take(TWO, again, merged(ONE))
    assert step.figures(ONE) == (1, 1, 0)
    assert step.figures(TWO) == (0, 0, 0)
    assert step.findings(ONE) == {(A, "already-open")}
    taken_back = [one for one in step.data(CHANGES) if one["person"] == TWO][-1]
    assert taken_back["correction"]


@pytest.mark.parametrize("first", ["two into one", "one into three"])
def test_a_chain(first: str) -> None:
    step = Step().take(TWO, *said("joined A 2026-01-01"))
    mergers = [(TWO, merged(ONE, name="m1")), (ONE, merged(THREE, name="m2"))]
    for loser, merger in mergers if first == "two into one" else mergers[::-1]:
        step.take(loser, merger)
    assert step.refused == []
    assert [step.figures(person) for person in (ONE, TWO, THREE)] == [(0, 0, 0), (0, 0, 0), (1, 1, 0)]
    assert set(load(step.state[THREE.encode()]).absorbed) == {ONE, TWO}
    assert len({json.loads(value)["id"] for _, value in step.log[MOVEMENTS_IN]}) == len(step.log[MOVEMENTS_IN])


def test_into_itself_is_refused() -> None:
    step = Step().take(ONE, *said("joined A 2026-01-01"), merged(ONE))
    assert "into itself" in step.refused[0]
    assert step.figures(ONE) == (1, 1, 0)


def test_back_into_an_absorbed_id_is_refused_and_nobody_is_lost() -> None:
    step = Step().take(TWO, *said("joined A 2026-01-01"), merged(ONE)).take(ONE, merged(THREE, name="m2"))
    step.take(THREE, merged(TWO, name="m3"))
    assert "was itself merged into this one" in step.refused[0]
    assert step.figures(THREE) == (1, 1, 0)


def test_two_that_cross_each_other_end_in_the_dead_letters_and_not_in_a_loop() -> None:
    """Both are taken in before either notice has come: a clerk's error in two places at once."""
    step = Step()
    for person, winner, name in ((ONE, TWO, "m1"), (TWO, ONE, "m2")):
        commit(people.step, step.state, {}, [build.person_record(person, merged(winner, name=name))])
    step.take(ONE, *said("joined A 2026-01-01"))
    assert "in a circle" in step.refused[0]
    assert CHANGES not in step.log or step.log[CHANGES] == []


def test_into_another_one_afterwards_is_refused() -> None:
    step = Step().take(TWO, *said("joined A 2026-01-01"), merged(ONE), merged(THREE, name="m2"))
    assert "into another one before" in step.refused[0]
    assert step.figures(ONE) == (1, 1, 0)


def test_a_merger_that_was_withdrawn_before_it_came_has_no_effect() -> None:
    withdrawn = build.person_fact("m", "cancelled", "", "2026-05-01", version=2)
    step = Step().take(TWO, *said("joined A 2026-01-01"), withdrawn, merged(ONE))
    assert step.figures(TWO) == (1, 1, 0)
    assert step.refused == []


def test_a_merger_that_is_done_stands() -> None:
    withdrawn = build.person_fact("m", "cancelled", "", "2026-05-01", version=2)
    step = Step().take(TWO, *said("joined A 2026-01-01"), merged(ONE), withdrawn)
    assert "can't be cancelled" in step.refused[0]
    assert step.figures(ONE) == (1, 1, 0)


def test_a_long_history_leaves_nothing_behind() -> None:
    facts = [
        build.person_fact(f"{number}", ("joined", "departed")[number % 2], B, f"2{number:03d}-01-01")
        for number in range(60)
    ]
    step = Step().take(TWO, *facts)
    assert len(step.state) > 1
    step.take(TWO, merged(ONE))
    assert {key for key in step.state if key.startswith(TWO.encode())} == {TWO.encode()}
    assert len(step.state[TWO.encode()]) < 100
    assert sum(one["workers"] for one in step.data(CHANGES) if one["person"] == TWO) == 0
    assert len(step.data(MOVEMENTS_IN)) == 61
