"""A chunk: what one fetch brought of one partition."""

from dataclasses import dataclass

from aiokafka import TopicPartition

from streams.step import Records


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one partition, without a gap: everything readable between two positions.

    ``begin`` is the position before them and ``next`` the one after. Offsets jump (transaction markers, compaction), so
    ``next`` may lie further than the last record, and a chunk may have no record at all.
    """

    source: TopicPartition
    begin: int
    records: Records
    next: int
