"""Posts of union software: what waits, what is held and why; tried again or refused with a reason."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from consumers.watch.paging import Paging, asked_page
from consumers.watch.render import page
from consumers.watch.roles import operator_only
from consumers.watch.routes.operation import account_of, desk_of, sentence, text_of

router = APIRouter(dependencies=[Depends(operator_only)])

SHOWS = ("waiting", "published")


@router.get("/operation/posts")
def posts(request: Request, show: str = "waiting", page_number: str = "1") -> Response:
    """Those that wait, in the order of their turns; or the published, the newest first."""
    return _list(request, show=show if show in SHOWS else "waiting", number=asked_page(page_number))


def _list(request: Request, *, show: str, number: int, said: str = "", status: int = 200) -> Response:
    desk, wanted = desk_of(request).posts, Paging(number)
    found, total = desk.listed(published=show == "published", limit=wanted.size, skip=wanted.skip)
    if not found and number > 1:
        return _list(request, show=show, number=1, said=said, status=status)
    return page(
        request,
        "posts",
        status=status,
        live=False,
        posts=found,
        paging=Paging(number, total),
        waiting=desk.waiting(),
        show=show,
        shows=SHOWS,
        said=said,
    )


@router.post("/operation/posts/{post}/retry")
def retry(request: Request, post: UUID) -> Response:
    """To the queue at once. One that is no longer held is shown as it is now; 404 for one that there never was."""
    desk = desk_of(request).posts
    if not desk.retry([post], who=account_of(request)) and not desk.knows(post):
        raise HTTPException(404)
    return RedirectResponse("/operation/posts", 303)


@router.post("/operation/posts/{post}/refuse")
def refuse(request: Request, post: UUID, why: Annotated[str, Form()] = "") -> Response:
    """Its sender reads why."""
    said = desk_of(request).posts.refuse(post, who=account_of(request), why=text_of(why, 1000))
    if said:
        return _list(request, show="waiting", number=1, said=sentence(request, said), status=409)
    return RedirectResponse("/operation/posts", 303)
