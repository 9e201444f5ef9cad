"""Counts by day as a step chart: numbers to the lines of an SVG, without a style of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

THRESHOLD: Final = 20
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 12, 26
_APART: Final = 64
"""Least distance of two days written below, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Point:
    """Counts from a day on."""

    day: date
    workers: int
    members: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of ``width`` × ``height``; ``workers`` and ``members`` are paths."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    workers: str
    members: str
    threshold: float
    counts: list[tuple[float, int]]
    days: list[tuple[float, date]]


def draw(points: list[Point], *, until: date, width: int, height: int) -> Chart | None:
    """The chart from the first point to ``until``; None where there is nothing to draw. Points are in order of days."""
    shown = [point for point in points if point.day <= until]
    if not shown:
        return None
    first = shown[0].day - timedelta(days=1)
    span = max((until - first).days, 1)
    most = max(THRESHOLD + 4, *(max(point.workers, point.members) for point in shown))
    step = _round_step(most / 4)
    top = -(-most // step) * step
    right, bottom = width - _RIGHT, height - _BOTTOM

    def x(day: date) -> float:
        return round(_LEFT + (right - _LEFT) * (day - first).days / span, 1)

    def y(count: int) -> float:
        return round(bottom - (bottom - _TOP) * max(count, 0) / top, 1)

    def path(counts: list[tuple[date, int]]) -> str:
        """Level until the next change, then straight up or down."""
        parts = [f"M{x(first)} {y(0)}"]
        parts += [f"H{x(day)}V{y(count)}" for day, count in counts]
        return "".join(parts) + f"H{x(until)}"

    return Chart(
        width=width,
        height=height,
        left=_LEFT,
        right=right,
        bottom=bottom,
        workers=path([(point.day, point.workers) for point in shown]),
        members=path([(point.day, point.members) for point in shown]),
        threshold=y(THRESHOLD),
        counts=[(y(count), count) for count in range(0, top + 1, step)],
        days=_days(first + timedelta(days=1), until, (right - _LEFT) // _APART, x),
    )


def _days(first: date, until: date, most: int, x: Callable[[date], float]) -> list[tuple[float, date]]:
    """Firsts of a month, every so many months that they stand apart; two ends where no month begins between."""
    months = [
        day
        for number in range(first.year * 12 + first.month - 1, until.year * 12 + until.month)
        if (day := date(number // 12, number % 12 + 1, 1)) >= first
    ]
    every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) / n <= max(most, 1) or n == 1200)
    chosen = [day for day in months if (day.month - 1 + day.year * 12) % every == 0] or [first]
    return [(x(day), day) for day in chosen]


def _round_step(least: float) -> int:
    """1, 2, 5, 10, 20, 50 … not less than ``least``."""
    size = 1
    while True:
        for part in (1, 2, 5):
            if part * size >= least:
                return part * size
        size *= 10
