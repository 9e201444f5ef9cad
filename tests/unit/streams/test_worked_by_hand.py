"""Awkward histories whose answers were worked out on paper, from the text of the rules alone."""

import itertools

import pytest

from schemas.ids import movement_id
from schemas.persons import PersonFact
from tests import build
from tests.build import registry_fact
from tests.unit.streams.test_rule_07_merged import ONE, TWO, Step, merged
from tests.unit.streams.world import PERSON, A, B, C, Log, U, V, figures, findings, moved, movements, said

BRANCH = "0200123450-001"


def again(facts: list[PersonFact], number: int, change: str, day: str, version: int) -> list[PersonFact]:
    """The facts, and another version of one of them."""
    known = facts[number]
    kind = type(known.change)(change)
    return [*facts, known.model_copy(update={"change": kind, "day": day, "version": version})]


def test_rule_01_a_future_start_that_is_withdrawn_before_its_day_never_counts() -> None:
    facts = again(said("joined A 2030-01-01"), 0, "cancelled", "2030-01-01", 2)
    assert figures(facts, A, "2031-01-01") == (0, 0, 0)
    assert moved(facts) == set()
    log = Log().tick("2026-01-10").workers(19).workers(1, "2026-01-15").workers(-1, "2026-01-15", correction=True)
    assert log.tick("2026-01-15").alert() == {}


def test_rule_02_a_cancellation_that_is_taken_back_is_said_again_in_the_next_version() -> None:
    facts = said("joined A 2026-01-01", "departed A 2026-02-01")
    withdrawn = again(facts, 1, "cancelled", "2026-02-01", 2)
    restated = again(withdrawn, 1, "departed", "2026-02-01", 3)
    assert [figures(known, A, "2026-02-01")[0] for known in (facts, withdrawn, restated)] == [0, 1, 0]
    for order in itertools.permutations(restated):
        assert figures(list(order), A, "2026-02-01") == (0, 0, 0)


def test_rule_02_from_one_branch_to_another_on_one_day_is_no_change_and_no_finding() -> None:
    facts = said("joined A 2026-01-01", "departed A 2026-02-01", f"joined A:{BRANCH} 2026-02-01")
    assert figures(facts, A, "2026-02-01") == (1, 1, 0)
    assert (moved(facts), findings(facts)) == ({("joined", "", A)}, [])


def test_rule_02_a_death_that_is_corrected_to_a_later_day_lets_what_lies_between_count() -> None:
    facts = said("joined A 2026-01-01", "died A 2026-03-01", "joined B 2026-04-01", "departed A 2026-04-02")
    assert figures(facts, B, "2026-04-15") == (0, 0, 0)
    later = again(facts, 1, "died", "2026-05-01", 2)
    assert figures(later, B, "2026-04-15") == (1, 1, 0)
    assert figures(later, B, "2026-05-01") == (0, 0, 0)
    assert ("transferred", A, B) in moved(later)
    assert findings(facts) == findings(later) == []


def test_rule_02_an_absence_that_came_first_is_an_absence_once_the_start_is_known() -> None:
    absent = said("absent A 2026-02-01")
    assert findings(absent) == ["absence-without-start"]
    known = [*absent, build.person_fact("s", "joined", A, "2026-01-01")]
    assert figures(known, A, "2026-02-01") == (1, 0, 0)
    assert findings(known) == []


def test_rule_02_absent_at_one_branch_and_at_work_in_another_is_present() -> None:
    facts = said("joined A 2026-01-01", f"joined A:{BRANCH} 2026-01-01", "absent A 2026-02-01")
    assert figures(facts, A, "2026-02-01") == (1, 1, 0)
    both = [*facts, build.person_fact("x", "absent", A, "2026-02-10", branch=BRANCH)]
    assert figures(both, A, "2026-02-10") == (1, 0, 0)


