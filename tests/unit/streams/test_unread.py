"""Whole batches give what the client gives record by record."""

from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED, PartitionRecords
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.unread import KeptRecords, Unread

AT = TopicPartition("facts", 0)


LZ4 = 3
Batches = list[tuple[int, int, set[int]]]
"""How many offsets a batch takes, whose it is, and which of its records compaction took away."""


def _batch(first: int, count: int, producer: int, gone: set[int]) -> bytes:
    builder = DefaultRecordBatchBuilder(2, LZ4, int(producer >= 0), producer, 0, 0, 1 << 20)
    for number in range(count):
        if number not in gone:
            builder.append(number, 1, b"k", b"v%d" % (first + number), [])
    built = bytearray(builder.build())
    built[0:8] = first.to_bytes(8, "big")
    built[23:27] = (count - 1).to_bytes(4, "big")  # the last offset stays that of the batch
    built[17:21] = calc_crc32c(bytes(built[21:])).to_bytes(4, "big")
    return bytes(built)


def _fetched(batches: Batches, aborted: list[tuple[int, int]], begin: int, isolation: int) -> Any:
    raw, at = b"", 0
    for count, producer, gone in batches:
        raw += _batch(at, count, producer, gone)
        at += count
    return PartitionRecords(AT, KeptRecords(raw), aborted, begin, None, None, True, isolation)


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(-1, 2), st.one_of(st.just(set()), st.sets(st.integers(0, 5)))),
        min_size=1,
        max_size=6,
    ),
    st.sets(st.integers(0, 2)),
    st.integers(0, 8),
    st.integers(1, 9),
    st.sampled_from([READ_COMMITTED, READ_UNCOMMITTED]),
)
def test_it_is_what_the_client_gives(
    batches: Batches, aborted: set[int], begin: int, most: int, isolation: int
) -> None:
    begin = min(begin, batches[0][0] - 1)  # a fetch begins inside its first batch
    cut = [(producer, 0) for producer in aborted]
    by_client = [(one.offset, one.value) for one in _fetched(batches, list(cut), begin, isolation)]
    unread = Unread(_fetched(batches, list(cut), begin, isolation))
    taken: list[tuple[int, bytes | None]] = []
    while records := unread.take(most):
        read = [(one.offset, one.value) for one in records]
        assert read == [(one.offset, one.value) for one in records]  # and read again
        assert len(records) == len(read) <= most
        taken += read
        if len(taken) < len(by_client):
            assert len(records) == most
            assert taken[-1][0] < unread.next_fetch_offset <= by_client[len(taken)][0]
    assert taken == by_client
    assert unread.next_fetch_offset == sum(count for count, *_ in batches)


def test_a_batch_that_came_damaged_is_refused_when_it_is_taken() -> None:
    raw = bytearray(_batch(0, 3, -1, set()))
    raw[-1] ^= 1
    unread = Unread(PartitionRecords(AT, KeptRecords(bytes(raw)), [], 0, None, None, True, READ_COMMITTED))
    with pytest.raises(CorruptRecordException):
        unread.take(10)
