"""The step chart: it holds what it is told, inside its frame."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from consumers.watch.chart import Point, draw

DAYS = some.lists(some.dates(date(2015, 1, 1), date(2030, 1, 1)), min_size=1, max_size=30, unique=True)


@given(DAYS, some.data())
def test_every_point_is_drawn_inside_the_frame(days: list[date], data: some.DataObject) -> None:
    points = [
        Point(day, data.draw(some.integers(-5, 90_000)), data.draw(some.integers(0, 90_000))) for day in sorted(days)
    ]
    chart = draw(points, until=points[-1].day, width=360, height=220)
    assert chart is not None
    for path in (chart.workers, chart.members):
        assert path.count("V") == len(points)
        assert all(chart.left <= float(at) <= chart.right for at in re.findall(r"[MH]([\d.]+)", path))
        assert all(0 <= float(at) <= chart.bottom for at in re.findall(r"V([\d.]+)", path))
    assert 3 <= len(chart.counts) <= 7
    assert 1 <= len(chart.days) <= 6
    assert all(chart.left <= at <= chart.right for at, _ in chart.days)


def test_days_ahead_of_the_clock_are_not_drawn() -> None:
    today = date(2026, 11, 5)
    points = [Point(today, 20, 0), Point(today + timedelta(days=1), 21, 0)]
    chart = draw(points, until=today, width=900, height=260)
    assert chart is not None
    assert chart.workers.count("V") == 1
    assert draw(points[1:], until=today, width=900, height=260) is None


def test_the_threshold_of_twenty_is_always_in_the_picture() -> None:
    today = date(2026, 11, 5)
    for workers in (0, 1, 20, 30_000):
        chart = draw([Point(today, workers, 0)], until=today, width=900, height=260)
        assert chart is not None
        assert 0 < chart.threshold < chart.bottom
