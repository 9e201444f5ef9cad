"""What a person sees when something fails: a sentence and a next step, never a trace."""

import logging

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consumers.watch.csrf import ForgedFormError
from consumers.watch.render import page
from consumers.watch.roles import RoleError

log = logging.getLogger(__name__)


def answer(request: Request, error: Exception) -> Response:
    """The page for an error; faults of the program go to the log with their trace, without values."""
    status, said = _meaning(error)
    if said == "wrong.fault":
        log.error("%s failed", request.scope["path"].split("/")[1] or "overview", exc_info=error)
    told: Response = (
        PlainTextResponse("Not now", status)
        if request.url.path == "/live"
        else page(request, "wrong", status=status, said=said)
    )
    if status == 405:
        told.headers["Allow"] = ", ".join(_taken_there(request))
    return told


def _taken_there(request: Request) -> list[str]:
    """Methods of the address, of all its routes: the framework names those of the first one alone. Files are read."""
    routes = [one for one in request.app.router.routes if not isinstance(one, Mount)]
    scopes = {method: {**request.scope, "root_path": "", "method": method} for method in ("GET", "HEAD", "POST")}
    found = [method for method, scope in scopes.items() if any(one.matches(scope)[0] is Match.FULL for one in routes)]
    return found or ["GET", "HEAD"]


def _meaning(error: Exception) -> tuple[int, str]:
    match error:
        case ForgedFormError():
            return 403, "wrong.form"
        case RoleError():
            return 403, error.said
        case RequestValidationError():
            return 400, "wrong.request"
        case HTTPException(status_code=404 | 405):
            return error.status_code, "wrong.not_found"
        case HTTPException():
            return error.status_code, "wrong.request"
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName() | psycopg.errors.UndefinedFunction():
            return 503, "wrong.unprepared"
        case psycopg.OperationalError() | PoolTimeout():
            return 503, "wrong.away"
    return 500, "wrong.fault"


async def _answer(request: Request, error: Exception) -> Response:
    return answer(request, error)


def install(app: FastAPI) -> None:
    """For what a route is known to raise; ``Faults`` has the rest."""
    known = (ForgedFormError, RoleError, RequestValidationError, HTTPException, psycopg.Error, PoolTimeout)
    for kind in known:
        app.add_exception_handler(kind, _answer)


class Faults:
    """Answers what nobody foresaw, inside the headers: the framework's own answer would stand outside of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Once an answer has begun, the error goes on to the server, which closes the connection."""
        began = False

        async def sent(message: Message) -> None:
            nonlocal began
            began = began or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            if began or scope["type"] != "http":
                raise
            await answer(Request(scope, receive), error)(scope, receive, send)
