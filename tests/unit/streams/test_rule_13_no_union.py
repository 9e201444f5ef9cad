"""Rule 13: the life of an alert."""

import pytest

from tests.unit.streams.world import A, Log

DAY = "2026-01-10"


FROM_JANUARY = "2026-01-31"
"""A first tick after which the month-end of January is the first to be evaluated, on 2026-03-02."""


def opened(workers: int = 20, day: str = DAY) -> Log:
    return Log().tick(day).workers(workers)


def test_opens_today_at_twenty_without_cover() -> None:
    alert = opened().alert()
    assert (alert["state"], alert["opened_on"], alert["workers"], alert["version"]) == ("open", DAY, 20, 1)


def test_opens_when_cover_is_lost() -> None:
    log = Log().tick(DAY).cover().workers(25)
    assert log.alert() == {}
    assert log.cover("2026-01-05", on=False).alert()["state"] == "open"


def test_opens_on_the_day_that_a_future_start_comes_due() -> None:
    log = Log().tick(DAY).workers(19).workers(1, "2026-01-12")
    assert log.tick("2026-01-11").alert() == {}
    assert log.tick("2026-01-12").alert()["opened_on"] == "2026-01-12"


def test_nothing_opens_before_the_first_tick() -> None:
    log = Log().workers(30)
    assert (log.status["workers"], log.status["day"], log.alert()) == (0, "", {})
    log.tick(DAY)
    assert (log.status["workers"], log.alert()["opened_on"]) == (30, DAY)


def test_the_rule_waits_for_the_last_effect_of_a_cause() -> None:
    log = Log().tick(DAY).workers(19).workers(1, more=True)
    assert log.alert() == {}
    log.workers(-1)
    assert (log.alert(), log.status["workers"]) == ({}, 19)


@pytest.mark.parametrize("one_by_one", [True, False])
def test_19_20_19_is_the_same_alert_in_one_chunk_as_one_by_one(one_by_one: bool) -> None:
    log = Log(one_by_one=one_by_one).tick(DAY).workers(19).workers(1).workers(-1)
    assert log.life() == [(DAY, "open", "")]
    assert log.status["version"] == 21


def test_a_leave_under_twenty_resolves_nothing() -> None:
    assert opened().workers(-3).alert()["state"] == "open"


def test_a_correction_that_brings_it_under_twenty_resolves_at_once() -> None:
    alert = opened().workers(-1, correction=True).alert()
    assert (alert["state"], alert["reason"], alert["resolved_on"]) == ("resolved", "corrected", DAY)


def test_a_correction_under_twenty_already_resolves_nothing() -> None:
    assert opened().workers(-1).workers(-1, correction=True).alert()["state"] == "open"


def test_a_correction_in_two_effects_is_compared_with_the_count_before_both() -> None:
    log = opened(20).workers(1, correction=True, more=True).workers(-1, correction=True)
    assert log.alert()["state"] == "open"
    log = opened(21).workers(-1, correction=True, more=True).workers(-1, correction=True)
    assert log.alert()["reason"] == "corrected"


def test_a_correction_of_the_past_and_the_future_does_not_count_today() -> None:
    """A start moved into the future leaves today; its other effect changes nothing."""
    log = opened().workers(-1, "2026-01-01", correction=True, more=True).workers(1, "2026-02-01", correction=True)
    assert log.alert()["reason"] == "corrected"
    log.tick("2026-02-01")
    assert log.life()[-1] == ("2026-02-01", "open", "returned")


def test_cover_resolves() -> None:
    assert opened().cover().alert()["reason"] == "covered"


def test_cover_that_begins_later_resolves_on_its_day() -> None:
    log = opened().cover("2026-01-12")
    assert log.alert()["state"] == "open"
    assert log.tick("2026-01-12").life()[-1] == ("2026-01-12", "resolved", "covered")


def test_a_mark_that_is_taken_back_brings_the_alert_back() -> None:
    log = opened().cover().cover(sign=-1)
    assert [state for _, state, _ in log.life()] == ["open", "resolved", "open"]
    assert log.alert()["episode"] == 1


def test_dissolution_resolves_and_later_cover_changes_nothing() -> None:
    log = opened().mark("dissolved", "2026-01-09").cover()
    assert log.life() == [(DAY, "open", ""), (DAY, "resolved", "dissolved")]


def test_a_month_end_is_evaluated_once_thirty_days_later() -> None:
    log = opened(day=FROM_JANUARY).tick("2026-03-01")
    assert log.alert()["confirmed_on"] == ""
    log.tick("2026-03-02")  # 30 days after 2026-01-31: the first of the two
    assert log.alert()["confirmed_on"] == ""
    log.tick("2026-03-29")
    assert log.alert()["confirmed_on"] == ""
    log.tick("2026-03-30")  # 30 days after 2026-02-28
    assert log.alert()["confirmed_on"] == "2026-02-28"
    assert log.life()[-1] == ("2026-03-30", "confirmed", "")
    assert log.alert()["state"] == "open"


def test_month_ends_due_before_the_first_tick_are_skipped() -> None:
    log = Log().workers(20).tick("2026-03-03").tick("2026-03-30")  # January was due on 2026-03-02
    assert log.alert()["confirmed_on"] == ""
    assert log.tick("2026-04-30").alert()["confirmed_on"] == "2026-03-31"


