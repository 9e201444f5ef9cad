"""A merger from the register's row to the successor's alert, and months as published, over the whole pipeline."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command_line import Home, temporary_home
from tests.end_to_end.test_first_day import alert, line, tax_code, write

pytestmark = [pytest.mark.services, pytest.mark.timeout(600)]

OLD, NEW = (tax_code(nine) for nine in ("020000001", "020000003"))


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with temporary_home() as home:
        home.well("up", "--detach")
        home.well("clock", "--to", "2026-01-31")
        yield home


def test_a_successor_is_as_old_in_need_as_its_predecessor(home: Home, tmp_path: Path) -> None:
    registered = [
        {"tax_code": code, "name": name, "effective_on": "2026-01-01", "area_code": "10507", "ownership": "private"}
        for code, name in ((OLD, "Công ty Cũ"), (NEW, "Công ty Mới"))
    ]
    work = [line(n, n, "TM", "01/2026", OLD, "D-1") for n in range(1, 26)]
    few = [line(n, n, "TM", "01/2026", NEW, "D-2") for n in range(26, 29)]
    files = [write(tmp_path / f"{n}.csv", rows) for n, rows in enumerate((registered, work, few))]
    home.well("ingest", *files, "--wait")
    home.well("clock", "--to", "2026-03-30")
    waiting = alert(home, OLD)
    assert waiting is not None
    assert (waiting["opened_on"], waiting["confirmed_on"], waiting["inherited"]) == ("2026-01-31", "2026-02-28", [])

    gone = {"effective_on": "2026-03-29", "dissolved_on": "2026-03-29", "successor_tax_code": NEW}
    merged = [{"tax_code": OLD, "name": "Công ty Cũ", **gone}]
    home.well("ingest", write(tmp_path / "merged.csv", merged), "--wait")
    left = alert(home, OLD)
    assert left is not None
    assert (left["state"], left["reason"], left["successors"]) == ("resolved", "dissolved", [f"e{NEW}"])
    assert alert(home, NEW) is None

    left_old = [line(n, n, "GC", "04/2026", OLD, "D-3") for n in range(1, 26)]
    came = [line(n, n, "TC", "04/2026", NEW, "D-4") for n in range(1, 26)]
    files = [write(tmp_path / f"moved{n}.csv", rows) for n, rows in enumerate((left_old, came))]
    home.well("ingest", *files, "--wait")
    home.well("clock", "--to", "2026-04-01")
    carried = alert(home, NEW)
    assert carried is not None
    assert (carried["state"], carried["workers"]) == ("open", 28)
    assert (carried["opened_on"], carried["confirmed_on"]) == ("2026-01-31", "2026-02-28")
    assert [(one["alert"], one["unit"]) for one in carried["inherited"]] == [(left["id"], f"e{OLD}")]

    found: Any = home.well("verify")
    assert found["ok"], found["differences"][:5]


def test_months_stay_as_published_through_a_rebuild(home: Home) -> None:
    before = home.well("status", "--month", "2026-02")
    assert (before["published_on"], before["published"]["workers"]) == ("2026-03-30", 28)
    assert before["previous"]["month"] == "2026-01"
    home.well("rebuild", "--yes")
    assert home.well("status", "--month", "2026-02") == before
    (area,) = home.well("status", "--by", "area", "--valid-at", "2026-03-01")["areas"]
    assert (area["area"], area["workers"], area["coverage"]["denominator"]) == ("10507", 28, 1)


def test_an_alert_is_handed_on_on_its_day_however_far_the_clock_leaps(home: Home, tmp_path: Path) -> None:
    """By hand: 30 April is the predecessor's first large month-end; it ends on 29 June, and the day after, 31 May is
    evaluated: the second, at the successor."""
    ended, goes_on = (tax_code(nine) for nine in ("020000004", "020000005"))
    same = {"effective_on": "2026-01-01", "area_code": "10507", "ownership": "private"}
    registered = [
        {
            "tax_code": ended,
            "name": "Công ty Trước",
            **same,
            "dissolved_on": "2026-06-29",
            "successor_tax_code": goes_on,
        },
        {"tax_code": goes_on, "name": "Công ty Sau", **same, "dissolved_on": "", "successor_tax_code": ""},
    ]
    people = range(101, 121)
    came = [line(n, n, "TM", "04/2026", ended, "D-5") for n in people]
    left = [line(n, n, "GC", "05/2026", ended, "D-6") for n in people]
    moved = [line(n, n, "TC", "05/2026", goes_on, "D-7") for n in people]
    files = [write(tmp_path / f"{n}.csv", rows) for n, rows in enumerate((registered, came, left, moved))]
    home.well("ingest", *files, "--wait")
    home.well("clock", "--to", "2026-07-03")
    carried = alert(home, goes_on)
    assert carried is not None
    assert (carried["opened_on"], carried["confirmed_on"]) == ("2026-04-01", "2026-05-31")
    steps = [(step["on"], step["reason"]) for step in carried["history"]]
    assert ("2026-06-29", "inherited") in steps, steps
