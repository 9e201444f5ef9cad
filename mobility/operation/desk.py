"""Dead records as the watch page shows them, and all that operators do there in one object."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Final

from kafka.errors import KafkaError

from consumers.watch.dead_marks import Place
from consumers.watch.operation import Operation, Row, Said
from mobility.endpoints import Endpoints
from mobility.operation.dead import DeadStays, dead_records, discard_dead, replay_dead
from mobility.operation.keys import KeyDesk
from mobility.operation.posts import PostsDesk
from mobility.settings import Settings

KEPT_S: Final = 30.0
"""Seconds that a count is shown for: it reads the dead topics to their ends."""
MOST: Final = 1000
"""Records that the page lists."""
AWAY: Final[Said] = (
    "Kafka không trả lời nên chưa làm được. Hãy thử lại sau.",
    "Kafka does not answer, so it was not done. Try again later.",
)


def operation(settings: Settings, at: Endpoints) -> Operation:
    """What operators do on the page of this home."""
    return Operation(KeyDesk(settings, at), PostsDesk(settings, at), DeadDesk(at))


class DeadDesk:
    """``who`` is the page's account; it is written down as ``page:ACCOUNT``."""

    def __init__(self, at: Endpoints) -> None:
        self._at = at
        self._asking = threading.Lock()
        self._until = 0.0
        self._count: int | None = None

    def counted(self) -> int | None:
        """How many are open; None while Kafka does not answer."""
        with self._asking:
            if monotonic() >= self._until:
                try:
                    self._count = sum(1 for _ in dead_records(self._at))
                except KafkaError:
                    self._count = None
                self._until = monotonic() + KEPT_S
            return self._count

    def listed(self, *, every: bool) -> list[Row] | None:
        """At most ``MOST`` of them."""
        found = []
        try:
            for one in dead_records(self._at, every=every):
                found.append(one.shown())
                if len(found) >= MOST:
                    break
        except KafkaError:
            return None
        return found

    def replay(self, place: Place, *, who: str) -> Said | None:
        """None once it is on its topic again."""
        return self._settled(lambda: replay_dead(self._at, place, by=f"page:{who}"))

    def discard(self, place: Place, *, who: str, why: str) -> Said | None:
        """None once it is given up."""
        return self._settled(lambda: discard_dead(self._at, place, by=f"page:{who}", why=why))

    def _settled(self, act: Callable[[], object]) -> Said | None:
        try:
            act()
        except DeadStays as error:
            return error.vi, str(error)
        except KafkaError:
            return AWAY
        finally:
            self._forget()
        return None

    def _forget(self) -> None:
        with self._asking:
            self._until = 0.0
