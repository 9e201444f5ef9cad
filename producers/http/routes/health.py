"""For whoever starts and watches the process: no key, no data."""

import threading
from time import monotonic

from fastapi import APIRouter, Request

from producers.http.desk import PostDesk
from producers.http.problems import Problem

router = APIRouter()
KEPT_S = 2.0


class Asked:
    """Whether the database answered, asked at most every two seconds: this address is open to everybody."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._until = 0.0
        self._storing = False

    def storing(self, desk: PostDesk) -> bool:
        """Whether a post could be stored."""
        with self._asking:
            if monotonic() >= self._until:
                try:
                    with desk.connection() as connection:
                        connection.execute("select 1")
                    self._storing = True
                except Problem:
                    self._storing = False
                self._until = monotonic() + KEPT_S
            return self._storing


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
