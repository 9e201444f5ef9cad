"""All enterprises, to find one."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consumers.watch import reading
from consumers.watch.database import one_moment
from consumers.watch.paging import asked_page, words
from consumers.watch.render import page
from consumers.watch.state import shared

router = APIRouter()


@router.get("/enterprises")
def enterprises(request: Request, q: str = "", show: str = "every", page_number: str = "1") -> Response:
    """``q`` seeks tax code and name; letters need no accents."""
    known = shared(request)
    show = show if show in reading.SHOWS else "every"
    city = reading.city(known)
    with one_moment(known.pool) as conn:
        found, paging = reading.enterprises(conn, show=show, words=words(q), number=asked_page(page_number))
    return page(
        request, "enterprises", city=city, enterprises=found, paging=paging, q=q, show=show, shows=reading.SHOWS
    )
