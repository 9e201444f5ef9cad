"""The supervisor and its services: one that only stalls is left alone, one that is gone is started again and told."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import kafka_address, kafka_pid, postgres_pid, start
from mobility.endpoints import Endpoints
from mobility.home_lock import take
from mobility.settings import Settings
from mobility.supervisor import Supervisor
from tests.integration.store_kit import home, quiet

__all__ = ["home"]
pytestmark = pytest.mark.services

STALL_SECONDS = 10.0


@pytest.fixture
def watched(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose services are under watch; no roles run."""
    at = start(home, say=quiet)
    for name in ("MOBILITY_KAFKA", "MOBILITY_POSTGRES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MOBILITY_HOME", str(home))
    lock = take(home, pid=os.getpid())
    assert lock is not None
    supervisor = Supervisor(Settings(), Endpoints(at.kafka, at.postgres), lock)
    supervisor.children = []
    asked = threading.Event()
    thread = threading.Thread(target=supervisor.watch, args=(asked,))
    thread.start()
    try:
        yield home
    finally:
        asked.set()
        thread.join(60)
        lock.close()


def test_a_stalled_broker_stays_and_a_killed_one_comes_back(watched: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="mobility")
    first, beside = kafka_pid(watched), postgres_pid(watched)
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    try:
        time.sleep(STALL_SECONDS)
    finally:
        os.kill(first, signal.SIGCONT)
    time.sleep(4)
    assert kafka_pid(watched) == first
    assert kafka_address(watched)
    assert "is started again" not in caplog.text
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 60
    while kafka_pid(watched) in (None, first) or not kafka_address(watched):
        assert time.monotonic() < until, caplog.text
        time.sleep(0.2)
    assert "Kafka is started again: its process is gone" in caplog.text
    assert postgres_pid(watched) == beside
