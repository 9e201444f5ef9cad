"""API keys of the HTTP intake: who has one, what it may do, when it was used; made, shown once, revoked."""

from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from consumers.watch.figures import HANOI
from consumers.watch.labels import label
from consumers.watch.operation import Made
from consumers.watch.paging import whole_number
from consumers.watch.render import language_of, page
from consumers.watch.roles import operator_only
from consumers.watch.routes.operation import account_of, desk_of, sentence, text_of

router = APIRouter(dependencies=[Depends(operator_only)])

_MOST = 500
"""Codes that a form may name of each kind."""
EMPTY: dict[str, Any] = {
    "name": "",
    "feeds": ["member-register"],
    "everywhere": False,
    "enterprises": "",
    "unions": "",
    "areas": "",
    "per_minute": "120",
    "expires": "",
}


@router.get("/operation/keys")
def keys(request: Request) -> Response:
    """All of them, and the form for another one."""
    return _list(request)


def _list(request: Request, *, said: str = "", stated: dict[str, Any] | None = None, status: int = 200) -> Response:
    desk = desk_of(request).keys
    return page(
        request,
        "keys",
        status=status,
        live=False,
        keys=desk.listed(),
        feeds=desk.feeds(),
        said=said,
        stated=stated or EMPTY,
        asked=stated is not None,
    )


@router.post("/operation/keys")
async def create(request: Request) -> Response:
    """The key in the answer, and nowhere else: not in an address, not in a log, not kept by the browser."""
    return await run_in_threadpool(_create, request, await request.form())


def _create(request: Request, form: FormData) -> Response:
    stated: dict[str, Any] = {name: text_of(form.get(name), 8000) for name in EMPTY} | {
        "feeds": [text_of(one, 40) for one in form.getlist("feeds")],
        "everywhere": form.get("everywhere") == "yes",
    }
    asked = {
        "name": stated["name"],
        "feeds": stated["feeds"],
        "everywhere": stated["everywhere"],
        **{name: stated[name].replace(",", " ").split()[:_MOST] for name in ("enterprises", "unions", "areas")},
        "per_minute": whole_number(stated["per_minute"], 1_000_000_000) or 0,
    }
    try:
        expires = _first_moment(stated["expires"])
    except ValueError:
        return _list(request, said=label(language_of(request), "key.bad_day"), stated=stated, status=400)
    made = desk_of(request).keys.create(asked, who=account_of(request), expires_at=expires)
    if not isinstance(made, Made):
        return _list(request, said=sentence(request, made), stated=stated, status=400)
    return page(request, "key_made", live=False, made=made)


@router.post("/operation/keys/{key_id}/revoke")
def revoke(request: Request, key_id: Annotated[str, Path(pattern="^[0-9a-f]{1,40}$")]) -> Response:
    """From its next request on the key opens nothing."""
    said = desk_of(request).keys.revoke(key_id, who=account_of(request))
    if said:
        return _list(request, said=sentence(request, said), status=404)
    return RedirectResponse("/operation/keys", 303)


def _first_moment(day: str) -> datetime | None:
    """ValueError for what is no day as ``YYYY-MM-DD``: ``fromisoformat`` also reads weeks, and days without dashes."""
    if not day:
        return None
    found = date.fromisoformat(day)
    if found.isoformat() != day:
        raise ValueError(day)
    return datetime.combine(found, time(), HANOI)
