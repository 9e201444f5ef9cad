"""Whatever is killed, frozen or away, every effect is in PostgreSQL once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from consumers.store import offsets
from deploy.local import kafka_pid, postgres_pid, start, start_kafka, start_postgres, stop
from deploy.local.kafka import stop_kafka
from deploy.local.postgres import stop_postgres
from tests.integration import store_records as make
from tests.integration.store_kit import Kit, Put, home, new_database, quiet

__all__ = ["home"]
pytestmark = pytest.mark.services
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def kit(home: Path) -> Iterator[Kit]:
    at = start(home, say=quiet)
    with new_database(at.postgres) as dsn:
        made = Kit(at.kafka, dsn)
        try:
            yield made
        finally:
            start(home, say=quiet)
            made.close()


class Process:
    """The role store as ``mobility up`` runs it."""

    def __init__(self, kit: Kit, folder: Path) -> None:
        self.log = folder / "store.log"
        environment = {"MOBILITY_HOME": str(folder), "MOBILITY_KAFKA": kit.kafka, "MOBILITY_POSTGRES": kit.dsn}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mobility", "run", "store"],
                cwd=REPOSITORY,
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def said(self) -> list[str]:
        """Its log so far, line by line."""
        return self.log.read_text().splitlines()

    def stop(self) -> tuple[int, float]:
        """SIGTERM: the exit code, and the seconds it took."""
        begun = time.monotonic()
        self.process.terminate()
        return self.process.wait(15), time.monotonic() - begun


@pytest.fixture
def store(kit: Kit, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts the role; whatever becomes of the test, none stays."""
    started: list[Process] = []

    def begin() -> Process:
        started.append(Process(kit, tmp_path))
        return started[-1]

    try:
        yield begin
    finally:
        for one in started:
            one.kill()


Begin = Callable[[], Process]


class Feed:
    """Effects and ticks, transaction by transaction, some aborted, from a thread."""

    def __init__(self, kit: Kit, seed: int, *, size: int = 60, pause: float = 0.01) -> None:
        self.kit, self.chance, self.size, self.pause = kit, Random(seed), size, pause
        self.sums: Counter[str] = Counter()
        self.sent = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        while not self._stop.wait(self.pause):
            self.once()

    def once(self) -> None:
        """One transaction; also future days, which ticks make due."""
        kept = self.chance.random() < 0.8
        records: list[Put] = []
        for _ in range(self.chance.randrange(1, self.size)):
            unit = f"e{self.chance.randrange(30)}"
            day = f"2026-{self.chance.randrange(1, 13):02d}-01"
            records.append(make.effect(unit, f"p{self.sent + len(records)}", day))
            self.sums[unit] += kept
        if self.chance.random() < 0.3:
            records += make.ticks(f"2026-{self.chance.randrange(1, 12):02d}-15")
        self.kit.put(records, commit=kept)
        self.sent += len(records) if kept else 0


def check_once(kit: Kit, feed: Feed) -> None:
    """After the last tick of all: every effect once, and the sums are theirs."""
    kit.put(make.ticks("2027-01-01"))
    kit.wait(90)
    wanted = {unit: count for unit, count in feed.sums.items() if count}
    assert dict(kit.rows("select unit, sum(workers)::int from store.effects group by unit")) == wanted
    assert dict(kit.rows("select unit, workers from store.unit_counts")) == wanted
    assert kit.rows("select count(*), count(distinct person) from store.effects") == [(sum(wanted.values()),) * 2]
    assert kit.rows("select count(*) from store.person_units where workers <> 1") == [(0,)]
    assert kit.rows("select count(*) from store.rejected") == [(0,)]


