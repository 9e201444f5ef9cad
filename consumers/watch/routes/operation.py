"""The system's own affairs, for operators: how it stands with keys, posts and dead records, and the way to each."""

from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from consumers.watch.operation import Operation, Said
from consumers.watch.render import language_of, page
from consumers.watch.roles import operator_only
from consumers.watch.state import shared

router = APIRouter(dependencies=[Depends(operator_only)])


@router.get("/operation")
def overview(request: Request) -> Response:
    """One card each."""
    desk = desk_of(request)
    keys = desk.keys.listed()
    used = [key["last_used_at"] for key in keys if key["last_used_at"]]
    return page(
        request,
        "operation",
        live=False,
        keys=keys,
        open_keys=sum(1 for key in keys if key["state"] == "open"),
        last_used=max(used, default=None),
        posts=desk.posts.waiting(),
        dead=desk.dead.counted(),
    )


def desk_of(request: Request) -> Operation:
    """404 where the page was made without one."""
    found = shared(request).operation
    if found is None:
        raise HTTPException(404)
    return found


def account_of(request: Request) -> str:
    """Who asks."""
    return str(request.state.session.account)


def sentence(request: Request, said: Said | None) -> str:
    """In the language of the page; empty for None."""
    return said[("vi", "en").index(language_of(request))] if said else ""


def text_of(stated: Any, longest: int) -> str:
    """A field of a form: without what is no text, spaces at its ends, and what is beyond the limit."""
    return stated.replace("\x00", "").strip()[:longest] if isinstance(stated, str) else ""
