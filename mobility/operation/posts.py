"""Posts that wait or are held as the watch page shows and settles them (``consumers.watch.operation.Posts``)."""

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from consumers.watch.operation import Row, Said
from mobility.endpoints import Endpoints
from mobility.intake import once_free, opened
from mobility.operation.database import IntakeDatabase
from mobility.settings import Settings
from producers.errors import IntakeBusy, ServiceAway
from producers.http.seeing import seen_posts, waiting_posts
from producers.http.settling import PostStays, refuse, retry

log = logging.getLogger(__name__)
BUSY: Final[Said] = (
    "Chưa từ chối được: hệ thống đang nhận dữ liệu khác, hoặc Kafka không trả lời. Không có gì thay đổi; thử lại sau.",
    "Not refused: another intake is publishing, or Kafka does not answer. Nothing has changed; try again later.",
)


class PostsDesk:
    """``who`` is the page's account; it is written down as ``page:ACCOUNT``."""

    def __init__(self, settings: Settings, at: Endpoints) -> None:
        self._settings, self._at = settings, at
        self._database = IntakeDatabase(at.postgres)

    def waiting(self) -> Row:
        """How many wait, and since when."""
        with self._database.connected() as connection:
            queued, held, oldest = waiting_posts(connection)
        return {"queued": queued, "held": held, "oldest": oldest}

    def listed(self, *, published: bool, limit: int, skip: int) -> tuple[list[Row], int]:
        """A page of those that wait, or of the published."""
        with self._database.connected() as connection:
            found, total = seen_posts(
                connection, states=("published",) if published else ("queued", "held"), limit=limit, skip=skip
            )
        return [asdict(one) for one in found], total

    def retry(self, posts: list[UUID], *, who: str) -> int:
        """Held ones to the queue again; how many were."""
        with self._database.connected() as connection:
            return len(retry(connection, posts, who=f"page:{who}", now=datetime.now(UTC)))

    def knows(self, post: UUID) -> bool:
        """Whether there is such a post, whatever its state."""
        with self._database.connected() as connection:
            found, _ = seen_posts(connection, posts=[post])
        return bool(found)

    def refuse(self, post: UUID, *, who: str, why: str) -> Said | None:
        """None once it is refused; a sentence while that can't be."""

        def settle() -> None:
            with opened(self._settings, self._at) as intake:
                now = datetime.now(UTC)
                refuse(intake, post, who=f"page:{who}", why=why, now=now, say=log.info, patient=False)

        try:
            once_free(settle)
        except PostStays as error:
            return error.vi, str(error)
        except (IntakeBusy, ServiceAway):
            return BUSY
        return None
