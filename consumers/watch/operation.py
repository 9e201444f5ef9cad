"""What operators do on the page with what others own: API keys, held posts, dead records. The page shows and asks.

A ``Said`` is a sentence in Vietnamese and English that tells why something was not done; None where it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Row = dict[str, Any]
Said = tuple[str, str]


class Keys(Protocol):
    """API keys of the HTTP intake."""

    def feeds(self) -> tuple[str, ...]:
        """What a key may be allowed to send."""

    def listed(self) -> list[Row]:
        """All keys, the open ones first: id, name, state (``open``, ``expired``, ``revoked``), feeds, everywhere,
        areas, enterprises, unions, rate, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at,
        posts, accepted_rows, refused_rows. Nothing secret."""

    def create(self, asked: Row, *, who: str, expires_at: datetime | None) -> "Made | Said":
        """``asked``: name, feeds, everywhere, areas, enterprises, unions, per_minute."""

    def revoke(self, key_id: str, *, who: str) -> Said | None:
        """From its next request on it opens nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """A key that was made now. ``text`` is the key itself: shown once, kept nowhere."""

    key: Row
    text: str
    url: str
    unknown_unions: list[str]

    def __repr__(self) -> str:
        return f"Made({self.key['id']!r})"


class Posts(Protocol):
    """What arrived over HTTP and waits. What was posted stays sealed."""

    def waiting(self) -> Row:
        """``queued``, ``held``: how many; ``oldest``: when the oldest of them arrived, or None."""

    def listed(self, *, published: bool, limit: int, skip: int) -> tuple[list[Row], int]:
        """Those that wait, or the ``published``, and how many there are: post, key_id, key_name, state, format, size,
        begun, received_at, published_at, held_at, held_reason, held_where, again_at, accepted, unchanged, refused."""

    def retry(self, posts: list[UUID], *, who: str) -> int:
        """Held ones to the queue again; how many were."""

    def knows(self, post: UUID) -> bool:
        """Whether there is such a post, whatever its state."""

    def refuse(self, post: UUID, *, who: str, why: str) -> Said | None:
        """Take nothing of a held one; its sender reads why."""


class Dead(Protocol):
    """Records that a step could not process."""

    def counted(self) -> int | None:
        """How many are open; None while Kafka does not answer. At most half a minute old."""

    def listed(self, *, every: bool) -> list[Row] | None:
        """Open ones, or ``every`` one, oldest first: topic, partition, offset, step, reason, state, by, why, at. None
        while Kafka does not answer."""

    def replay(self, place: tuple[str, int, int], *, who: str) -> Said | None:
        """Send it to its topic again."""

    def discard(self, place: tuple[str, int, int], *, who: str, why: str) -> Said | None:
        """Give it up."""


@dataclass(frozen=True, slots=True)
class Operation:
    """All of it."""

    keys: Keys
    posts: Posts
    dead: Dead
