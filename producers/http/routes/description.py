"""The OpenAPI description, for those who have a key."""

from typing import Any

from fastapi import APIRouter, Request

router = APIRouter()


@router.get("/v1/openapi.json", include_in_schema=False)
def read(request: Request) -> dict[str, Any]:
    """OpenAPI 3.1."""
    described: dict[str, Any] = request.app.openapi()
    return described
