"""How often a key may ask: a bucket of a minute's requests that fills up again steadily."""

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rates:
    """One for the process; ``clock`` in seconds. A restart fills all buckets."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._changing = threading.Lock()

    def wait_for(self, key_id: str, per_minute: int) -> float:
        """0 if the request may go on (it is counted), else the seconds until one may."""
        now = self._clock()
        with self._changing:
            bucket = self._buckets.setdefault(key_id, _Bucket(float(per_minute), now))
            bucket.left = min(float(per_minute), bucket.left + (now - bucket.at) * per_minute / 60)
            bucket.at = now
            if bucket.left < 1:
                return (1 - bucket.left) * 60 / per_minute
            bucket.left -= 1
            return 0.0
