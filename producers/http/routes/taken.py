"""202: where the receipt is."""

from starlette.responses import JSONResponse

from producers.http.posts import Accepted


def taken(accepted: Accepted) -> JSONResponse:
    """The answer to everything that was stored, now or under the same idempotency key before."""
    location = f"/v1/receipts/{accepted.post}"
    said = {"receipt": str(accepted.post), "state": accepted.state, "location": location}
    headers = {"Location": location} | ({"Idempotency-Replayed": "true"} if accepted.again else {})
    return JSONResponse(said, 202, headers)
