"""The kill test: whatever dies, freezes or moves, every fact counts exactly once."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import topics
from schemas.topics import topic_table
from streams.app import GROUP
from tests.chaos.feed import Feed, inputs
from tests.chaos.killer import Killer
from tests.chaos.processes import Broker, Database
from tests.chaos.reading import open_transactions, wait_until_read
from tests.chaos.tables import Tables, check_undisturbed, wait_until_stored
from tests.chaos.verdict import FOREVER, Verdict

PARTITIONS = 4
DRAIN_SECONDS = 180.0
MOST_FACTS = 60_000
"""What the oracle, which is naive on purpose, judges within a minute or two: a long run is fed more slowly."""
SECONDS_PER_KILL = 7.0
BURST = 60


@pytest.fixture
def database() -> Iterator[Database]:
    """Not in the folder of pytest: another session that starts meanwhile closes that to the user of PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        made = Database(Path(folder))
        try:
            yield made
        finally:
            made.end()


@pytest.mark.chaos
@pytest.mark.services
def test_every_fact_counts_once_whatever_dies(tmp_path: Path, database: Database, kills: int, seed: int) -> None:
    begun = time.monotonic()
    broker = Broker(tmp_path / "home", PARTITIONS)
    killer = Killer(broker, database, PARTITIONS, tmp_path, seed)
    feed = Feed(broker.address, PARTITIONS, seed, pause=max(0.05, kills * SECONDS_PER_KILL * BURST / MOST_FACTS))
    try:
        feed.start()
        time.sleep(5)
        for number in range(kills):
            name = killer.strike()
            print(
                f"[{time.monotonic() - begun:5.0f} s] {number + 1}/{kills} {name}; {len(feed.sent)} facts", flush=True
            )
        killer.finish()
        feed.finish()
        wait_until_read(broker.address, GROUP, inputs(), PARTITIONS, DRAIN_SECONDS)
        still_open = open_transactions(broker.address, topic_table(), PARTITIONS)
        verdict = Verdict(broker.address, PARTITIONS)
        read = time.monotonic()
        wait_until_stored(broker.address, database.dsn, DRAIN_SECONDS)
        stored = Tables(database.dsn, verdict).check()
        check_undisturbed(broker.address, database.dsn)
        compared = time.monotonic() - read
    finally:
        feed._enough.set()
        killer.end()
        broker.end()
    _judge(verdict, feed, killer, still_open)
    print(f"{stored} effects in the store, compared within {compared:.0f} s")
    print(f"slowest graceful stop of the store {killer.stored.slowest_stop:.1f} s")
    print(f"{kills} kills in {time.monotonic() - begun:.0f} s, seed {seed}: exact", flush=True)


def _judge(verdict: Verdict, feed: Feed, killer: Killer, still_open: list[str]) -> None:
    on_log = {(record.key, record.value) for topic in inputs() for record in verdict.log[topic]}
    assert {(key, value) for _, key, value in feed.sent} <= on_log, "the feed lost facts: the test itself is broken"
    for day in ("2026-03-31", verdict.day, FOREVER):
        verdict.check_deltas(day)
    verdict.check_status()
    alerts = verdict.check_alerts()
    findings = verdict.check_findings()
    verdict.check_once()
    dead = verdict.check_dead()
    assert still_open == []
    assert killer.crashes == [], "a worker ended by itself: its log says why"
    assert killer.slowest_stop < 10
    assert killer.stored.crashes == [], "the store ended by itself: its log says why"
    assert killer.stored.slowest_stop < 5.0, "two seconds by itself; here the machine has more to do"
    facts, effects = len(feed.sent), len(verdict.log[topics.CHANGES])
    print(f"{facts} facts, {effects} changes, {alerts} alerts, {dead} dead; clock {verdict.day}; {dict(killer.done)}")
    assert verdict.mergers > 0, "the city merged nobody: the test itself is broken"
    print(f"{verdict.mergers} identities merged, {verdict.forwarded} facts forwarded, {findings} findings open")
    print(f"slowest graceful stop {killer.slowest_stop:.1f} s")
