"""What a fetch brought of one partition and nobody has taken yet, read a whole record batch at a time.

The client goes through a fetched batch record by record in Python, which takes as long as the C code that decodes it.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED, PartitionRecords
from aiokafka.errors import CorruptRecordException


class Unread:
    """Records in their order, those of aborted transactions and markers passed over.

    ``next_fetch_offset`` is the position after what was taken, as the client's own class has it.
    """

    def __init__(self, fetched: PartitionRecords) -> None:
        self.next_fetch_offset: int = fetched.next_fetch_offset
        self._fetched = fetched
        self._batches = self._committed_batches()
        self._left: list[Any] = []  # of a batch that did not fit into the last chunk
        self._after_left = 0

    def take(self, most: int) -> list[Any]:
        """The next ``most`` records; fewer mean that this was all. Raises CorruptRecordException."""
        taken, self._left = self._left, []
        if taken and len(taken) <= most:
            self.next_fetch_offset = self._after_left
        while len(taken) < most:
            batch = next(self._batches, None)
            if batch is None:
                break
            taken += batch
        if len(taken) > most:
            taken, self._left = taken[:most], taken[most:]
            self._after_left = max(self._after_left, self.next_fetch_offset)
            self.next_fetch_offset = taken[-1].offset + 1
        return taken

    def _committed_batches(self) -> Iterator[list[Any]]:
        fetched = self._fetched
        batches = fetched._records
        while batches.has_next():
            batch = batches.next_batch()
            if fetched._check_crcs and not batch.validate_crc():
                raise CorruptRecordException(f"Invalid CRC - {fetched._tp}")
            control = batch.is_control_batch
            if not control and not self._aborted(batch):
                records = list(batch)
                if records and records[0].offset < self.next_fetch_offset:  # a fetch begins with the batch's first
                    records = [record for record in records if record.offset >= self.next_fetch_offset]
            else:
                records = []
                if control and fetched._isolation_level == READ_COMMITTED:
                    self._end_of_transaction(batch)
            self.next_fetch_offset = batch.next_offset  # compaction may have taken the last record, not its offset
            if records:
                yield records

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
