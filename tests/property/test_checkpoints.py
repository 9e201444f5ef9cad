"""Where a fold begins, and whether a day is appended or all are folded, makes no difference to what goes out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.steps import fact
from schemas.persons import PersonFact
from streams import people
from streams.people import work
from streams.people.difference import WITHDRAWN, changed_effects, changed_findings
from streams.people.facts import Fact
from streams.people.kept import load, page_key
from streams.people.moves import resolve
from streams.people.reading import fact_of, read_event
from streams.people.spells import WITHOUT_EFFECT, fold
from streams.step import StateFormatError
from tests import build
from tests.oracle import persons as oracle
from tests.property.run import Log, State, run
from tests.property.strategies import FAR_APART, chunked, histories
from tests.property.test_people import PERSON, counts, latest_movements, records, sums

KEY = PERSON.encode()
long_ones = st.one_of(
    histories(30, st.sampled_from(FAR_APART), jumbled=False), histories(15, st.sampled_from(FAR_APART)), histories(12)
)


@contextmanager
def checkpoints(most: int, latest: int) -> Iterator[None]:
    """A person with more than ``most`` facts gets a checkpoint before the ``latest``."""
    with patch.object(work, "MOST_FACTS", most), patch.object(work, "LATEST_FACTS", latest):
        yield


def facts_kept(state: State) -> dict[bytes, Fact]:
    """All facts of the person, wherever they stand."""
    head = load(state[KEY])
    pages = [load(state[page_key(KEY, number)]) for number in range(head.pages)]
    assert set(state) == {KEY, *(page_key(KEY, number) for number in range(head.pages))}, "pages that nobody knows"
    found = [one for place in [*pages, head] for one in place.facts]
    assert len({one.id for one in found}) == len(found), "a fact stands in two places"
    assert head.checkpoint is None or all(
        one.day >= head.checkpoint.before for one in head.facts if one.change not in WITHOUT_EFFECT
    )
    return {one.id: one for one in found}


def everything_at_once(said: list[PersonFact]) -> tuple[State, Log]:
    with checkpoints(1 << 30, 1):
        return run(people.step, records(said))


@given(long_ones, st.data())
def test_what_goes_out_does_not_depend_on_checkpoints(said: list[PersonFact], data: st.DataObject) -> None:
    borders = data.draw(chunked(len(said)))
    expected_state, expected = everything_at_once(said)
    for limits in ((2, 1), (5, 2)):
        with checkpoints(*limits):
            state, log = run(people.step, records(said), borders)
        assert log == expected
        assert facts_kept(state) == facts_kept(expected_state)


@given(long_ones, st.integers(0, 30))
def test_state_of_the_older_format_is_gone_on_with(said: list[PersonFact], at: int) -> None:
    state, log = everything_at_once(said[:at])
    assert all(value[0] == 1 for value in state.values())
    with checkpoints(2, 1):
        for record in records(said)[at:]:
            result = people.step(state, [record])
            for key, value in result.writes.items():
                if value is None:
                    del state[key]
                else:
                    state[key] = value
            for topic, outputs in result.outputs.items():
                log.setdefault(topic, []).extend(outputs)
    assert {topic: some for topic, some in log.items() if some} == {
        topic: some for topic, some in everything_at_once(said)[1].items() if some
    }


@given(long_ones)
def test_checkpoints_equal_the_oracle(said: list[PersonFact]) -> None:
    with checkpoints(3, 1):
        _, log = run(people.step, records(said))
    total = sums(log)
    for day in (FAR_APART[0], FAR_APART[20], FAR_APART[40], FAR_APART[-1], "2026-02-01", "2030-01-01"):
        expected = oracle.figures(said, day)
        for unit in set(expected) | {unit for unit, _ in total}:
            assert counts(total, unit, day) == expected.get(unit, (0, 0, 0)), (unit, day)
    moved = oracle.movements(PERSON, said)
    found = {key: one for key, one in latest_movements(log).items() if one["what"] != "withdrawn"}
    assert {key: tuple(one["facts"]) for key, one in found.items()} == {key: one.facts for key, one in moved.items()}


@given(long_ones)
def test_an_appended_day_is_the_fold_of_all(said: list[PersonFact]) -> None:
    """The short way for what is dated later than everything known, against the long one."""
    facts = [fact_of(read_event(record.value).data) for record in records(said)]
    one = work.Work(PERSON, {})
    before = fold([])
    for said_now in facts:
        known = one.facts.get(said_now.id)
        difference = one.take(said_now)
        after = fold(one.facts.values())
        if difference is None:
            assert known is not None or said_now.change in WITHOUT_EFFECT
            assert (before.effects, before.turns, before.findings) == (after.effects, after.turns, after.findings)
            continue
        assert difference.effects == changed_effects(before.effects, after.effects)
        assert sorted(difference.findings) == sorted(changed_findings(before.findings, after.findings))
        old, new = resolve(before.turns), resolve(after.turns)
        assert {at: move for at, move, _ in difference.moves if move != WITHDRAWN} == {
            at: move for at, move in new.items() if old.get(at) != move
        }
        assert {at for at, move, _ in difference.moves if move == WITHDRAWN} == set(old) - set(new)
        before = after


@given(histories(4), st.data())
def test_somebodys_first_start_says_what_any_fact_would(said: list[PersonFact], data: st.DataObject) -> None:
    borders = data.draw(chunked(len(said)))
    expected = run(people.step, records(said), borders)
    with patch.object(sys.modules["streams.people.step"], "TRANSFERRED_IN", 0):  # no start is taken the short way
        assert run(people.step, records(said), borders) == expected


def test_a_page_that_is_not_there_stops_the_worker() -> None:
    said = [build.person_fact(f"{number}", "joined", "e1", day) for number, day in enumerate(FAR_APART)]
    state, _ = run(people.step, records(said))
    del state[page_key(KEY, 0)]
    with pytest.raises(StateFormatError, match="pages"):
        people.step(state, records(said)[:1])


def test_what_a_record_adds_to_the_changelog_does_not_grow_with_the_history() -> None:
    def bytes_of(history: int) -> int:
        changes = ("joined", "absent", "returned", "departed")
        state: State = {}
        written = 0
        for number in range(history + 8):
            unit = f"e{200_000_000 + number // 4:010d}"
            result = people.step(
                state, [fact(PERSON, number, changes[number % 4], unit, 738_000 + 25 * number, "", "")]
            )
            state |= {key: value for key, value in result.writes.items() if value is not None}
            written += sum(map(len, result.writes.values())) if number >= history else 0  # type: ignore[arg-type]
        return written // 8

    assert bytes_of(300) < 1.3 * bytes_of(16)
    assert bytes_of(300) < 1_200
