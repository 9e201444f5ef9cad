"""The page's cookies. None is readable by a script, none goes along with a request that another site starts."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from consumers.watch.sessions import LASTS

SESSION: Final = "mobility_session"
FORM: Final = "mobility_form"
"""Ties the sign-in's form to the browser, before there is a session."""
LANGUAGE: Final = "mobility_language"
_YEAR: Final = 365 * 24 * 3600


def put(request: Request, response: Response, name: str, value: str) -> None:
    """Set it; ``Secure`` where the page is served over HTTPS."""
    ages = {SESSION: int(LASTS.total_seconds()), LANGUAGE: _YEAR}
    response.set_cookie(
        name,
        value,
        max_age=ages.get(name),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def drop(response: Response, name: str) -> None:
    """Take it away."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax")