@pytest.mark.parametrize(
    ("stories", "in_u", "in_v", "found"),
    [
        # suspended by the old union on the day of the transfer: the new home is active
        (["admitted U 2026-01-01", "suspended U 2026-02-01", "member_transferred V 2026-02-01"], 0, 1, 1),
        # admitted again on the day of the leaving, after a suspension: a new and active membership
        (
            ["admitted U 2026-01-01", "suspended U 2026-01-15", "member_left U 2026-02-01", "admitted U 2026-02-01"],
            1,
            0,
            0,
        ),
        # left the new union on the day of the transfer: nothing falls back to the old one
        (["admitted U 2026-01-01", "member_transferred V 2026-02-01", "member_left V 2026-02-01"], 0, 0, 0),
        # left the old one after the transfer: without effect, and told
        (["admitted U 2026-01-01", "member_transferred V 2026-02-01", "member_left U 2026-03-01"], 0, 1, 1),
        # the transfer is known before the admission, the leaving before both
        (["member_left U 2026-02-01", "member_transferred V 2026-02-01", "admitted U 2026-01-01"], 0, 1, 0),
        # suspended before the admission that makes the home
        (["suspended U 2026-01-01", "admitted U 2026-02-01"], 1, 0, 1),
        # suspended and reinstated on one day: reinstated
        (["admitted U 2026-01-01", "reinstated U 2026-02-01", "suspended U 2026-02-01"], 1, 0, 0),
        # dead on the day of the admission
        (["admitted U 2026-02-01", "died U 2026-02-01", "member_left V 2026-03-01"], 0, 0, 0),
    ],
)
def test_rule_04(stories: list[str], in_u: int, in_v: int, found: int) -> None:
    facts = said(*stories)
    assert (figures(facts, U, "2026-12-31")[2], figures(facts, V, "2026-12-31")[2]) == (in_u, in_v)
    assert len(findings(facts)) == found


def test_rule_04_of_two_admissions_on_one_day_the_higher_id_is_the_home() -> None:
    low, high = sorted(
        (build.person_fact(name, "admitted", U, "2026-01-01") for name in "12"), key=lambda one: one.fact
    )
    facts = [high.model_copy(update={"unit": V}), low, *said("joined A 2026-01-01")]
    assert [figures(facts, unit, "2026-01-01")[2] for unit in (U, V, A)] == [0, 1, 1]


@pytest.mark.parametrize(
    ("stories", "pairs"),
    [
        (["departed A 2026-03-31", "joined B 2026-02-28"], True),  # 31 days before, both exact
        (["departed A 2026-04-01", "joined B 2026-02-28"], False),  # 32
        (["departed A 2026-03-01", "joined B 2026-04-30"], True),  # 60 after
        (["departed A 2026-03-01", "joined B 2026-05-01"], False),  # 61
        (["departed A 2026-03-01/month", "joined B 2026-05-31"], True),  # 91 days, but two months
        (["departed A 2026-03-31", "joined B 2026-06-01/month"], False),  # 62 days, but three months
        (["departed A 2026-12-31/month", "joined B 2027-02-28"], True),  # across the year
        (["departed A 2026-01-31", "joined B 2025-12-01/month"], True),
    ],
)
def test_rule_06_within_reach(stories: list[str], pairs: bool) -> None:
    facts = said("joined A 2020-01-01", *stories)
    assert (("transferred", A, B) in moved(facts)) is pairs


def test_rule_06_a_chain_is_two_moves_and_a_stay_of_days_is_not_skipped() -> None:
    facts = said(
        *("joined A 2020-01-01", "departed A 2026-03-01", "joined B 2026-03-05"),
        *("departed B 2026-03-10", "joined C 2026-03-12"),
    )
    assert moved(facts) == {("joined", "", A), ("transferred", A, B), ("transferred", B, C)}


def test_rule_06_a_declared_transfer_takes_its_partner_from_a_nearer_start() -> None:
    facts = said(
        "joined A 2020-01-01", "transferred_out A 2026-03-01", "joined B 2026-03-01", "transferred_in C 2026-04-20"
    )
    assert moved(facts) == {("joined", "", A), ("transferred", A, C), ("joined", "", B)}
    gone = again(facts, 3, "cancelled", "2026-04-20", 2)
    assert moved(gone) == {("joined", "", A), ("transferred", A, B)}
    latest = {one["movement_id"]: one["what"] for one in movements(gone)}
    assert latest[movement_id(PERSON, B, "2026-03-01")] == "withdrawn"


