"""The application: routes, the guard before them, and the listener beside them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.resources import files

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from consumers.watch import failures, sessions
from consumers.watch.csrf import check_form
from consumers.watch.database import make_pool
from consumers.watch.guard import Guard
from consumers.watch.headers import Headers
from consumers.watch.hub import Hub
from consumers.watch.listener import listen
from consumers.watch.operation import Operation
from consumers.watch.routes import (
    actions,
    dead,
    enterprise,
    enterprises,
    health,
    keys,
    live,
    overview,
    posts,
    receipts,
    sign_in,
)
from consumers.watch.routes import findings as findings_routes
from consumers.watch.routes import operation as operation_routes
from consumers.watch.routes import people as people_routes
from consumers.watch.routes import quarantine as quarantine_routes
from consumers.watch.state import Act, Look, Quarantine, Shared


def make(
    *,
    dsn: str,
    act: Act,
    look: Look | None = None,
    quarantine: Quarantine | None = None,
    operation: Operation | None = None,
) -> FastAPI:
    """See ``consumers.watch.create_app``. Nothing connects before the application starts."""
    shared = Shared(
        dsn=dsn, pool=make_pool(dsn), hub=Hub(), act=act, look=look, quarantine=quarantine, operation=operation
    )

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        shared.pool.open()
        listening = asyncio.create_task(listen(dsn, shared.hub))
        try:
            yield
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
            await asyncio.to_thread(shared.pool.close, 1)

    def find(token: str) -> sessions.Session | None:
        with shared.pool.connection() as conn:
            return sessions.find(conn, token)

    app = FastAPI(
        title="union-mobility",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=life,
        dependencies=[Depends(check_form)],
    )
    app.state.shared = shared
    for one in (
        health,
        sign_in,
        overview,
        enterprise,
        enterprises,
        receipts,
        findings_routes,
        people_routes,
        quarantine_routes,
        operation_routes,
        keys,
        posts,
        dead,
        actions,
        live,
    ):
        app.include_router(one.router)
    app.mount("/static", StaticFiles(directory=str(files("consumers.watch") / "static")))
    failures.install(app)
    app.add_middleware(failures.Faults)
    app.add_middleware(Guard, find=find, away=failures.answer)
    app.add_middleware(Headers)  # added last: outermost
    return app
