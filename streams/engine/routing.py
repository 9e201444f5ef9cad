"""Which partition a key belongs to: murmur2, as the Java client and kafka-python do."""

from aiokafka.partitioner import murmur2


class Router:
    """Partition of a key in a topic with ``partitions`` partitions. Answers are remembered, up to a million keys."""

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions
        self._known: dict[bytes, int] = {}

    def __call__(self, key: bytes) -> int:
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= 1_000_000:
                self._known.clear()
            known = self._known[key] = (murmur2(key) & 0x7FFFFFFF) % self.partitions
        return known
