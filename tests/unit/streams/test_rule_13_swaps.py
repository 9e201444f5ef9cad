"""Rule 13: a correction that names another person reaches an enterprise as parts, in any order; the rule hears one."""

from collections.abc import Callable

import msgspec
import pytest

from streams.units.unit import Unit, dump, load
from tests.unit.streams.world import A, Log

DAY = "2026-01-10"
EITHER_ORDER = pytest.mark.parametrize("first", [-1, 1], ids=["gone first", "there first"])
CHUNKS = pytest.mark.parametrize("one_by_one", [True, False], ids=["one by one", "one chunk"])
Told = Callable[[Log], Log]


def log_of(workers: int, day: str = DAY, *, one_by_one: bool = True) -> Log:
    return Log(one_by_one=one_by_one).tick(day).workers(workers)


def swap(log: Log, first: int, name: str = "s") -> Log:
    return log.half(name, 1, first).half(name, 2, -first)


@EITHER_ORDER
@CHUNKS
@pytest.mark.parametrize("workers", [19, 20, 21])
def test_who_is_named_changes_nothing(workers: int, first: int, one_by_one: bool) -> None:
    log = swap(log_of(workers, one_by_one=one_by_one), first)
    assert log.life() == ([(DAY, "open", "")] if workers >= 20 else [])
    assert (log.status["workers"], log.status["version"]) == (workers, workers + 2)


@EITHER_ORDER
def test_between_the_parts_the_count_is_live_and_the_rule_waits(first: int) -> None:
    log = log_of(20 if first < 0 else 19).half("s", 1, first)
    assert log.status["workers"] == (19 if first < 0 else 20)
    assert [state for _, state, _ in log.life()] == (["open"] if first < 0 else [])


@EITHER_ORDER
@pytest.mark.parametrize(
    ("told", "state"),
    [
        (lambda log: log.act("acknowledge"), "acknowledged"),
        (lambda log: log.act("snooze", "2026-12-31"), "snoozed"),
    ],
    ids=["acknowledged", "snoozed"],
)
def test_what_an_officer_said_stays(told: Told, state: str, first: int) -> None:
    log = swap(told(log_of(20)), first)
    assert (log.alert()["state"], log.alert()["version"], log.alert()["by"]) == (state, 2, "huong")
    between = told(log_of(20).half("s", 1, first)).half("s", 2, -first)
    assert (between.alert()["state"], between.alert()["version"]) == (state, 2)


@EITHER_ORDER
def test_it_is_confirmed_when_it_would_have_been(first: int) -> None:
    log = swap(log_of(20, "2026-01-31").tick("2026-03-02"), first).tick("2026-03-30")
    assert log.alert()["confirmed_on"] == "2026-02-28"


@EITHER_ORDER
def test_a_month_end_that_is_evaluated_in_between_counts_neither_part(first: int) -> None:
    log = log_of(20, "2026-01-31").tick("2026-03-01").half("s", 1, first).tick("2026-03-02").half("s", 2, -first)
    assert log.tick("2026-03-30").alert()["confirmed_on"] == "2026-02-28"
    log = log_of(20, "2026-01-31").tick("2026-03-01").half("s", 1, -1, "2026-02-01").tick("2026-03-02")
    assert log.half("s", 2, 1, "2026-02-01").tick("2026-03-30").alert()["confirmed_on"] == "2026-02-28"


def test_a_true_opening_after_a_correction_at_nineteen_is_the_first() -> None:
    log = swap(log_of(19), 1).tick("2026-02-20").workers(1)
    assert log.life() == [("2026-02-20", "open", "")]
    assert log.alert()["opened_on"] == "2026-02-20"


@EITHER_ORDER
@CHUNKS
@pytest.mark.parametrize("workers", [19, 20])
def test_twelve_rows_of_one_file(workers: int, first: int, one_by_one: bool) -> None:
    log = log_of(workers, one_by_one=one_by_one)
    for number in range(12):
        log.half(f"row {number}", 1, first)
    for number in reversed(range(12)):
        log.half(f"row {number}", 2, -first)
    assert len(log.life()) == (workers >= 20)
    assert load(log.state[A.encode()]).swaps is None


def test_while_some_wait_the_rule_hears_everything_else() -> None:
    log = log_of(19).half("s", 1, -1).workers(1)
    assert (log.status["workers"], log.alert()["workers"]) == (19, 20)
    assert log.cover().alert()["reason"] == "covered"
    assert log.cover(sign=-1).half("s", 2, 1).alert()["state"] == "open"


