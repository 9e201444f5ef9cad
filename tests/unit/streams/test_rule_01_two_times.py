"""Rule 1: valid time is half-open from the effective day; recorded time is the order of the log."""

import itertools

from tests.unit.streams.world import A, figures, movements, said


def test_a_fact_counts_from_its_day_on_and_not_before() -> None:
    facts = said("joined A 2026-02-01", "departed A 2026-03-01")
    assert [figures(facts, A, day)[0] for day in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")] == [
        0,
        1,
        1,
        0,
    ]


def test_the_order_of_arrival_does_not_matter() -> None:
    facts = said("joined A 2026-01-01", "absent A 2026-01-05", "departed A 2026-01-05", "joined A 2026-01-09")
    told = {tuple(figures(list(order), A, "2026-01-31")) for order in itertools.permutations(facts)}
    assert told == {(1, 1, 0)}


def test_a_future_fact_is_told_at_once_with_its_own_day() -> None:
    (joined,) = movements(said("joined A 2030-01-01/month"))
    assert (joined["what"], joined["started_on"]) == ("joined", "2030-01-01")
