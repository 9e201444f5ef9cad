"""Every form carries a token of its browser; the application asks for it before any route runs."""

from fastapi import Request
from starlette.datastructures import UploadFile

from consumers.watch.cookies import FORM
from consumers.watch.tokens import same_form


class ForgedFormError(Exception):
    """A form without the token of this browser: sent by another site, or older than the session."""


async def check_form(request: Request) -> None:
    """Raises ForgedFormError."""
    if request.method in ("GET", "HEAD"):
        return
    session = request.state.session
    token = session.token if session else request.cookies.get(FORM, "")
    stated = (await request.form()).get("form_token", "")
    if not token or isinstance(stated, UploadFile) or not same_form(token, stated):
        raise ForgedFormError
