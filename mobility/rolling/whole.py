"""The looks of some kinds over everything, once: what ``mobility verify`` asks beside its own sums."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from consumers.store.checking import Slice
from mobility.endpoints import Endpoints
from mobility.rolling.ranges import Ranges
from mobility.rolling.rounds import CONFIRM_SECONDS, LOOKS, SOURCES, line, parts_by_offsets
from schemas import topics

LISTED: Final = 1_000
"""So many differences of a kind are told, as many as ``--rolling-status`` tells: a table that is gone fits."""

Difference = dict[str, Any]


def differences(at: Endpoints, kind: str) -> Iterator[Difference]:
    """Of ``movements`` or ``alerts``, at most ``LISTED``; a slice is in memory at a time.

    A slice that differs is looked at a second time, like the rolling check does: what came in between is no difference.
    Raises KafkaError, psycopg.Error.
    """
    look = LOOKS[kind]
    with line(at.postgres) as connection, Ranges(at.kafka) as ranges:
        partitions = len(ranges.partitions(topics.CHANGES))
        differing = [one for one in _slices(ranges, kind) if look(ranges, connection, one, partitions)[2]]
        if differing:
            time.sleep(CONFIRM_SECONDS)
        found = (told for one in differing for told in look(ranges, connection, one, partitions)[2])
        yield from islice(found, LISTED)


def _slices(ranges: Ranges, kind: str) -> Iterator[Slice]:
    for partition in ranges.partitions(SOURCES[kind]):
        parts = parts_by_offsets(ranges, kind, partition)
        yield from (Slice(kind, partition, part, parts) for part in range(parts))
