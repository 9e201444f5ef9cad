"""What the routes share, made once by the application."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from consumers.watch.database import Pool
from consumers.watch.hub import Hub
from schemas.changes import AlertAction

Act = Callable[[str, AlertAction], None]
"""Puts an officer's action on the log of the unit; returns once it is there."""


@dataclass(slots=True)
class Lately:
    """The last answer to a question that all pages ask at once, and the moment of the log that it speaks of."""

    moment: int = -1
    answer: dict[str, Any] = field(default_factory=dict)
    asking: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Shared:
    """Of one application."""

    dsn: str
    pool: Pool
    hub: Hub
    act: Act
    city: Lately = field(default_factory=Lately)


def shared(request: Request) -> Shared:
    """That of the application which answers this request."""
    found = request.app.state.shared
    assert isinstance(found, Shared)  # noqa: S101 - for the type checker
    return found
