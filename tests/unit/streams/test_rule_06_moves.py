"""Rule 6: which leave and which start are one move, and how a movement is corrected."""

from itertools import pairwise

import pytest

from schemas.ids import movement_id
from schemas.topics import CHANGES, MOVEMENTS
from streams import people
from tests import build
from tests.property.run import run
from tests.unit.streams.world import PERSON, A, B, C, moved, movements, said


@pytest.mark.parametrize(
    ("left", "started", "one_move"),
    [
        # by month: -1 ... 2
        ("2026-03-01/month", "2026-03-01/month", True),
        ("2026-03-01/month", "2026-02-01/month", True),
        ("2026-03-01/month", "2026-01-01/month", False),
        ("2026-03-01/month", "2026-05-01/month", True),
        ("2026-03-01/month", "2026-06-01/month", False),
        ("2025-12-01/month", "2026-02-01/month", True),
        ("2025-12-01/month", "2026-03-01/month", False),
        # one end exact: still by month, up to 91 days apart
        ("2026-07-01", "2026-09-30/month", True),
        ("2026-07-01", "2026-10-01/month", False),
        # by day if both are exact: -31 ... 60
        ("2026-03-01", "2026-04-30", True),
        ("2026-03-01", "2026-05-01", False),
        ("2026-03-10", "2026-02-07", True),
        ("2026-03-10", "2026-02-06", False),
    ],
)
def test_how_far_a_start_may_lie_from_its_leave(left: str, started: str, one_move: bool) -> None:
    told = moved(said("joined A 2020-01-01", f"departed A {left}", f"joined B {started}"))
    apart = {("joined", "", A), ("departed", A, ""), ("joined", "", B)}
    assert told == ({("joined", "", A), ("transferred", A, B)} if one_move else apart)


def test_a_return_to_the_same_enterprise_is_no_move() -> None:
    told = movements(said("joined A 2026-01-01", "departed A 2026-02-01", "joined A 2026-02-10"))
    assert [one["what"] for one in told] == ["joined", "departed", "joined"]


def test_a_declared_transfer_pairs_before_a_nearer_start() -> None:
    facts = said(
        "joined A 2026-01-01", "transferred_out A 2026-03-01", "joined B 2026-03-02", "transferred_in C 2026-03-20"
    )
    assert ("transferred", A, C) in moved(facts)
    assert ("joined", "", B) in moved(facts)


def test_the_nearer_start_pairs_first_and_each_end_once() -> None:
    facts = said("joined A 2026-01-01", "departed A 2026-03-01", "joined B 2026-03-09", "joined C 2026-03-05")
    assert moved(facts) == {("joined", "", A), ("transferred", A, C), ("joined", "", B)}


def test_death_is_no_end_of_a_move() -> None:
    facts = said("joined A 2026-01-01", "joined B 2026-02-20", "died A 2026-03-01")
    assert moved(facts) == {("joined", "", A), ("joined", "", B), ("departed", A, ""), ("departed", B, "")}


def test_the_movement_has_the_id_of_its_leave() -> None:
    told = movements(said("joined A 2020-01-01", "departed A 2026-03-01", "joined B 2026-03-09"))
    assert told[-1]["movement_id"] == movement_id(PERSON, A, "2026-03-01")


def test_a_link_found_later_is_a_new_version_without_effect_on_counts() -> None:
    facts = said("joined A 2020-01-01", "joined B 2026-03-09", "departed A 2026-03-01")
    state, _ = run(people.step, [build.person_record(PERSON, fact) for fact in facts[:2]])
    linked = people.step(state, [build.person_record(PERSON, facts[2])])
    assert len(linked.outputs[CHANGES]) == 1  # the leave at A; nothing at B
    told = movements(facts)
    assert [(one["what"], one["version"]) for one in told] == [
        ("joined", 1),
        ("joined", 1),
        ("transferred", 1),
        ("withdrawn", 2),
    ]
    assert told[1]["movement_id"] == told[3]["movement_id"]
    assert len(linked.outputs[MOVEMENTS]) == 2


def test_a_dissolved_pair_gets_a_new_version_that_supersedes_the_last() -> None:
    facts = said("joined A 2020-01-01", "departed A 2026-03-01", "joined B 2026-03-09")
    gone = build.person_fact("2", "cancelled", B, "2026-03-09", version=2)
    back = build.person_fact("2", "joined", B, "2026-03-10", version=3)
    told = [
        one for one in movements([*facts, gone, back]) if one["movement_id"] == movement_id(PERSON, A, "2026-03-01")
    ]
    assert [one["what"] for one in told] == ["departed", "transferred", "departed", "transferred"]
    assert [one["version"] for one in told] == [1, 2, 3, 4]
    assert all(later["supersedes"] == earlier["version"] for earlier, later in pairwise(told))


def test_a_leave_and_a_start_at_one_enterprise_on_one_day_are_no_movement() -> None:
    facts = said("joined A 2020-01-01", "departed A 2026-03-01", "joined A:0200123450-001 2026-03-01")
    assert moved(facts) == {("joined", "", A)}


def test_the_leave_of_a_branch_that_had_nobody_is_not_the_end_of_the_spell() -> None:
    facts = said(
        "joined A 2020-01-01",
        "departed A 2026-03-01",
        "transferred_out A:0200123450-001 2026-03-01",
        "joined B 2026-03-05",
        "transferred_in C 2026-03-20",
    )
    assert ("transferred", A, B) in moved(facts)


def test_a_movement_that_comes_and_goes_within_one_chunk_keeps_its_versions() -> None:
    facts = [
        build.person_fact("1", "joined", A, "2026-01-01"),
        build.person_fact("1", "cancelled", A, "2026-01-01", version=2),
        build.person_fact("1", "joined", A, "2026-01-01", version=3),
        build.person_fact("2", "joined", B, "2026-06-01"),
    ]
    records = [build.person_record(PERSON, fact) for fact in facts]
    assert run(people.step, records, [slice(0, 2), slice(2, 4)]) == run(people.step, records)
    assert run(people.step, records, [slice(0, 4)]) == run(people.step, records)
    assert [(one["what"], one["version"]) for one in movements(facts)] == [
        ("joined", 1),
        ("withdrawn", 2),
        ("joined", 3),
        ("joined", 1),
    ]
