"""Which partition a key belongs to: murmur2, as the Java client and kafka-python do."""

from collections.abc import Iterable

from aiokafka.partitioner import murmur2

from streams.step import Output

LARGEST_MEMORY = 1_000_000


class Router:
    """Partition of a key in a topic with ``partitions`` partitions. Answers are remembered, up to a million keys."""

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions
        self._known: dict[bytes, int] = {}

    def __call__(self, key: bytes) -> int:
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= LARGEST_MEMORY:
                self._known.clear()
            known = self._known[key] = (murmur2(key) & 0x7FFFFFFF) % self.partitions
        return known

    def split(self, records: Iterable[Output]) -> list[list[Output]]:
        """Records by partition, those of one partition in their order."""
        parts: list[list[Output]] = [[] for _ in range(self.partitions)]
        append = [part.append for part in parts]
        known = self._known
        for record in records:
            at = known.get(record[0])
            append[self(record[0]) if at is None else at](record)
        return parts
