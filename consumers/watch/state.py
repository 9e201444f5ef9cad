"""What the routes share, made once by the application."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from fastapi import Request

from consumers.watch.database import Pool
from consumers.watch.hub import Hub
from consumers.watch.operation import Operation
from schemas.changes import AlertAction

Act = Callable[[str, AlertAction], None]
"""Puts an officer's action on the log of the unit; returns once it is there."""


Look = Callable[[str, UUID], None]
"""Writes down that an account looks at a person's trail; whatever it raises, nothing is shown then."""


class Quarantine(Protocol):
    """What clerks may do with refused rows. The intake does it; the page only shows and asks.

    Rows come as they are shown: id, dossier, file, line, field, reason, message, state, refused_at, …; what a row
    stated comes from ``values`` alone, which logs who asked and why.
    """

    def groups(self) -> list[dict[str, Any]]:
        """Waiting rows by reason, the largest first: reason, rows, sources, message, vi, en (what to do)."""

    def rows(self, *, reason: str, dossier: str, limit: int, skip: int) -> tuple[list[dict[str, Any]], int]:
        """Waiting rows, the newest first, and how many there are."""

    def row(self, held: int) -> dict[str, Any] | None:
        """One of them in any state, with ``done`` (its history), ``columns`` (name -> header), ``vi``, ``en``."""

    def values(self, held: int, *, who: str, why: str) -> dict[str, str] | None:
        """What the row stated: personal data, logged."""

    def edit(self, held: int, changes: dict[str, str], *, who: str) -> str:
        """Set columns; a sentence where that can't be done, else empty."""

    def resend(self, *, ids: Sequence[int] | None, reason: str, who: str) -> dict[str, Any] | None:
        """Through the intake again: ``fixed`` and ``refused_again``; None while that can't be done now."""

    def discard(self, ids: Sequence[int], *, who: str, why: str) -> int | str:
        """Give up: how many, that still waited; a sentence where that can't be done."""

    def fates(self, batch: str) -> dict[str, dict[str, Any]]:
        """What became of the refused rows of a receipt, by line."""

    def notes(self, batch: str) -> list[str]:
        """What a receipt remarks."""


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
    look: Look | None = None
    quarantine: Quarantine | None = None
    operation: Operation | None = None
    city: Lately = field(default_factory=Lately)


def shared(request: Request) -> Shared:
    """That of the application which answers this request."""
    found = request.app.state.shared
    assert isinstance(found, Shared)  # noqa: S101 - for the type checker
    return found
