"""Rows as JSON: one by one, or a batch."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from producers.http.body import body_of
from producers.http.described import batch_body, row_body, taken_answers
from producers.http.desk import PostDesk
from producers.http.feeds import Feed, feeds
from producers.http.keys import ApiKey
from producers.http.options import idempotency_key
from producers.http.problems import Problem
from producers.http.routes.taken import taken
from producers.http.rows import Batch, parse_batch, parse_row
from producers.http.taking import take_rows


def router() -> APIRouter:
    """``POST /v1/FEED`` and ``POST /v1/FEED/batch`` for each feed of ``fields.toml``."""
    made = APIRouter()
    for feed in feeds().values():
        for path, single in ((f"/v1/{feed.route}", True), (f"/v1/{feed.route}/batch", False)):
            made.add_api_route(
                path,
                _endpoint(feed, path, single=single),
                methods=["POST"],
                status_code=202,
                tags=[feed.route],
                summary=f"{feed.vi} / {feed.en}" + ("" if single else " (batch)"),
                operation_id=f"post_{feed.route}" + ("" if single else "_batch"),
                responses=taken_answers(),
                openapi_extra=row_body(feed) if single else batch_body(feed),
            )
    return made


def _endpoint(feed: Feed, path: str, *, single: bool) -> Any:
    async def post(request: Request) -> JSONResponse:
        desk: PostDesk = request.app.state.desk
        key: ApiKey = request.state.key
        if not key.scope.may_send(feed.kind):
            raise Problem("feed-not-allowed", feed=feed.kind.value)
        idempotency = idempotency_key(request)
        parse = partial(_parse, feed=feed, desk=desk, single=single)
        async with body_of(request, desk, desk.limits.rows_bytes) as raw:
            return taken(await run_in_threadpool(take_rows, desk, key, feed, path, raw, parse, idempotency))

    return post


def _parse(raw: bytes, *, feed: Feed, desk: PostDesk, single: bool) -> Batch:
    return (parse_row if single else parse_batch)(raw, feed, desk.limits)
