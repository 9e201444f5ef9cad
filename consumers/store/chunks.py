"""What is read from the log at a time."""

from dataclasses import dataclass
from typing import NamedTuple


class Raw(NamedTuple):
    """One record as it lies in the log."""

    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one partition with offsets in [start, end). The range also spans transaction markers, so it is longer
    than the list, and the list may be empty."""

    topic: str
    partition: int
    start: int
    end: int
    records: list[Raw]


def halves(chunks: list[Chunk]) -> tuple[list[Chunk], list[Chunk]]:
    """Two parts that make the whole, both smaller; at least two records are needed."""
    full = [chunk for chunk in chunks if chunk.records]
    empty = [chunk for chunk in chunks if not chunk.records]
    if len(full) > 1:
        middle = len(full) // 2
        return full[:middle], full[middle:] + empty
    only = full[0]
    middle = len(only.records) // 2
    cut = only.records[middle].offset
    first = Chunk(only.topic, only.partition, only.start, cut, only.records[:middle])
    second = Chunk(only.topic, only.partition, cut, only.end, only.records[middle:])
    return [first], [second, *empty]


def count(chunks: list[Chunk]) -> int:
    """Records in all of them."""
    return sum(len(chunk.records) for chunk in chunks)
