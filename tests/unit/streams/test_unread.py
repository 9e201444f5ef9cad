"""Whole batches give what the client gives record by record."""

from typing import Any

from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from streams.engine.unread import Unread

AT = TopicPartition("facts", 0)


def _batch(first: int, count: int, producer: int, *, gap: int) -> bytes:
    """``gap``: offsets at the end whose records compaction took away."""
    builder = DefaultRecordBatchBuilder(2, 0, int(producer >= 0), producer, 0, 0, 1 << 20)
    for number in range(count + gap):
        builder.append(number, 1, b"k", b"v%d" % (first + number), [])
    built = bytearray(builder.build())
    built[0:8] = first.to_bytes(8, "big")
    return bytes(built)


def _fetched(batches: list[tuple[int, int]], aborted: list[tuple[int, int]], begin: int, isolation: int) -> Any:
    raw, at = b"", 0
    for count, producer in batches:
        raw += _batch(at, count, producer, gap=0)
        at += count
    return PartitionRecords(AT, MemoryRecords(raw), aborted, begin, None, None, True, isolation)


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(-1, 2)), min_size=1, max_size=6),
    st.sets(st.integers(0, 2)),
    st.integers(0, 8),
    st.integers(1, 9),
    st.sampled_from([READ_COMMITTED, READ_UNCOMMITTED]),
)
def test_it_is_what_the_client_gives(
    batches: list[tuple[int, int]], aborted: set[int], begin: int, most: int, isolation: int
) -> None:
    begin = min(begin, batches[0][0] - 1)  # a fetch begins inside its first batch
    cut = [(producer, 0) for producer in aborted]
    by_client = [(one.offset, one.value) for one in _fetched(batches, list(cut), begin, isolation)]
    unread = Unread(_fetched(batches, list(cut), begin, isolation))
    taken: list[tuple[int, bytes]] = []
    while records := unread.take(most):
        assert len(records) <= most
        taken += [(one.offset, one.value) for one in records]
        if len(taken) < len(by_client):
            assert taken[-1][0] < unread.next_fetch_offset <= by_client[len(taken)][0]
    assert taken == by_client
    assert unread.next_fetch_offset == sum(count for count, _ in batches)
