"""Nobody passes without a session, whatever the route: a new one is closed until it is named here."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from consumers.watch.cookies import SESSION
from consumers.watch.sessions import Session

OPEN: Final = frozenset({"/sign-in", "/health"})
OPEN_BELOW: Final = "/static/"
_BODY: Final = 256 * 1024
"""Bytes that a form may have: 21 columns of a refused row, 1,000 letters each, 9 bytes for a letter with its marks."""
_TOO_LARGE: Final = (
    f"Biểu mẫu dài quá {_BODY >> 10} KB. Hãy quay lại và rút ngắn. / "
    f"The form is longer than {_BODY >> 10} KB. Go back and shorten it."
)
_SITES: Final = frozenset({"", "same-origin", "none"})


class Guard:
    """Puts the Session, or None, into ``request.state.session``. ``find`` may block; what it raises is answered."""

    def __init__(
        self, app: ASGIApp, *, find: Callable[[str], Session | None], away: Callable[[Request, Exception], Response]
    ) -> None:
        self._app = app
        self._find = find
        self._away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        answer = await self._refusal(request)
        await (answer or self._app)(scope, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        request.state.session = None
        if refused := _unfit(request):
            return refused
        path = request.scope["path"]
        if path == "/health" or path.startswith(OPEN_BELOW):
            return None
        token = request.cookies.get(SESSION, "")
        try:
            session = await run_in_threadpool(self._find, token) if token else None
        except Exception as error:
            return self._away(request, error)
        request.state.session = session
        return None if session or path in OPEN else _to_sign_in(request)


def _unfit(request: Request) -> Response | None:
    """Bodies without an end, and forms that another site sends with our cookies."""
    if request.method in ("GET", "HEAD"):
        return None
    stated = request.headers.get("content-length", "")
    if not stated.isascii() or not stated.isdigit():
        return PlainTextResponse("Thiếu độ dài của biểu mẫu. / Length required.", 411)
    if int(stated[:9]) > _BODY:
        return PlainTextResponse(_TOO_LARGE, 413)
    if request.headers.get("sec-fetch-site", "") not in _SITES:
        return PlainTextResponse("Không nhận biểu mẫu gửi từ trang khác. / Forms of other sites are not taken.", 403)
    return None


def _to_sign_in(request: Request) -> Response:
    """A person is led to the sign-in and back; a script is told in a word."""
    if request.method != "GET" or request.headers.get("accept", "").startswith("text/event-stream"):
        return PlainTextResponse("Hãy đăng nhập trước. / Sign in first.", 401)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/sign-in" if asked == "/" else f"/sign-in?next={quote(asked, safe='')}", 303)
