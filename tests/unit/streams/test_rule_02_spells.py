"""Rule 2: the order within a day, what counts once, and the findings."""

import pytest

from schemas.changes import Effect
from schemas.topics import CHANGES
from streams import people
from tests import build
from tests.property.run import check, data_of, run
from tests.unit.streams.world import PERSON, A, B, U, V, figures, findings, said

DAY = "2026-03-01"
OPEN = ["joined A 2026-01-01"]
AWAY = [*OPEN, "absent A 2026-02-01"]
CLOSED: list[str] = []
GONE, HERE, ABSENT = (0, 0), (1, 1), (1, 0)


@pytest.mark.parametrize(
    ("before", "todays", "after", "found"),
    [
        # a spell was open before the day and it has both: leave, start, absence, return
        (OPEN, "departed joined", HERE, []),
        (OPEN, "transferred_out transferred_in", HERE, []),
        (AWAY, "departed joined", HERE, []),
        (OPEN, "departed joined absent", ABSENT, []),
        (OPEN, "departed joined absent returned", HERE, []),
        # otherwise: start, absence, return, leave
        (CLOSED, "joined", HERE, []),
        (CLOSED, "departed joined", GONE, []),
        (CLOSED, "joined absent", ABSENT, []),
        (CLOSED, "joined absent returned departed", GONE, []),
        (OPEN, "departed returned", GONE, []),
        (OPEN, "departed absent", GONE, []),
        (AWAY, "returned absent", HERE, []),
        # nothing is refused, a clerk hears of it
        (CLOSED, "departed", GONE, ["leave-without-start"]),
        (CLOSED, "absent", GONE, ["absence-without-start"]),
        (CLOSED, "absent returned", HERE, ["absence-without-start"]),
        (OPEN, "joined", HERE, ["already-open"]),
        (AWAY, "joined", ABSENT, ["already-open"]),
        # a return with nothing open starts a spell
        (CLOSED, "returned", HERE, []),
        # the same class on the same day counts once and each of its sources is told
        (CLOSED, "joined transferred_in", HERE, []),
        (OPEN, "departed transferred_out", GONE, []),
        (CLOSED, "departed departed", GONE, ["leave-without-start"] * 2),
        (OPEN, "joined joined", HERE, ["already-open"] * 2),
        (OPEN, "noted", HERE, []),
    ],
)
def test_the_order_within_a_day(before: list[str], todays: str, after: tuple[int, int], found: list[str]) -> None:
    facts = said(*before, *(f"{change} A {DAY}" for change in todays.split()))
    assert figures(facts, A, DAY)[:2] == after
    assert findings(facts) == found


def test_a_start_on_an_open_spell_keeps_the_earlier_start() -> None:
    facts = said("joined A 2026-02-01", "joined A 2026-01-01")
    assert figures(facts, A, "2026-01-15") == (1, 1, 0)
    assert findings(facts) == ["already-open"]


def test_an_enterprise_counts_a_person_once_while_any_branch_spell_is_open() -> None:
    facts = said("joined A 2026-01-01", "joined A:0200123450-001 2026-01-01", "departed A 2026-02-01")
    assert figures(facts, A, "2026-01-15") == (1, 1, 0)
    assert figures(facts, A, "2026-02-01") == (1, 1, 0)
    assert findings(facts) == []


def test_death_ends_everything_and_dominates_later_facts() -> None:
    facts = said(
        "joined A 2026-01-01",
        "joined B 2026-01-01",
        "admitted U 2026-01-01",
        "joined A 2026-04-01",
        "died U 2026-03-01",
    )
    assert figures(facts, A, "2026-02-28") == (1, 1, 1)
    assert [figures(facts, unit, "2026-05-01") for unit in (A, B, U)] == [(0, 0, 0)] * 3


def test_death_that_is_withdrawn_gives_everything_back() -> None:
    facts = said("joined A 2026-01-01", "died A 2026-02-01")
    withdrawn = build.person_fact("1", "cancelled", A, "2026-02-01", version=2)
    assert figures([*facts, withdrawn], A, "2026-03-01") == (1, 1, 0)


def test_a_cancelled_source_leaves_the_other() -> None:
    facts = said("joined A 2026-01-01", "joined A 2026-01-01")
    withdrawn = build.person_fact("0", "cancelled", A, "2026-01-01", version=2)
    assert figures([*facts, withdrawn], A, "2026-01-01") == (1, 1, 0)
    both = build.person_fact("1", "cancelled", A, "2026-01-01", version=2)
    assert figures([*facts, withdrawn, both], A, "2026-01-01") == (0, 0, 0)


def test_an_earlier_version_that_comes_late_changes_nothing() -> None:
    first = said("joined A 2026-01-01")[0]
    second = build.person_fact("0", "joined", B, "2026-01-01", version=2)
    assert figures([second, first], A, "2026-01-01") == (0, 0, 0)
    assert figures([second, first], B, "2026-01-01") == (1, 1, 0)


def test_membership_alone_is_no_spell() -> None:
    assert figures(said("admitted U 2026-01-01"), U, "2026-01-01") == (0, 0, 1)


def test_a_correction_that_turns_a_leave_into_a_start_is_told_as_two_effects_of_one() -> None:
    """An effect is one person more or less: -1 that becomes +1 on the same day makes two, and the sum is right."""
    facts = said("joined A 2026-01-01", "departed A 2026-02-01")
    moved = build.person_fact("0", "joined", A, "2026-02-01", version=2, branch="0200123450-001")
    records = [build.person_record(PERSON, fact) for fact in [*facts, moved]]
    _, log = run(people.step, records)
    check(log[CHANGES], Effect)
    last_cause = [data_of(value) for _, value in log[CHANGES]][2:]
    assert [(one["day"], one["workers"], one.get("more", False)) for one in last_cause] == [
        ("2026-01-01", -1, True),
        ("2026-02-01", 1, True),
        ("2026-02-01", 1, False),
    ]
    assert figures([*facts, moved], A, "2026-02-01") == (1, 1, 0)


def test_a_member_who_left_and_then_never_had_that_union_is_two_members_more_on_that_day() -> None:
    facts = said("joined A 2026-01-01", "admitted U 2026-01-01", "member_left U 2026-02-01")
    moved = build.person_fact("1", "admitted", V, "2026-02-01", version=2)
    _, log = run(people.step, [build.person_record(PERSON, fact) for fact in [*facts, moved]])
    check(log[CHANGES], Effect)
    assert figures([*facts, moved], A, "2026-02-01") == (1, 1, 1)
