"""Records that a step could not process: why, and what operators did with them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from consumers.watch.paging import Paging, asked_page
from consumers.watch.render import page
from consumers.watch.roles import operator_only
from consumers.watch.routes.operation import account_of, desk_of, sentence, text_of

router = APIRouter(dependencies=[Depends(operator_only)])

SHOWS = ("open", "every")
Number = Annotated[int, Path(ge=0, le=1 << 62)]
Topic = Annotated[str, Path(max_length=200)]


@router.get("/operation/dead")
def dead(request: Request, show: str = "open", page_number: str = "1") -> Response:
    """Open ones, or all with what became of them."""
    return _list(request, show=show if show in SHOWS else "open", number=asked_page(page_number))


def _list(request: Request, *, show: str = "open", number: int = 1, said: str = "", status: int = 200) -> Response:
    found = desk_of(request).dead.listed(every=show == "every")
    paging = Paging(number, len(found or ()))
    if paging.skip >= paging.total:
        paging = Paging(1, paging.total)
    return page(
        request,
        "dead",
        status=503 if found is None else status,
        live=False,
        away=found is None,
        dead=(found or [])[paging.skip : paging.last],
        paging=paging,
        show=show,
        shows=SHOWS,
        said=said,
    )


@router.post("/operation/dead/{topic}/{partition}/{offset}/replay")
def replay(request: Request, topic: Topic, partition: Number, offset: Number) -> Response:
    """To the topic it came from, as it was."""
    said = desk_of(request).dead.replay((topic, partition, offset), who=account_of(request))
    return _list(request, said=sentence(request, said), status=409) if said else _back()


@router.post("/operation/dead/{topic}/{partition}/{offset}/discard")
def discard(
    request: Request, topic: Topic, partition: Number, offset: Number, why: Annotated[str, Form()] = ""
) -> Response:
    """Given up, for a reason that stays."""
    said = desk_of(request).dead.discard((topic, partition, offset), who=account_of(request), why=text_of(why, 1000))
    return _list(request, said=sentence(request, said), status=409) if said else _back()


def _back() -> Response:
    return RedirectResponse("/operation/dead", 303)
