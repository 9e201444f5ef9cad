"""For whoever starts and watches the process."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

router = APIRouter()


@router.get("/health")
def health() -> Response:
    """200 as long as the process answers; it touches no data."""
    return PlainTextResponse("ok\n")