def test_another_correction_in_between_is_compared_with_what_the_rule_has_heard() -> None:
    log = log_of(20).half("s", 1, 1).workers(-1, correction=True)
    assert log.alert()["reason"] == "corrected"
    log = log_of(20).half("s", 1, -1).workers(-1, correction=True)
    assert log.alert()["reason"] == "corrected"
    log = log_of(20).half("s", 1, -1).workers(-1).half("s", 2, 1)
    assert log.life() == [(DAY, "open", "")], "a leave resolves nothing"


def test_parts_that_do_not_make_up_for_each_other_are_a_correction() -> None:
    """The one who was named counts there already, by another source."""
    log = log_of(20).half("s", 2, 0).half("s", 1, -1)
    assert log.life()[1:] == [(DAY, "resolved", "corrected")]
    assert log_of(20).half("s", 1, -1).half("s", 2, 0).alert()["reason"] == "corrected"
    assert log_of(19).half("s", 1, 0).half("s", 2, 1).alert()["opened_on"] == DAY


def test_a_part_of_several_effects_is_heard_with_its_last() -> None:
    log = log_of(20).half("s", 1, -1, "2025-01-01", more=True).half("s", 1, 1, "2026-02-01")
    assert (log.status["workers"], len(log.life())) == (19, 1)
    log.half("s", 2, 1, more=True).half("s", 2, -1, "2026-02-01")
    assert (log.status["workers"], len(log.life())) == (20, 1)


def test_a_correction_of_more_than_two_parts_and_one_that_is_said_again() -> None:
    log = (
        log_of(20).half("s", 3, -1, parts=4).half("s", 3, 0, parts=4).half("s", 1, 0, parts=4).half("s", 2, 0, parts=4)
    )
    assert len(log.life()) == 1
    assert len(log.half("s", 4, 1, parts=4).life()) == 1
    assert len(log.half("s", 4, 0, parts=4).workers(-1, correction=True).life()) == 2, "a ghost changes nothing"


def test_effects_that_are_not_due_are_heard_on_arrival_and_count_on_their_day() -> None:
    log = log_of(19).half("s", 1, -1, "2026-02-01").half("s", 2, 1, "2026-02-01").workers(1, "2026-02-01")
    assert log.tick("2026-01-31").alert() == {}
    assert log.tick("2026-02-01").alert()["opened_on"] == "2026-02-01"


def test_a_part_that_comes_due_while_the_other_is_missing_waits_on() -> None:
    log = log_of(20).half("s", 1, -1, "2026-01-11").tick("2026-01-11")
    assert (log.status["workers"], log.alert()["state"]) == (19, "open")
    assert len(log.half("s", 2, 1, "2026-01-11").life()) == 1


@pytest.mark.parametrize("days", [("2026-01-12",), ("2026-01-11", "2026-01-12"), ("2026-05-01",)])
def test_a_part_that_stays_alone_counts_from_the_second_day_on(days: tuple[str, ...]) -> None:
    log = log_of(20).half("s", 1, -1).tick(*days)
    assert log.life()[1:] == [(days[-1], "resolved", "corrected")]
    assert load(log.state[A.encode()]).swaps is None
    log = log_of(19).half("s", 1, 1).tick(*days)
    assert log.alert()["opened_on"] == days[-1]


def test_over_midnight_it_waits() -> None:
    log = log_of(20).half("s", 1, -1).tick("2026-01-11").half("s", 2, 1).tick("2026-01-12", "2026-01-13")
    assert log.life() == [(DAY, "open", "")]


def test_parts_before_the_first_tick() -> None:
    log = swap(Log().workers(20), -1).tick(DAY)
    assert log.life() == [(DAY, "open", "")]


def test_a_union_has_no_rule_and_keeps_nothing() -> None:
    log = Log("uCD1").tick(DAY).half("s", 1, 0)
    assert load(log.flush().state[b"uCD1"]).swaps is None


def test_state_of_a_program_that_knew_no_swaps_is_read() -> None:
    older = b"\x01" + msgspec.msgpack.encode([7, 739_000, 20, 20, 0, 0, {}, [], None, -1, [], [], 0, []])
    unit = load(older)
    assert (unit.version, unit.workers, unit.swaps) == (7, 20, None)
    assert load(dump(unit)) == unit
    assert Unit.__struct_fields__[-1] == "swaps", "only added at the end"
