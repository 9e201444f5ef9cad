"""Who may see personal data and who gives keys: closed by default, asked before a route of such a page runs."""

from typing import Final, Literal

from fastapi import Request

Role = Literal["operator", "clerk"]
ROLES: Final[tuple[Role, ...]] = ("operator", "clerk")
CLERK: Final = "clerk"
OPERATOR: Final = "operator"


class RoleError(Exception):
    """The account's role does not include this page. ``said``: the label that tells what it is for."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def clerk_only(request: Request) -> None:
    """Dependency of every route that leads to personal data. Raises RoleError."""
    session = request.state.session
    if session is None or session.role != CLERK:
        raise RoleError("wrong.role")


def operator_only(request: Request) -> None:
    """Dependency of every route about the system's own affairs: keys, posts, dead records. Raises RoleError.

    A clerk sees persons and an operator gives keys: neither needs the other's part.
    """
    session = request.state.session
    if session is None or session.role != OPERATOR:
        raise RoleError("wrong.operator")
