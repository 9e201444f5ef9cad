"""The expected answer is what the rules make of the files, worked out a second time from the files alone."""

from dataclasses import astuple
from pathlib import Path

import pytest

from producers.synth import Expected, generate
from tests.unit.synth.replay import Replay


@pytest.fixture(scope="module", params=[("tiny", 1), ("tiny", 2), ("tiny", 3), ("small", 4)], ids=str)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Expected, Replay, Path]:
    """A generated city, and what its files say."""
    size, seed = request.param
    folder = tmp_path_factory.mktemp("city")
    expected = generate(folder, size=size, seed=seed, start_month="2026-01")
    return expected, Replay(folder), folder


def test_every_file_counts_what_the_answer_says(city: tuple[Expected, Replay, Path]) -> None:
    """Accepted, unchanged and refused rows of each file; refused ones with line and reason."""
    expected, replay, _ = city
    said = {
        count.path: [count.accepted, count.unchanged, [(row.line, row.reason) for row in count.refused]]
        for count in expected.files
    }
    assert said == replay.counts


def test_every_enterprise_and_union_counts_what_the_answer_says(city: tuple[Expected, Replay, Path]) -> None:
    """Workers, present, members, cover and name of each enterprise, members of each union, the totals."""
    expected, replay, _ = city
    found = replay.figures(expected.day)
    units, covers, names = found["units"], found["covers"], found["names"]
    assert {
        code: ([one.workers, one.present, one.members], list(one.unions), one.name)
        for code, one in expected.enterprises.items()
    } == {unit[1:]: (count, covers[unit], names[unit]) for unit, count in units.items() if unit[0] == "e"}
    assert {one for one, count in expected.enterprises.items() if count.dissolved_on} == {
        unit[1:] for unit in found["dissolved"]
    }
    ended = {unit[1:] for unit in units if unit[0] == "u"} - set(expected.unions)
    assert expected.unions == {u[1:]: c[2] for u, c in units.items() if u[0] == "u" and u[1:] not in ended}
    assert len(ended) == 1
    living = [unit for unit in units if unit[0] == "e" and unit not in found["dissolved"]]
    totals = (len(living), sum(units[unit][0] for unit in living), found["persons"], found["members"])
    assert astuple(expected.totals) == totals


def test_an_alert_is_open_exactly_at_uncovered_enterprises_of_twenty_or_more(
    city: tuple[Expected, Replay, Path],
) -> None:
    """Public units and dissolved ones have none."""
    expected, replay, _ = city
    found = replay.figures(expected.day)
    should = {
        unit[1:]
        for unit, count in found["units"].items()
        if unit[0] == "e"
        and count[0] >= 20
        and not found["covers"][unit]
        and unit not in found["dissolved"]
        and found["owners"][unit] != "public_unit"
    }
    assert set(expected.open_alerts) == should
    assert not should & set(expected.alerts_possible)


def test_the_baseline_is_that_of_the_latest_roster(city: tuple[Expected, Replay, Path]) -> None:
    """Complete, partial, or none where no roster was sent."""
    expected, replay, _ = city
    latest = {unit: complete for (unit, _), complete in sorted(replay.rosters.items(), key=lambda one: one[0][1])}
    words = {True: "complete", False: "partial", None: "none"}
    for tax_code, one in expected.enterprises.items():
        assert one.baseline == words[latest.get(f"e{tax_code}")]


def test_a_cancelled_start_and_a_shrunk_enterprise_may_still_have_their_alert(
    city: tuple[Expected, Replay, Path],
) -> None:
    """They were at twenty on a day on which the clock may have stood."""
    expected, _, _ = city
    for trap in ("cancelled-start", "shrinks-to-16"):
        assert expected.traps[trap].tax_code in expected.alerts_possible
    for trap in ("grows-to-20", "loses-union", "left-out-of-cover"):
        assert expected.traps[trap].tax_code in expected.open_alerts
    for trap in ("gains-union", "partial-cover", "public-unit-without-union", "future-row", "merged-into-successor"):
        assert expected.traps[trap].tax_code not in {*expected.open_alerts, *expected.alerts_possible}


def test_alerts_possible_names_everyone_who_was_at_twenty_before(city: tuple[Expected, Replay, Path]) -> None:
    """On any month's first day, uncovered now and under twenty now."""
    expected, replay, _ = city
    owners = replay.figures(expected.day)["owners"]
    days = sorted(
        {fact.day for _, fact in replay.persons.values() if fact.day[:4] >= "2026" and fact.day <= expected.day}
    )
    for day in [one for one in days if one.endswith("-01")]:
        for unit, count in replay.figures(day)["units"].items():
            now = expected.enterprises.get(unit[1:]) if unit[0] == "e" else None
            if now and count[0] >= 20 and not now.unions and not now.dissolved_on and owners[unit] != "public_unit":
                assert unit[1:] in {*expected.open_alerts, *expected.alerts_possible}
