"""Where a batch ends: when it is full, but never between records that belong together."""

import asyncio
import time
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

import pytest

from streams.app import says_more
from streams.engine.errors import RecordTooLargeError
from streams.engine.producer import open_producer, release
from streams.engine.writer import TransactionWriter
from tests.integration.engine.bed import Bed

pytestmark = pytest.mark.services
Make = Callable[..., Bed]
Pairs = list[tuple[bytes, bytes | None]]
PADDING = b"x" * 700


def causes(sizes: Iterable[int]) -> Pairs:
    """One after the other, of so many records each; all but the last of a cause say that more follows."""
    return [
        (b"e1", (b'{"more":true}' if number < size - 1 else b"{}") + PADDING)
        for size in sizes
        for number in range(size)
    ]


async def written(at: Bed, records: Pairs) -> list[int]:
    """How many records went into each batch."""
    producer: Any = await open_producer(at.broker.address, f"{at.name}.writer", 60_000)
    send, counts = producer.send_batch, []

    async def counted(batch: Any, *arguments: Any, **named: Any) -> Any:
        counts.append(batch.record_count())
        return await send(batch, *arguments, **named)

    producer.send_batch = counted
    try:
        await producer.begin_transaction()
        writer = TransactionWriter(producer, says_more)
        await writer.write(f"{at.name}.out", 0, records)
        await writer.sent()
        await producer.commit_transaction()
    finally:
        await release(producer)
    return counts


def parted(records: Pairs, counts: list[int]) -> list[int]:
    """The ends of batches at which the next record would have belonged to the last."""
    return [end for end in accumulate(counts[:-1]) if says_more(records[end - 1][1] or b"")]


@pytest.mark.parametrize("sizes", [[1] * 5000, [2] * 2500, [3] * 1700, [1, 7, 2, 1, 40] * 100])
def test_what_belongs_together_stands_in_one_batch_in_its_order(bed: Make, sizes: list[int]) -> None:
    at, records = bed(), causes(sizes)
    numbered = [(key, (value or b"") + b"%d" % number) for number, (key, value) in enumerate(records)]
    counts = asyncio.run(written(at, list(numbered)))
    assert sum(counts) == len(records)
    assert len(counts) > 3
    assert parted(records, counts) == []
    until = time.monotonic() + 30
    while len(on_the_log := [record.value for record in at.read("out")]) < len(records):
        assert time.monotonic() < until, "the markers of the transaction are not written"
    assert on_the_log == [value for _, value in numbered]


def test_one_cause_of_more_than_a_batch_is_parted_rather_than_refused(bed: Make) -> None:
    at, records = bed(), causes([4000])
    counts = asyncio.run(written(at, records))
    assert (sum(counts), len(parted(records, counts)) > 1) == (4000, True)


@pytest.mark.parametrize("before", [0, 1, 1500])
def test_a_record_that_fits_no_batch_is_refused(bed: Make, before: int) -> None:
    records: Pairs = [*causes([1] * before), (b"e1", b"x" * 1_000_001)]
    with pytest.raises(RecordTooLargeError):
        asyncio.run(written(bed(), records))
