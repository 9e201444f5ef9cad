"""For whoever starts and watches the process: no key, no data."""

import threading
from time import monotonic

import psycopg
from fastapi import APIRouter, Request

from producers.errors import IntakeError
from producers.http.desk import PostDesk
from producers.http.posts import check_queue
from producers.http.problems import Problem

router = APIRouter()
KEPT_S = 2.0


class Asked:
    """Whether the smallest post could be stored, asked at most every two seconds: this address is open to everybody."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._until = 0.0
        self._storing = False

    def storing(self, desk: PostDesk) -> bool:
        """What a post would be told: is the database there, the vault's key, and room in the queue."""
        with self._asking:
            if monotonic() >= self._until:
                try:
                    with desk.connection() as connection:
                        desk.keys(connection)
                        check_queue(connection, desk.limits, 1)
                    self._storing = True
                except (Problem, IntakeError, psycopg.Error):
                    self._storing = False
                self._until = monotonic() + KEPT_S
            return self._storing


@router.head("/v1/health", include_in_schema=False)
@router.get(
    "/v1/health",
    tags=["health"],
    summary="Hoạt động / Alive",
    operation_id="health",
    openapi_extra={"security": []},
)
def health(request: Request) -> dict[str, bool]:
    """``storing``: false khi chưa thể lưu (503) / false while nothing can be stored (posts get 503)."""
    return {"alive": True, "storing": request.app.state.asked.storing(request.app.state.desk)}
