"""The first page: the city in figures, and which enterprises need a visit."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consumers.watch import reading
from consumers.watch.database import one_moment
from consumers.watch.paging import asked_page, words
from consumers.watch.render import page
from consumers.watch.state import shared

router = APIRouter()

SNOOZES: Final = (7, 14, 30, 90)
"""Days that an alert may be snoozed for."""


@router.get("/")
def overview(request: Request, q: str = "", show: str = "live", page_number: str = "1") -> Response:
    """``q`` seeks tax code and name, ``show`` filters by state."""
    known = shared(request)
    show = show if show in reading.STATES else "live"
    city = reading.city(known)
    with one_moment(known.pool) as conn:
        found, paging = reading.alerts(conn, show=show, words=words(q), number=asked_page(page_number))
    return page(
        request,
        "overview",
        city=city,
        alerts=found,
        paging=paging,
        q=q,
        show=show,
        shows=list(reading.STATES),
        snoozes=SNOOZES,
    )
