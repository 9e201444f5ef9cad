"""What a chunk may hold, and in which order partitions get theirs."""

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.chaos.reading import lag
from tests.integration.engine.bed import Bed
from tests.integration.engine.counting import LARGE, POISON

pytestmark = pytest.mark.services
Make = Callable[..., Bed]


def test_markers_and_aborted_records_are_passed_over_and_lag_is_zero(bed: Make) -> None:
    at = bed()
    for number in range(30):
        at.put([(b"k%d" % (number % 7), b"x")] * 5, number % 2, commit=number % 3 != 0)
    at.put([(b"aborted", b"x")] * 5, 0, commit=False)
    at.worker()
    at.wait()
    assert at.check_exact() == 100
    at.put([(b"k1", b"x")], 1, commit=True)
    at.wait()
    assert at.check_exact() == 101
    assert at.open_transactions() == []


def test_small_partition_does_not_wait_for_a_large_one(bed: Make) -> None:
    at = bed()
    at.put(((b"k%d" % (number % 1000), b"x") for number in range(60_000)), 0)
    at.put([(b"small", b"x")] * 10, 1)
    at.worker(200)
    until = time.monotonic() + 40
    while True:
        behind = asyncio.run(lag(at.broker.address, at.name, [at.source], 2))
        if f"{at.source}/1" not in behind:
            break
        assert time.monotonic() < until
    assert behind.get(f"{at.source}/0", 0) > 10_000, "the large partition was read first, or the test is too slow"


def test_poison_goes_to_the_dead_topic_once_and_the_others_go_on(bed: Make) -> None:
    at = bed()
    at.put([(b"a", b"x"), (b"a", POISON), (b"a", b"x"), (b"b", POISON), (b"c", b"x")])
    worker = at.worker()
    at.wait()
    assert at.check_exact() == 3
    dead = at.dead()
    assert [(one["offset"], one["step"]) for one in dead] == [(1, "counting"), (3, "counting")]
    assert dead[0]["value"] == "cG9pc29u"
    log = worker.log.read_text()
    assert "2 records put on" in log
    assert "Nguyễn" not in log, "a reason may quote the record: it belongs on the topic, not in the log"


def test_poison_too_large_to_copy_is_named_without_its_bytes(bed: Make) -> None:
    at = bed()
    at.put([(b"k" * 600_000, POISON), (b"a", b"x")])
    at.worker()
    at.wait()
    (one,) = at.dead()
    assert one["offset"] == 0
    assert one["value"] == ""
    assert "not copied" in one["reason"]


def test_record_larger_than_a_batch_stops_the_worker_with_a_sentence(bed: Make) -> None:
    at = bed()
    at.put([(b"a", b"x"), (b"a", LARGE)])
    worker = at.worker()
    assert worker.process.wait(30) != 0
    assert "is larger than the 1000000 that a batch may have" in worker.log.read_text()
    assert at.read("out") == []
    assert at.open_transactions() == []
