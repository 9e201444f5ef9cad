"""What an officer does with an alert. It goes by the log, so what the page shows next is what the log says."""

import logging
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from consumers.store.statements import statement
from consumers.watch.database import Row, rows
from consumers.watch.onward import within
from consumers.watch.render import page
from consumers.watch.routes.overview import SNOOZES
from consumers.watch.state import shared
from schemas.changes import AlertAction

log = logging.getLogger(__name__)

router = APIRouter()


@router.post("/alerts/{alert}/{action}")
def act(
    request: Request,
    alert: UUID,
    action: Literal["acknowledge", "snooze", "reopen"],
    days: Annotated[int, Form()] = SNOOZES[0],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """204 to the page's script once the action is on the log; without a script the page ``back`` comes again."""
    known = shared(request)
    with known.pool.connection() as conn:
        found = rows(conn, "acted_alert", {"alert": alert})
    if not found or found[0]["state"] == "resolved":
        return _refuse(request, 404, "alert.gone")
    it = found[0]
    if action == "snooze" and it["day"] is None:
        return _refuse(request, 409, "alert.unready")
    if action == "snooze" and days not in SNOOZES:
        return _refuse(request, 400, "wrong.request")
    said = AlertAction(
        alert=alert.hex,
        action=action,
        by=request.state.session.account,
        until=_until(it["day"], days) if action == "snooze" else "",
    )
    try:
        known.act(it["unit"], said)
    except Exception:
        log.exception("the action %s on alert %s did not reach the log", action, alert.hex)
        return _refuse(request, 503, "alert.failed")
    _remember(request, it, said)
    script = request.headers.get("x-script")
    return Response(status_code=204) if script else RedirectResponse(within(back), 303)


def _until(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


def _remember(request: Request, it: Row, said: AlertAction) -> None:
    """So that every open page shows "sent" until the log has answered."""
    known = shared(request)
    with known.pool.connection() as conn:
        conn.execute(
            statement("sent", package="consumers.watch"),
            {"alert": it["id"], "action": said.action, "by": said.by, "version": it["version"]},
        )


def _refuse(request: Request, status: int, said: str) -> Response:
    return page(request, "wrong", status=status, said=said)
