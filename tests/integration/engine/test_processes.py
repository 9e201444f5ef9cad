"""Workers come, go and wait."""

import os
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Callable

import pytest

from deploy.local.ports import is_free
from tests.integration.engine.bed import Bed
from tests.integration.engine.counting import FORMAT

pytestmark = pytest.mark.services
Make = Callable[..., Bed]
GONE_SECONDS = 20.0


def some(number: int, size: int = 2000) -> list[tuple[bytes, bytes]]:
    """Records of ``size`` over a few hundred keys."""
    return [(b"k%d" % ((number * size + one) % 301), b"x") for one in range(size)]


def metric(port: int, name: str) -> float:
    """The highest value of a metric over its labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return max((float(value) for value in re.findall(rf"^{name}{{.*}} (\S+)$", text, re.M)), default=-1.0)


def until(what: Callable[[], bool], seconds: float) -> float:
    """Waits for it; the seconds it took."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, f"not within {seconds:.0f} s"
        time.sleep(0.2)
    return time.monotonic() - begun


def test_stop_under_load_takes_less_than_ten_seconds_and_exits_with_zero(bed: Make) -> None:
    at = bed()
    for number in range(20):
        at.put(some(number), number % 2)
    worker = at.worker(100)
    until(lambda: len(at.read("out")) > 500, 30)
    code, seconds = worker.stop()
    assert code == 0
    assert seconds < 10
    assert at.open_transactions() == []
    assert "\x1b" not in worker.log.read_text(), "a terminal's escape in the log"
    at.worker()
    at.wait()
    assert at.check_exact() == 40_000


def test_state_of_another_format_ends_the_process_loudly(bed: Make) -> None:
    at = bed()
    at.put([(b"a", b"x")])
    worker = at.worker()
    at.wait()
    at.put([(b"a", b"x"), (b"a", FORMAT)])
    assert worker.process.wait(20) != 0
    assert "StateFormatError: state of the step counting in format 9" in worker.log.read_text()
    assert len(at.read("out")) == 1
    assert at.dead() == []


def test_rebalances_from_one_to_three_to_two_workers_keep_every_count(bed: Make) -> None:
    at = bed(partitions=4)
    done = threading.Event()

    def feed() -> None:
        number = 0
        while not done.is_set():
            at.put(some(number, 200), number % 4)
            number += 1

    feeding = threading.Thread(target=feed)
    feeding.start()
    try:
        at.worker(100)
        until(lambda: len(at.read("out")) > 0, 30)
        second, third = at.worker(100), at.worker(100)
        until(lambda: all("owned from" in worker.log.read_text() for worker in (second, third)), 40)
        time.sleep(3)
        assert second.stop()[0] == 0
        time.sleep(4)
    finally:
        done.set()
        feeding.join()
    at.wait()
    assert at.check_exact() > 1000
    assert at.open_transactions() == []


def test_frozen_worker_comes_back_as_a_zombie_and_nothing_counts_twice(bed: Make) -> None:
    at = bed()
    first = at.worker(50)
    at.put(some(0), 0)
    until(lambda: len(at.read("out")) > 0, 30)
    first.signal(signal.SIGSTOP)
    at.put(some(1), 1)
    at.put(some(2), 0)
    at.worker(50)
    time.sleep(8)
    first.signal(signal.SIGCONT)
    at.put(some(3), 0)
    at.wait()
    assert at.check_exact() == 8000
    assert first.runs


def gone(at: Bed, seconds: float) -> None:
    """The broker is away under load and comes back."""
    port = next(port for port in range(29_600, 29_700) if is_free(port))
    worker = at.worker(100, 4.0, port)
    for number in range(20):
        at.put(some(number), number % 2)
    until(lambda: len(at.read("out")) > 500, 30)
    at.broker.signal(signal.SIGKILL)
    until(lambda: metric(port, "mobility_stage_waiting_for_broker") == 1, 15)
    time.sleep(seconds)
    assert metric(port, "mobility_stage_waiting_for_broker") == 1
    at.broker.start_again()
    until(lambda: metric(port, "mobility_stage_waiting_for_broker") == 0, 60)
    at.wait(90)
    assert at.check_exact() == 40_000
    assert worker.runs
    log = worker.log.read_text()
    assert log.count("waiting for the broker") == 1
    assert log.count("the broker is back") == 1
    assert len(log.splitlines()) < 60, "a flood"


def test_broker_gone_for_twenty_seconds_is_waited_for_and_said_once(bed: Make) -> None:
    gone(bed(), GONE_SECONDS)


@pytest.mark.chaos
@pytest.mark.skipif("MOBILITY_LONG" not in os.environ, reason="takes three minutes: set MOBILITY_LONG=1")
def test_broker_gone_for_two_minutes_is_waited_for_and_said_once(bed: Make) -> None:
    gone(bed(), 120.0)


def test_worker_started_before_its_broker_waits_for_it(bed: Make) -> None:
    at = bed()
    at.put(some(0), 0)
    at.broker.signal(signal.SIGKILL)
    worker = at.worker()
    until(lambda: "waiting for the broker" in worker.log.read_text(), 15)
    at.broker.start_again()
    at.wait()
    assert at.check_exact() == 2000
