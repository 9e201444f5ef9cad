"""What became of the dossiers that came in."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consumers.watch import reading
from consumers.watch.database import one_moment
from consumers.watch.paging import asked_page, words
from consumers.watch.render import page
from consumers.watch.state import shared

router = APIRouter()

SHOWS = ("every", "refused")


@router.get("/receipts")
def receipts(request: Request, q: str = "", show: str = "every", page_number: str = "1") -> Response:
    """The newest first; ``q`` seeks dossier and file."""
    show = show if show in SHOWS else "every"
    with one_moment(shared(request).pool) as conn:
        found, paging = reading.receipts(
            conn, refused=show == "refused", words=words(q), number=asked_page(page_number)
        )
    return page(request, "receipts", receipts=found, paging=paging, q=q, show=show, shows=SHOWS)


@router.get("/receipt/{batch}")
def receipt(request: Request, batch: UUID, page_number: str = "1") -> Response:
    """One receipt with its refused rows."""
    with one_moment(shared(request).pool) as conn:
        found = reading.receipt(conn, batch, asked_page(page_number))
    if found is None:
        return page(request, "wrong", status=404, said="receipt.unknown")
    one, refusals, paging = found
    return page(request, "receipt", receipt=one, refusals=refusals, paging=paging)