def test_sigkill_of_the_store_at_any_moment(kit: Kit, store: Begin) -> None:
    chance = Random(11)
    landed = 0
    with Feed(kit, 1) as feed:
        for _ in range(12):
            running, before = store(), sum(offsets(kit.dsn).values())
            until = time.monotonic() + 20
            while sum(offsets(kit.dsn).values()) == before and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.4))
            running.kill()
            landed += sum(offsets(kit.dsn).values()) > before
    running = store()
    check_once(kit, feed)
    assert landed >= 10, "the store was killed before it did anything"
    code, seconds = running.stop()
    assert (code, seconds < 2.0) == (0, True), (seconds, running.said)


def test_postgres_is_killed_frozen_and_restarted(kit: Kit, home: Path) -> None:
    chance = Random(12)
    kit.start()
    with Feed(kit, 2) as feed:
        for turn in range(5):
            time.sleep(chance.uniform(0.3, 1.0))
            pid = postgres_pid(home)
            assert pid
            if turn % 3 == 0:
                os.kill(pid, signal.SIGKILL)
            elif turn % 3 == 1:
                _kill_backend(kit)
            else:
                stop_postgres(home)
                time.sleep(chance.uniform(0, 1))
            start_postgres(home, say=quiet)
    check_once(kit, feed)


def _kill_backend(kit: Kit) -> None:
    """SIGKILL of the store's server process: PostgreSQL throws all lines off and recovers."""
    found = kit.rows("select pid from pg_stat_activity where application_name = 'mobility store'")
    for (pid,) in found:
        os.kill(pid, signal.SIGKILL)


def test_the_broker_is_killed_frozen_and_restarted(kit: Kit, home: Path, store: Begin) -> None:
    chance, running = Random(13), store()
    feed = Feed(kit, 3)
    for turn in range(3):
        with_feed = time.monotonic() + chance.uniform(0.5, 1.5)
        while time.monotonic() < with_feed:
            feed.once()
        pid = kafka_pid(home)
        assert pid
        if turn == 0:
            os.kill(pid, signal.SIGKILL)
        elif turn == 1:
            stop_kafka(home)
            time.sleep(3)
        else:
            os.kill(pid, signal.SIGSTOP)
            time.sleep(2)
            os.kill(pid, signal.SIGCONT)
        start_kafka(home, say=quiet)
    check_once(kit, feed)
    assert running.process.poll() is None, running.said
    assert 0 < len(running.said) < 60, "an absence is told, not repeated ten times a second"
    assert running.stop()[0] == 0


def test_sigterm_while_postgres_is_frozen_takes_less_than_two_seconds(kit: Kit, home: Path, store: Begin) -> None:
    running = store()
    feed = Feed(kit, 4, size=2000)
    feed.once()
    kit.wait()
    (backend,) = kit.rows("select pid from pg_stat_activity where application_name = 'mobility store'")[0]
    server = postgres_pid(home)
    assert server
    for pid in (server, backend):
        os.kill(pid, signal.SIGSTOP)
    try:
        feed.once()
        time.sleep(0.5)
        code, seconds = running.stop()
    finally:
        for pid in (server, backend):
            os.kill(pid, signal.SIGCONT)
    assert (code, seconds < 2.0) == (0, True), (code, seconds, running.said)
    kit.start()
    check_once(kit, feed)


def test_a_store_started_before_its_services_waits_for_them_and_says_so(kit: Kit, home: Path, store: Begin) -> None:
    stop(home)
    running = store()
    time.sleep(2)
    start(home, say=quiet)
    with psycopg.connect(kit.dsn):
        feed = Feed(kit, 5)
    feed.once()
    check_once(kit, feed)
    assert any("PostgreSQL does not answer, trying again" in line for line in running.said)
    assert running.stop()[0] == 0


def test_a_database_of_another_log_ends_the_store_with_a_sentence(kit: Kit, store: Begin) -> None:
    with kit.connect() as line:
        line.execute("update store.offsets set next_offset = 1000000000 where topic = 'alerts' and partition = 0")
    running = store()
    assert running.process.wait(30) == 1
    told = "\n".join(running.said)
    assert "alerts, partition 0" in told
    assert "mobility rebuild" in told
    assert "Traceback" not in told
