"""Nobody passes without a key, whatever the route: a new one is closed until it is named here."""

import time
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from producers.http import metrics
from producers.http.answers import answer, meaning
from producers.http.body import drain
from producers.http.desk import PostDesk
from producers.http.keys import ApiKey, find_key
from producers.http.problems import Problem

OPEN: Final = frozenset({"/v1/health"})
_ALWAYS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class Guard:
    """Outermost: asks for the key before anything of the body is read, counts, and answers what nobody foresaw.

    The key is in ``request.state.key``.
    """

    def __init__(self, app: ASGIApp, *, desk: PostDesk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        began, status, ended = time.perf_counter(), 0, False

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
            await send(message)

        async def heard() -> Message:
            nonlocal ended
            message = await receive()
            ended = ended or not message.get("more_body", False)
            return message

        request = Request(scope, heard)
        try:
            await self._admit(request)
            await self._app(scope, heard, dressed)
        except Exception as error:
            if status:  # the answer has begun: the server closes the connection
                raise
            problem = meaning(error)
            metrics.PROBLEMS.labels(problem.code).inc()
            if not ended:
                await drain(heard)
            await answer(problem)(scope, heard, dressed)
        finally:
            route = _route(scope)
            metrics.REQUESTS.labels(route, status).inc()
            metrics.SECONDS.labels(route).observe(time.perf_counter() - began)

    async def _admit(self, request: Request) -> None:
        """``Problem``: ``no-key``, ``too-often``, ``away``."""
        if request.scope["path"] in OPEN:
            return
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        key = await run_in_threadpool(self._find, shown.strip()) if kind.lower() == "bearer" else None
        if key is None:
            raise Problem("no-key")
        wait = self._desk.rates.wait_for(key.id, key.per_minute)
        if wait:
            raise Problem("too-often", retry_after=int(wait) + 1, per_minute=key.per_minute)
        request.state.key = key

    def _find(self, text: str) -> ApiKey | None:
        with self._desk.connection() as connection:
            return find_key(connection, text, self._desk.clock())


def _route(scope: Scope) -> str:
    """The route as it was declared: an address that nobody declared is no label of a metric."""
    return str(getattr(scope.get("route"), "path", "none"))