def test_a_month_end_due_on_the_day_of_the_first_tick_is_evaluated() -> None:
    log = Log().workers(20).tick("2026-03-02").tick("2026-03-30")
    assert log.alert()["confirmed_on"] == "2026-02-28"


def test_a_month_end_counts_as_then_known() -> None:
    """A leave of January that arrives in February counts for January's end, as it is evaluated in March."""
    log = opened(day=FROM_JANUARY).tick("2026-02-15").workers(-1, "2026-01-20").workers(1, "2026-02-10")
    log.tick("2026-03-02", "2026-03-30")
    assert log.alert()["confirmed_on"] == ""
    log.tick("2026-04-30")
    assert log.alert()["confirmed_on"] == "2026-03-31"


def test_a_month_end_is_never_evaluated_again() -> None:
    log = opened(day=FROM_JANUARY).tick("2026-03-02").workers(-5, "2026-01-20").workers(5, "2026-02-10")
    assert log.tick("2026-03-30").alert()["confirmed_on"] == "2026-02-28"


def test_two_month_ends_at_seventeen_resolve_as_shrunk() -> None:
    log = opened(day=FROM_JANUARY).workers(-3).tick("2026-03-02")
    assert log.alert()["state"] == "open"
    assert log.tick("2026-03-30").life()[-1] == ("2026-03-30", "resolved", "shrunk")


@pytest.mark.parametrize("left", [2, 1])
def test_between_eighteen_and_nineteen_nothing_is_decided(left: int) -> None:
    log = opened(day=FROM_JANUARY).workers(-left).tick("2026-03-02", "2026-03-30", "2026-04-30", "2026-05-30")
    assert (log.alert()["state"], log.alert()["confirmed_on"]) == ("open", "")


def test_a_month_end_between_breaks_the_streak() -> None:
    log = opened(day=FROM_JANUARY).workers(-3).workers(1, "2026-02-10").workers(-1, "2026-03-10")
    assert log.tick("2026-03-02", "2026-03-30", "2026-04-30").alert()["state"] == "open"
    assert log.tick("2026-05-30").alert()["reason"] == "shrunk"


def test_shrunk_by_the_month_ends_but_large_again_today_goes_on_as_the_same_episode() -> None:
    log = opened(day=FROM_JANUARY).workers(-3).tick("2026-03-15").workers(3, "2026-03-15")
    log.tick("2026-03-30")
    assert log.life()[-2:] == [("2026-03-30", "resolved", "shrunk"), ("2026-03-30", "open", "returned")]


def test_a_return_within_ninety_days_reopens_the_episode_with_its_history() -> None:
    log = opened().cover().tick("2026-04-10").cover("2026-04-10", on=False)
    alert = log.alert()
    assert (alert["episode"], alert["state"], alert["opened_on"], alert["resolved_on"]) == (1, "open", DAY, "")
    assert len(alert["history"]) == alert["version"] == 3


def test_a_return_after_ninety_days_is_a_new_episode() -> None:
    log = opened().cover().tick("2026-04-11").cover("2026-04-11", on=False)
    assert log.alert()["state"] == "resolved"
    assert (log.alert(2)["episode"], log.alert(2)["opened_on"]) == (2, "2026-04-11")


def test_an_officer_acknowledges() -> None:
    alert = opened().act("acknowledge").alert()
    assert (alert["state"], alert["by"]) == ("acknowledged", "huong")


def test_a_snooze_ends_on_its_day() -> None:
    log = opened().act("snooze", "2026-01-13")
    assert (log.alert()["state"], log.alert()["snoozed_until"]) == ("snoozed", "2026-01-13")
    assert log.tick("2026-01-12").alert()["state"] == "snoozed"
    assert log.tick("2026-01-13").life()[-1] == ("2026-01-13", "open", "snooze-over")
    assert log.alert()["snoozed_until"] == ""


def test_a_snooze_into_the_past_and_an_action_on_another_alert_change_nothing() -> None:
    log = opened().act("snooze", DAY).act("acknowledge", episode=7)
    assert log.life() == [(DAY, "open", "")]


def test_a_snoozed_alert_still_resolves() -> None:
    assert opened().act("snooze", "2026-12-31").cover().alert()["reason"] == "covered"


def test_a_resolved_alert_takes_no_action() -> None:
    assert opened().cover().act("acknowledge").alert()["state"] == "resolved"


@pytest.mark.parametrize("one_by_one", [True, False])
def test_an_alert_names_the_tax_code_of_its_last_transition(one_by_one: bool) -> None:
    log = Log(one_by_one=one_by_one).tick(DAY).workers(20).mark("described", detail={"tax_code": "0200999999"})
    assert log.alert()["tax_code"] == A[1:]
    assert log.status["tax_code"] == "0200999999"
    assert log.act("acknowledge").alert()["tax_code"] == "0200999999"


@pytest.mark.parametrize("one_by_one", [True, False])
def test_two_episodes_in_one_chunk_are_both_published(one_by_one: bool) -> None:
    log = Log(one_by_one=one_by_one).tick(DAY).workers(20).cover().tick("2026-06-01").cover(sign=-1)
    assert (log.alert(1)["state"], log.alert(2)["state"]) == ("resolved", "open")


def test_lower_and_repeated_days_are_ignored() -> None:
    log = opened().tick("2026-01-09", DAY)
    assert log.status["day"] == DAY
    assert log.statuses["clock/0"]["day"] == DAY
