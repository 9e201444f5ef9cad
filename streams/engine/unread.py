"""What a fetch brought of one partition and nobody has taken yet, taken a whole record batch at a time.

The client goes through a fetched batch record by record in Python, which takes as long as the C code that decodes it.
Here a batch is checked (CRC, transaction) when it is taken, and decoded when its records are read.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import READ_COMMITTED, PartitionRecords
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords

from streams.engine.records import ChunkRecords, Part
from streams.step import Record

_LENGTH_AT, _LENGTH_END = 8, 12
_COUNT_AT, _COUNT_END = 57, 61
"""Where a record batch says how many bytes follow the length, and how many records it has (Kafka's message format)."""


class KeptRecords(MemoryRecords):
    """Fetched batches as the client has them, with their bytes at hand."""

    def __init__(self, fetched: bytes) -> None:
        super().__init__(fetched)
        self.fetched = fetched


fetcher.MemoryRecords = KeptRecords


class Unread:
    """Records in their order, those of aborted transactions and markers passed over.

    ``next_fetch_offset`` is the position after what was taken, as the client's own class has it.
    """

    def __init__(self, fetched: PartitionRecords) -> None:
        self.next_fetch_offset: int = fetched.next_fetch_offset
        self._fetched = fetched
        self._batches = self._committed_batches()
        self._left: Part | list[Record] | None = None  # of a batch that did not fit into the last chunk
        self._after_left = 0

    def take(self, most: int) -> ChunkRecords:
        """The next ``most`` records; fewer mean that this was all. Raises CorruptRecordException."""
        taken: list[Part | list[Record]] = []
        room = most
        while room:
            batch = self._left
            if batch is None:
                batch = next(self._batches, None)
                if batch is None:
                    break
                self._after_left = self.next_fetch_offset
            fitting, self._left, after = _split(batch, room)
            self.next_fetch_offset = self._after_left if after is None else after
            taken.append(fitting)
            room -= _count(fitting)
        return ChunkRecords(taken)

    def _committed_batches(self) -> Iterator[Part | list[Record]]:
        fetched = self._fetched
        batches = fetched._records
        raw = memoryview(batches.fetched)
        end = 0
        while batches.has_next():
            batch = batches.next_batch()
            begin, end = end, end + _LENGTH_END + int.from_bytes(raw[end + _LENGTH_AT : end + _LENGTH_END], "big")
            if fetched._check_crcs and not batch.validate_crc():
                raise CorruptRecordException(f"Invalid CRC - {fetched._tp}")
            control = batch.is_control_batch
            records: Part | list[Record] = []
            if not control and not self._aborted(batch):
                records = self._records(batch, raw[begin:end])
            elif control and fetched._isolation_level == READ_COMMITTED:
                self._end_of_transaction(batch)
            self.next_fetch_offset = batch.next_offset  # compaction may have taken the last record, not its offset
            if _count(records):
                yield records

    def _records(self, batch: Any, raw: memoryview) -> Part | list[Record]:
        """From the position on; a fetch begins with the whole batch in which the position lies."""
        position = self.next_fetch_offset
        if isinstance(batch, DefaultRecordBatch):
            count = int.from_bytes(raw[_COUNT_AT:_COUNT_END], "big")
            if count == batch.next_offset - batch.base_offset:  # no record is missing: places tell offsets
                return Part(raw, min(max(position - batch.base_offset, 0), count), count)
        return [record for record in batch if record.offset >= position]

    def _aborted(self, batch: Any) -> bool:
        fetched = self._fetched
        if fetched._isolation_level != READ_COMMITTED or batch.producer_id is None:
            return False
        fetched._consume_aborted_up_to(batch.base_offset)
        return bool(batch.is_transactional) and batch.producer_id in fetched._aborted_producers

    def _end_of_transaction(self, batch: Any) -> None:
        fetched = self._fetched
        fetched._consume_aborted_up_to(batch.base_offset)
        if fetched._contains_abort_marker(batch):
            fetched._aborted_producers.discard(batch.producer_id)


def _count(records: Part | list[Record]) -> int:
    return records.end - records.first if isinstance(records, Part) else len(records)


def _split(
    records: Part | list[Record], room: int
) -> tuple[Part | list[Record], Part | list[Record] | None, int | None]:
    """The first ``room`` records, those that are left, and the offset after the first ones if some are left."""
    if _count(records) <= room:
        return records, None, None
    if isinstance(records, Part):
        cut = records.first + room
        base = int.from_bytes(records.batch[:_LENGTH_AT], "big")
        return records._replace(end=cut), records._replace(first=cut), base + cut
    return records[:room], records[room:], records[room - 1].offset + 1
