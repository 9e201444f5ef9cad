"""Who may see personal data: closed by default, asked before a route of such a page runs."""

from typing import Final, Literal

from fastapi import Request

Role = Literal["operator", "clerk"]
ROLES: Final[tuple[Role, ...]] = ("operator", "clerk")
CLERK: Final = "clerk"


class RoleError(Exception):
    """The account's role does not include this page."""


def clerk_only(request: Request) -> None:
    """Dependency of every route that leads to personal data. Raises RoleError."""
    session = request.state.session
    if session is None or session.role != CLERK:
        raise RoleError
