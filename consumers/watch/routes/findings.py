"""Facts that have no effect, or another one than they claim, and what a clerk does about each."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consumers.store import explain
from consumers.store.finding_words import words_of
from consumers.store.findings import finding_counts
from consumers.store.findings import findings as find
from consumers.watch.database import Row, one_moment
from consumers.watch.labels import LANGUAGES
from consumers.watch.paging import Paging, asked_page
from consumers.watch.render import language_of, page
from consumers.watch.state import shared

router = APIRouter()


@router.get("/findings")
def findings(
    request: Request, dossier: str = "", tax_code: str = "", what: str = "", page_number: str = "1"
) -> Response:
    """The newest first; of a dossier, an enterprise (or union), a kind."""
    dossier, tax_code, what = (
        said.replace("\x00", "").strip()[:size] for said, size in ((dossier, 200), (tax_code, 40), (what, 60))
    )
    wanted = Paging(asked_page(page_number))
    with one_moment(shared(request).pool) as conn:
        counts = finding_counts(conn)
        unit = explain.unit_of(conn, tax_code) if tax_code else None
        asked: dict[str, Any] = {"dossier": dossier or None, "unit": unit, "what": what or None, "limit": wanted.size}
        found, total = find(conn, **asked, skip=wanted.skip) if unit or not tax_code else ([], 0)
        if not found and wanted.number > 1:
            wanted = Paging(1)
            found, total = find(conn, **asked) if unit or not tax_code else ([], 0)
    return page(
        request,
        "findings",
        findings=found,
        paging=Paging(wanted.number, total),
        counts=counts,
        told=told(request, [*counts, *(row["what"] for row in found)]),
        dossier=dossier,
        tax_code=tax_code,
        what=what,
    )


def told(request: Request, codes: list[str]) -> dict[str, Row]:
    """``title`` and ``to_do`` of these codes, in the language of the page."""
    place = LANGUAGES.index(language_of(request))
    return {
        code: {"title": words.title[place], "to_do": words.to_do[place]}
        for code in dict.fromkeys(codes)
        for words in (words_of(code),)
    }
