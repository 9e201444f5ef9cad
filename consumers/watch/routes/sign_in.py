"""In and out."""

import threading
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from consumers.watch import accounts, attempts, sessions
from consumers.watch.cookies import FORM, SESSION, drop, put
from consumers.watch.onward import within
from consumers.watch.render import page
from consumers.watch.state import Shared, shared

router = APIRouter()

_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Passwords checked at the same time: each takes 64 MB."""


@router.get("/sign-in")
def form(request: Request) -> Response:
    """The form; who is signed in already goes on."""
    onward = within(request.query_params.get("next", ""))
    if request.state.session:
        return RedirectResponse(onward, 303)
    return page(request, "sign_in", onward=onward, wrong="", name="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    onward: Annotated[str, Form()] = "/",
) -> Response:
    """Begin a session. The answer to a wrong name and to a wrong password is the same, in words and in time."""
    name = name.strip().lower()
    address = request.client.host if request.client else ""
    said = _try(shared(request), name, password, address)
    if isinstance(said, str):
        status = 429 if said == "limited" else 401
        response: Response = page(request, "sign_in", status=status, onward=within(onward), wrong=said, name=name[:40])
        if said == "limited":
            response.headers["retry-after"] = str(int(attempts.WITHIN.total_seconds()))
        return response
    response = RedirectResponse(within(onward), 303)
    put(request, response, SESSION, said.token)
    drop(response, FORM)
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session, here and in the database."""
    with shared(request).pool.connection() as conn:
        sessions.end(conn, request.state.session.token)
    response = RedirectResponse("/sign-in", 303)
    drop(response, SESSION)
    return response


def _try(with_: Shared, name: str, password: str, address: str) -> sessions.Session | str:
    with with_.pool.connection() as conn:
        if not attempts.allowed(conn, name, address, since=accounts.password_since(conn, name)):
            return "limited"
    with _AT_ONCE, with_.pool.connection() as conn:
        if not accounts.verify(conn, name, password):
            return "wrong"
        attempts.forget(conn, name, address)
        return sessions.begin(conn, name)
