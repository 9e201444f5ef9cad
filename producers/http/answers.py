"""Errors as answers: a problem is told, anything else is a fault of the program, told without its words."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from producers.errors import IntakeError, KeyMissing, KeyUnfit
from producers.http.problems import Problem

log = logging.getLogger(__name__)
AWAY_S = 30


def meaning(error: Exception) -> Problem:
    """The problem that an error is. Of a fault only the kinds and places go to the log: its words may quote a row."""
    match error:
        case Problem():
            return error
        case HTTPException(status_code=405):
            return Problem("method")
        case HTTPException():
            return Problem("not-found")
        case ClientDisconnect():
            return Problem("slow", seconds=0)
        case KeyMissing() | KeyUnfit():
            log.error("Nothing can be stored: %s", error)
            return Problem("away", retry_after=AWAY_S)
        case IntakeError():
            return Problem("away", retry_after=AWAY_S)
    log.error("A request failed: %s", trail(error))
    return Problem("fault")


def trail(error: BaseException) -> str:
    """Kind of the error and the program's lines that it came through, without its message."""
    steps, at = [], error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        steps.append(f"{code.co_qualname}:{at.tb_lineno}")
        at = at.tb_next
    return f"{type(error).__name__} at {' > '.join(steps[-12:])}"


def answer(problem: Problem) -> Response:
    """As JSON, with ``Retry-After`` where it helps to come again."""
    headers = {}
    if problem.retry_after:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem.shown(), problem.status, headers)
