"""One enterprise: what it is today, how it came to be so, and what was done."""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consumers.store import queries
from consumers.store.findings import findings
from consumers.watch import reading
from consumers.watch.chart import Chart, Point, draw
from consumers.watch.database import Row, one_moment
from consumers.watch.ended import left_open
from consumers.watch.render import page
from consumers.watch.routes.findings import told
from consumers.watch.routes.overview import SNOOZES
from consumers.watch.state import shared

router = APIRouter()

_DAYS: Final = 200
_RECENT: Final = 10
"""Days with a change that the table has, and those of them that stand open; the chart has all."""
_FINDINGS: Final = 10
"""Findings that the page itself shows."""
_WIDTHS: Final = (920, 360)
"""A drawing for a desk and one for a phone: a scaled one could not be read."""


@router.get("/enterprise/{tax_code}")
def enterprise(request: Request, tax_code: str) -> Response:
    """By its current tax code."""
    known = shared(request)
    city = reading.city(known)
    with one_moment(known.pool) as conn:
        status = reading.enterprise(conn, tax_code.replace("\x00", ""))
        if status is None:
            return page(request, "unknown", status=404, city=city, code=tax_code[:40])
        history = queries.unit_history(conn, status["unit"])
        alerts, _ = reading.alerts(conn, show="every", unit=status["unit"])
        names = reading.names(conn, **_spoken_of(status, history["marks"]))
        found, findings_total = findings(conn, unit=status["unit"], limit=_FINDINGS)
    today = city["day"]
    days = history["days"]
    told_days = left_open(days, status["dissolved_on"])
    points = _points(days, today, status["dissolved_on"])
    return page(
        request,
        "enterprise",
        city=city,
        it=status,
        days=list(reversed(told_days))[:_DAYS],
        recent=_RECENT,
        all_days=len(told_days),
        today=today.isoformat() if today else "",
        points=points,
        charts=_charts(points, today),
        marks=list(reversed(history["marks"])),
        alerts=alerts,
        names=names,
        snoozes=SNOOZES,
        findings=found,
        findings_total=findings_total,
        told=told(request, [row["what"] for row in found]),
    )


def _spoken_of(status: Row, marks: list[Row]) -> dict[str, list[str]]:
    return {
        "units": sorted({*status["successors"], *(mark["key"] for mark in marks if mark["about"] == "edge")}),
        "unions": sorted({*status["unions"], *(mark["key"] for mark in marks if mark["about"] == "cover")}),
    }


def _points(days: list[Row], today: date | None, dissolved_on: date | None) -> list[Point]:
    """Up to today; from its dissolution on an enterprise counts nobody, whatever spells were left open."""
    if today is None:
        return []
    end = min(today, dissolved_on) if dissolved_on else today
    points = [
        Point(day, row["workers"], row["members"])
        for row in days
        if (day := date.fromisoformat(row["day"])) <= end and day != dissolved_on
    ]
    return [*points, Point(dissolved_on, 0, 0)] if dissolved_on and dissolved_on <= today else points


def _charts(points: list[Point], today: date | None) -> list[Chart]:
    if today is None:
        return []
    drawn = (draw(points, until=today, width=width, height=260 if width > 500 else 220) for width in _WIDTHS)
    return [chart for chart in drawn if chart]
