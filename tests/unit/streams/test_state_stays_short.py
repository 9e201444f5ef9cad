"""The state of a unit remembers by day only what a later tick still asks for: the future and unsettled month-ends."""

import pytest

from streams import days
from streams.units.unit import load
from tests.unit.streams.world import A, Log


def remembered(log: Log) -> set[str]:
    log.flush()
    return {days.text(day) for day in load(log.state[A.encode()]).dated}


@pytest.mark.parametrize("one_by_one", [True, False])
def test_an_evaluated_month_end_settles_the_days_before_it(one_by_one: bool) -> None:
    log = Log(one_by_one=one_by_one).workers(1, "2026-01-20").workers(1, "2026-02-01").workers(1, "2026-09-01")
    log.tick("2026-02-10", "2026-03-02").workers(1, "2026-02-05")
    assert remembered(log) == {"2026-02-01", "2026-02-05", "2026-09-01"}
    assert log.status["workers"] == 3


def test_the_first_tick_settles_what_is_older_than_the_month_ends_that_it_skips() -> None:
    log = Log(one_by_one=False).workers(1, "2020-05-01").workers(1, "2026-02-01").tick("2026-03-15")
    assert remembered(log) == {"2026-02-01"}


def test_a_late_effect_on_a_settled_day_counts_and_is_not_remembered() -> None:
    log = Log().tick("2026-03-15").workers(1, "2020-05-01").workers(1, "2026-03-01")
    assert remembered(log) == {"2026-03-01"}
    assert log.status["workers"] == 2


def test_what_cancels_out_is_forgotten() -> None:
    log = Log().tick("2026-03-15").workers(1, "2026-04-01").workers(-1, "2026-04-01")
    assert remembered(log) == set()
