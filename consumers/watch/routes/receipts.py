"""What became of the dossiers that came in."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consumers.store.findings import findings
from consumers.watch import reading
from consumers.watch.database import one_moment
from consumers.watch.paging import asked_page, words
from consumers.watch.render import page
from consumers.watch.routes.findings import told
from consumers.watch.state import shared

router = APIRouter()

SHOWS = ("every", "refused")
_FINDINGS = 20
"""Findings of a dossier that its receipt shows."""


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
        work, work_total = findings(conn, dossier=found[0]["dossier"], limit=_FINDINGS) if found else ([], 0)
    if found is None:
        return page(request, "wrong", status=404, said="receipt.unknown")
    one, refusals, paging = found
    desk = shared(request).quarantine
    return page(
        request,
        "receipt",
        receipt=one,
        refusals=refusals,
        paging=paging,
        fates=desk.fates(batch.hex) if desk else {},
        notes=desk.notes(batch.hex) if desk else [],
        findings=work,
        findings_total=work_total,
        told=told(request, [row["what"] for row in work]),
    )
