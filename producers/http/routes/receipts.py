"""The receipt of a post, for the key that posted it."""

from uuid import UUID

from fastapi import APIRouter, Request

from producers.http.described import PROBLEM
from producers.http.desk import PostDesk
from producers.http.keys import ApiKey
from producers.http.problems import Problem
from producers.http.receipts import PostReceipt, receipt_of
from producers.sql import query

router = APIRouter()


@router.get(
    "/v1/receipts/{receipt}",
    tags=["receipts"],
    summary="Biên nhận / The receipt of a post",
    operation_id="get_receipt",
    responses=dict.fromkeys((401, 404, 429, 503), PROBLEM),
)
def read(receipt: str, request: Request) -> PostReceipt:
    """Chỉ khóa đã gửi mới xem được / Only the key that posted it sees it."""
    desk: PostDesk = request.app.state.desk
    key: ApiKey = request.state.key
    try:
        post = UUID(receipt)
    except ValueError:
        raise Problem("not-found") from None
    with desk.connection() as connection:
        row = connection.execute(query("producers.http", "find_post"), {"post": post, "key_id": key.id}).fetchone()
        if row is None:
            raise Problem("not-found")
        batches = [one["batch"] for one in row[5] or [] if one["refused_total"]]
        fixed = connection.execute(query("producers.http", "find_fixed"), {"batches": batches}).fetchall()
    return receipt_of(row, dict(fixed))
