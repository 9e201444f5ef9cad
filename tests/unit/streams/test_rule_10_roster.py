"""Rule 10: the opening roster's ``listed`` and ``unlisted``."""

import pytest

from tests.unit.streams.world import A, figures, findings, moved, said


def test_a_roster_row_opens_the_spell_from_its_month_without_a_finding() -> None:
    facts = said("joined A 2024-05-01/month", "listed A 2026-09-30")
    assert figures(facts, A, "2024-05-01")[:2] == (1, 1)
    assert findings(facts) == []
    assert moved(facts) == {("joined", "", A)}


@pytest.mark.parametrize(
    ("stories", "figure"),
    [
        (["listed A 2026-09-30"], (1, 1)),
        (["joined A 2026-01-01", "absent A 2026-02-01", "listed A 2026-09-30"], (1, 0)),
        (["joined A 2026-01-01", "departed A 2026-02-01", "listed A 2026-09-30"], (1, 1)),
        (["joined A 2026-01-01", "unlisted A 2026-09-30"], (0, 0)),
        (["unlisted A 2026-09-30"], (0, 0)),
        # both apply before the day's other facts
        (["joined A 2026-01-01", "unlisted A 2026-09-30", "joined A 2026-09-30"], (1, 1)),
        (["listed A 2026-09-30", "departed A 2026-09-30"], (0, 0)),
        (["listed A 2026-09-30", "absent A 2026-09-30"], (1, 0)),
        (["joined A 2026-01-01", "unlisted A 2026-09-30", "departed A 2026-09-30"], (0, 0)),
        (["unlisted A 2026-09-30", "listed A 2026-09-30"], (1, 1)),
    ],
)
def test_listed_opens_and_unlisted_closes_before_the_days_other_facts(
    stories: list[str], figure: tuple[int, int]
) -> None:
    assert figures(said(*stories), A, "2026-09-30")[:2] == figure


def test_unlisted_is_no_leave_without_start() -> None:
    assert findings(said("unlisted A 2026-09-30")) == []