def test_rule_06_who_started_elsewhere_before_dying_here_moved_nowhere() -> None:
    facts = said("joined A 2026-01-01", "joined B 2026-02-25", "died A 2026-03-01")
    assert moved(facts) == {("joined", "", A), ("joined", "", B), ("departed", A, ""), ("departed", B, "")}


def test_rule_07_a_line_that_named_one_and_then_the_other_counts_once_in_any_order() -> None:
    """A correction that names another person is cancel + new; then the two turn out to be one."""
    first = build.person_fact("line", "joined", A, "2026-01-01")
    story = [
        (TWO, first),
        (TWO, first.model_copy(update={"version": 2, "change": type(first.change)("cancelled")})),
        (ONE, first.model_copy(update={"version": 3, "day": "2026-02-01"})),
        (TWO, merged(ONE)),
    ]
    for order in itertools.permutations(story):
        step = Step()
        for person, fact in order:
            step.take(person, fact)
        assert (step.refused, step.figures(ONE), step.figures(TWO)) == ([], (1, 1, 0), (0, 0, 0))
        assert step.movements(ONE) == {("joined", "", A)}


def test_rule_12_a_partial_cover_of_the_future_resolves_on_its_day() -> None:
    row = registry_fact("1", "union_stated", U, "2026-01-15", places=(f"{A}/{BRANCH}",))
    log = Log().tick("2026-01-10").workers(20).registered(row)
    assert log.status["unions"] == []
    log.tick("2026-01-15")
    assert (log.life()[-1], log.status["partial_cover"]) == (("2026-01-15", "resolved", "covered"), True)


def test_rule_12_the_end_of_a_covered_branch_is_for_the_unions_row_to_say() -> None:
    log = Log().tick("2026-01-10").workers(20)
    log.registered(registry_fact("1", "union_stated", U, "2026-01-01", places=(f"{A}/{BRANCH}",)))
    log.registered(registry_fact("2", "enterprise_dissolved", A, "2026-01-05", tax_code=BRANCH))
    assert (log.status["unions"], log.status["workers"], log.alert()["reason"]) == (["CD1"], 20, "covered")


def test_rule_12_a_row_that_dropped_an_enterprise_and_is_withdrawn_covers_it_as_before() -> None:
    both = registry_fact("1", "union_stated", U, "2026-01-01", places=(A, B))
    dropped = registry_fact("2", "union_stated", U, "2026-01-05", places=(B,))
    ended = registry_fact("3", "union_dissolved", U, "2026-01-05")
    undone = [
        one.model_copy(update={"version": 2, "change": type(one.change)("cancelled")}) for one in (dropped, ended)
    ]
    for order in itertools.permutations([both, dropped, ended, *undone]):
        assert Log().tick("2026-01-10").registered(*order).status["unions"] == ["CD1"]


def test_rule_13_a_month_end_takes_a_correction_that_came_before_its_evaluation() -> None:
    """20 on 31 January; on 1 March a start of January is withdrawn and another one, of February, comes in: 19 there."""
    log = Log().tick("2026-01-31").workers(21).tick("2026-03-01")
    log.workers(-2, "2026-01-01").workers(2, "2026-02-02").tick("2026-03-02", "2026-03-30")
    assert log.alert()["confirmed_on"] == ""
    assert log.tick("2026-04-30").alert()["confirmed_on"] == "2026-03-31"


def test_rule_14_a_leave_that_comes_after_the_end_closes_one_of_those_left_behind() -> None:
    log = Log().tick("2026-01-31").workers(25)
    log.registered(registry_fact("1", "enterprise_dissolved", A, "2026-01-20", places=(B,))).workers(-1, "2026-01-25")
    assert (log.status["workers"], log.status["unclosed"]) == (0, 24)


def test_rule_14_an_end_of_the_future_counts_until_the_day_before() -> None:
    log = Log().tick("2026-01-31").workers(25)
    log.registered(registry_fact("1", "enterprise_dissolved", A, "2026-02-02", places=(B,))).tick("2026-02-01")
    assert (log.status["workers"], log.alert()["state"]) == (25, "open")
    log.tick("2026-02-02")
    assert (log.status["workers"], log.status["unclosed"], log.alert()["reason"]) == (0, 25, "dissolved")
