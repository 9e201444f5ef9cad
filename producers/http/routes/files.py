"""A file as it is: CSV, XLSX, XML, ZIP."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from producers.http.body import body_of
from producers.http.described import file_body, taken_answers
from producers.http.desk import PostDesk
from producers.http.keys import ApiKey
from producers.http.options import idempotency_key, option
from producers.http.posts import Posted
from producers.http.problems import Problem
from producers.http.routes.taken import taken
from producers.http.rows import check_options
from producers.http.taking import take_file

router = APIRouter()


@router.post(
    "/v1/files",
    status_code=202,
    tags=["files"],
    summary="Một tệp như nó có: CSV, XLSX, XML, ZIP / A file as it is",
    operation_id="post_file",
    responses=taken_answers(),
    openapi_extra=file_body(),
)
async def post(request: Request) -> JSONResponse:
    """Nội dung quyết định loại tệp, không phải tên. Dòng ngoài phạm vi của khóa: cả tệp bị từ chối trên biên nhận.

    The content says what the file is. Rows beyond the key's scope: the whole file is refused, on the receipt.
    """
    desk: PostDesk = request.app.state.desk
    key: ApiKey = request.state.key
    if request.headers.get("content-type", "").strip().lower().startswith("multipart/"):
        raise Problem("multipart")  # a form with a file in it is not the file
    idempotency = idempotency_key(request)
    unit, dossier, replaces = (option(request, f"mobility-{name}") for name in ("unit", "dossier", "replaces"))
    check_options(unit, dossier, replaces)
    async with body_of(request, desk, desk.limits.file_bytes) as raw:
        posted = Posted("/v1/files", "file", raw, raw, unit, dossier, replaces)
        return taken(await run_in_threadpool(take_file, desk, key, posted, idempotency))
