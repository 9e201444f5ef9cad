"""Refused rows as work: by reason, one by one, corrected, sent again, given up. For clerks alone.

What a row said is shown only in answer to a form that states why, never in an address, and every look is logged.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from consumers.watch.labels import label
from consumers.watch.paging import Paging, asked_page, whole_number
from consumers.watch.render import language_of, page
from consumers.watch.roles import clerk_only
from consumers.watch.state import Quarantine, shared

router = APIRouter(dependencies=[Depends(clerk_only)])

_COLUMN = "column."
_LARGEST = 1 << 62
Number = Annotated[int, Path(ge=1, le=_LARGEST)]
"""Of a held row; nothing personal."""


def _desk(request: Request) -> Quarantine:
    found = shared(request).quarantine
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/quarantine")
def quarantine(request: Request, reason: str = "", dossier: str = "", page_number: str = "1") -> Response:
    """Groups, and the rows of one reason or dossier."""
    reason, dossier = reason.replace("\x00", "")[:100], dossier.replace("\x00", "")[:200]
    return _list(request, reason=reason, dossier=dossier, number=asked_page(page_number))


def _list(request: Request, *, reason: str, dossier: str, number: int, said: str = "", status: int = 200) -> Response:
    desk, wanted = _desk(request), Paging(number)
    rows, total = desk.rows(reason=reason, dossier=dossier, limit=wanted.size, skip=wanted.skip)
    if not rows and number > 1:
        return _list(request, reason=reason, dossier=dossier, number=1, said=said, status=status)
    return page(
        request, "quarantine", status=status, live=False, groups=desk.groups(), rows=rows,
        paging=Paging(number, total), reason=reason, dossier=dossier, said=said,
    )  # fmt: skip


@router.get("/quarantine/{held}")
def row(request: Request, held: Number) -> Response:
    """One row: where it stands, why, what was done; not what it said."""
    return _row(request, held)


def _row(
    request: Request, held: Number, *, values: dict[str, str] | None = None, said: str = "", status: int = 200
) -> Response:
    found = _desk(request).row(held)
    if found is None:
        return page(request, "wrong", status=404, said="quarantine.gone")
    return page(request, "quarantine_row", status=status, live=False, it=found, values=values, said=said)


@router.post("/quarantine/{held}/open")
async def look(request: Request, held: Number) -> Response:
    """What the row said. The look is logged with the account and what was stated as why."""
    why = _text((await request.form()).get("why"), 300)
    if not why:
        return await run_in_threadpool(_row, request, held, said=_word(request, "quarantine.open_why"), status=400)
    return await run_in_threadpool(_opened, request, held, why)


def _opened(request: Request, held: Number, why: str, said: str = "", status: int = 200) -> Response:
    values = _desk(request).values(held, who=_account(request), why=why)
    return _row(request, held, values=values, said=said, status=status)


@router.post("/quarantine/{held}/edit")
async def edit(request: Request, held: Number) -> Response:
    """Correct it and, where asked, send it again."""
    form = await request.form()
    changes = {
        name.removeprefix(_COLUMN): str(text).replace("\x00", "")
        for name, text in form.items()
        if name.startswith(_COLUMN)
    }
    return await run_in_threadpool(_edited, request, held, changes, form.get("then") == "send")


def _edited(request: Request, held: Number, changes: dict[str, str], send: bool) -> Response:
    if wrong := _desk(request).edit(held, changes, who=_account(request)):
        return _row(request, held, said=wrong, status=409)
    if not send:
        return RedirectResponse(f"/quarantine/{held}", 303)
    done = _resent(request, [held], "")
    if done is None:
        return _row(request, held, said=_word(request, "quarantine.busy"), status=503)
    if done["refused_again"]:
        return _opened(request, held, "the corrected row was refused again", said=_counted(request, done))
    return RedirectResponse(f"/quarantine/{held}", 303)


@router.post("/quarantine/resend")
async def resend(request: Request) -> Response:
    """Chosen rows, or all of a reason."""
    form = await request.form()
    ids, reason = _ids(form.getlist("id")), _text(form.get("reason"), 100)
    return await run_in_threadpool(_resend, request, ids, reason, form.get("all") == "yes")


def _resend(request: Request, ids: list[int], reason: str, every: bool) -> Response:
    if not ids and not (every and reason):
        said = _word(request, "quarantine.chosen")
        return _list(request, reason=reason, dossier="", number=1, said=said, status=400)
    done = _resent(request, None if every else ids, reason if every else "")
    if done is None:
        said = _word(request, "quarantine.busy")
        return _list(request, reason=reason, dossier="", number=1, said=said, status=503)
    return _list(request, reason=reason, dossier="", number=1, said=_counted(request, done))


@router.post("/quarantine/discard")
async def discard(request: Request) -> Response:
    """Give chosen rows up, for a reason."""
    form = await request.form()
    ids, reason, why = _ids(form.getlist("id")), _text(form.get("reason"), 100), _text(form.get("why"), 300)
    return await run_in_threadpool(_discard, request, ids, reason, why)


def _discard(request: Request, ids: list[int], reason: str, why: str) -> Response:
    if not ids:
        return _list(request, reason=reason, dossier="", number=1, said=_word(request, "quarantine.chosen"), status=400)
    done = _desk(request).discard(ids, who=_account(request), why=why)
    if isinstance(done, str):
        return _list(request, reason=reason, dossier="", number=1, said=done, status=400)
    said = label(language_of(request), "quarantine.gone_now", n=done)
    return _list(request, reason=reason, dossier="", number=1, said=said)


def _resent(request: Request, ids: list[int] | None, reason: str) -> dict[str, Any] | None:
    return _desk(request).resend(ids=ids, reason=reason, who=_account(request))


def _counted(request: Request, done: dict[str, Any]) -> str:
    again = "; ".join(one["message"] for one in done["refused_again"][:3])
    counts = label(language_of(request), "quarantine.sent", fixed=len(done["fixed"]), again=len(done["refused_again"]))
    return f"{counts} {again}".strip()


def _text(stated: Any, longest: int) -> str:
    return stated.replace("\x00", "").strip()[:longest] if isinstance(stated, str) else ""


def _ids(stated: list[Any]) -> list[int]:
    return [number for one in stated[:1000] if (number := whole_number(one, _LARGEST))]


def _account(request: Request) -> str:
    return str(request.state.session.account)


def _word(request: Request, key: str) -> str:
    return label(language_of(request), key)
