"""Rule 4: the home union, and who counts as a member where."""

import pytest

from tests.unit.streams.world import A, U, V, figures, said

NOBODY, IN_U, IN_V = (0, 0), (1, 0), (0, 1)


def homes(*stories: str, day: str = "2026-12-31") -> tuple[int, int]:
    facts = said(*stories)
    return figures(facts, U, day)[2], figures(facts, V, day)[2]


@pytest.mark.parametrize(
    ("stories", "home"),
    [
        (["admitted U 2026-01-01"], IN_U),
        (["admitted U 2026-01-01", "member_transferred V 2026-02-01"], IN_V),
        (["member_transferred V 2026-02-01", "admitted U 2026-01-01"], IN_V),
        # left closes only admissions to its union dated before it, or on that day if the person was no member of it
        (["admitted U 2026-01-01", "member_left U 2026-02-01"], NOBODY),
        (["admitted U 2026-02-01", "member_left U 2026-01-01"], IN_U),
        (["admitted U 2026-01-01", "member_left U 2026-01-01"], NOBODY),
        (["admitted U 2026-01-01", "admitted U 2026-02-01", "member_left U 2026-02-01"], IN_U),
        (["admitted U 2026-01-01", "member_left V 2026-02-01"], IN_U),
        # no fallback to an earlier union
        (["admitted U 2026-01-01", "admitted V 2026-02-01", "member_left V 2026-03-01"], NOBODY),
        (["admitted U 2026-01-01", "admitted V 2026-02-01", "member_left V 2026-02-01"], NOBODY),
        (["admitted U 2026-01-01", "admitted V 2026-02-01", "member_left U 2026-02-01"], IN_V),
        (["admitted U 2026-01-01", "admitted V 2026-02-01", "member_left U 2026-03-01"], IN_V),
        # suspended is not active; a new home ends it
        (["admitted U 2026-01-01", "suspended U 2026-02-01"], NOBODY),
        (["admitted U 2026-01-01", "suspended U 2026-02-01", "reinstated U 2026-03-01"], IN_U),
        (["admitted U 2026-01-01", "suspended U 2026-02-01", "member_transferred V 2026-03-01"], IN_V),
        (["admitted U 2026-01-01", "suspended V 2026-02-01"], IN_U),
        (["admitted U 2026-01-01", "suspended U 2026-02-01", "member_left U 2026-03-01"], NOBODY),
        (["suspended U 2026-01-01", "admitted U 2026-02-01"], IN_U),
    ],
)
def test_the_home_union(stories: list[str], home: tuple[int, int]) -> None:
    assert homes(*stories) == home


def test_of_two_admissions_on_a_day_the_higher_fact_id_is_the_home() -> None:
    facts = said("admitted U 2026-01-01", "admitted V 2026-01-01")
    winner = max(facts, key=lambda fact: fact.fact).unit
    assert figures(facts, winner, "2026-01-01")[2] == 1
    assert figures(facts, V if winner == U else U, "2026-01-01")[2] == 0


def test_enterprise_members_are_open_spells_with_an_active_home_in_any_union() -> None:
    facts = said("joined A 2026-01-01", "admitted U 2026-02-01", "suspended U 2026-03-01", "reinstated U 2026-04-01")
    told = [figures(facts, A, day)[2] for day in ("2026-01-31", "2026-02-01", "2026-03-01", "2026-04-01")]
    assert told == [0, 1, 0, 1]


def test_union_members_count_without_a_spell() -> None:
    facts = said("joined A 2026-01-01", "admitted U 2026-01-01", "departed A 2026-02-01")
    assert figures(facts, A, "2026-02-01") == (0, 0, 0)
    assert figures(facts, U, "2026-02-01") == (0, 0, 1)


def test_a_change_of_union_leaves_the_enterprise_member() -> None:
    facts = said("joined A 2026-01-01", "admitted U 2026-01-01", "member_transferred V 2026-02-01")
    assert figures(facts, A, "2026-02-01") == (1, 1, 1)
