"""The application: routes, and the guard before them."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from producers.http.answers import answer, meaning
from producers.http.described import problem_schema
from producers.http.desk import PostDesk
from producers.http.guard import Guard
from producers.http.metrics import PROBLEMS
from producers.http.routes import description, files, health, receipts, rows

ABOUT = """\
Nhận dữ liệu từ phần mềm công đoàn. Trả lời 202 nghĩa là đã lưu chắc chắn, không cần gửi lại; biên nhận cho biết
từng dòng. Luôn gửi `Idempotency-Key`, và gửi lại với cùng khóa khi không nhận được trả lời. Sau 429 và 503 hãy chờ
`Retry-After` giây.

Intake for union software. 202 means that it is stored for sure and need not be sent again; the receipt tells what
became of every row. Send an `Idempotency-Key` with every post, and the same one when an answer did not arrive. After
429 and 503 wait for `Retry-After` seconds.
"""


def create_app(desk: PostDesk) -> FastAPI:
    """As an ASGI application. Nothing connects before it starts; it starts without PostgreSQL, too (503 until then)."""

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        desk.pool.open(wait=False)
        try:
            yield
        finally:
            desk.pool.close(timeout=1)

    app = FastAPI(
        title="union-mobility intake",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=life,
    )
    app.state.desk = desk
    app.state.asked = health.Asked()
    for router in (rows.router(), files.router, receipts.router, description.router, health.router):
        app.include_router(router)
    app.add_exception_handler(HTTPException, _told)
    app.add_middleware(Guard, desk=desk)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


async def _told(request: Request, error: Exception) -> Response:
    problem = meaning(error)
    PROBLEMS.labels(problem.code).inc()
    told = answer(problem)
    if problem.status == 405:
        told.headers["Allow"] = ", ".join(_taken_there(request))
    return told


def _taken_there(request: Request) -> list[str]:
    """Methods of the address, of all its routes: the framework names those of the first one alone."""
    scopes = {method: {**request.scope, "method": method} for method in ("GET", "HEAD", "POST")}
    routes = request.app.router.routes
    return [method for method, scope in scopes.items() if any(one.matches(scope)[0] is Match.FULL for one in routes)]


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        parts = made.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = problem_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(unused, None)
        for path in made["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None) if "requestBody" not in operation else None
        parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "mob_…"}}
        made["security"] = [{"key": []}]
        app.openapi_schema = made
    return app.openapi_schema
