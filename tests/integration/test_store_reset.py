"""Emptied and read again from the beginning of the log, the store ends in the same rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from consumers.store import offsets, reset
from deploy.local import start
from tests.integration import store_records as make
from tests.integration.store_kit import PARTITIONS, Kit, home, new_database, quiet

__all__ = ["home"]
pytestmark = pytest.mark.services

FIRM = "e0200123456"
REJECTED = 'select topic, partition, "offset", reason from store.rejected order by 1, 2, 3'


@pytest.fixture
def kit(home: Path) -> Iterator[Kit]:
    """A log that is empty at first, read from its beginning into a new database."""
    at = start(home, say=quiet)
    with new_database(at.postgres) as dsn:
        made = Kit(at.kafka, dsn, from_now=False)
        try:
            yield made
        finally:
            made.close()


def test_a_reset_that_moves_no_offset_loses_no_effect_that_waits_for_a_tick(kit: Kit) -> None:
    kit.start()
    kit.wait()
    while not kit.rows("select count(*) from store.clock")[0][0]:
        kit.wait()
    assert set(kit.ends().values()) == {0}, "this is the first test of the module"
    reset(kit.dsn)  # the store has nothing to notice
    kit.take([make.effect(FIRM, "an", "2026-11-05")])
    kit.take(make.passed("2026-11-04", range(PARTITIONS - 1)))
    assert kit.rows("select day from store.today") == [(None,)]
    kit.take(make.ticks("2026-11-05"))
    assert kit.rows("select workers from store.unit_counts") == [(1,)]


def history() -> list[Any]:
    """Some of everything, superseded versions and an unreadable record too."""
    records = [make.effect(f"e{n % 7}", f"p{n % 60}", f"2027-{n % 9 + 1:02d}-03", (1, 1, 0)) for n in range(300)]
    records += [make.effect(f"e{n % 7}", f"p{n % 60}", f"2027-{n % 9 + 2:02d}-04", (-1, -1, 0)) for n in range(150)]
    records += [make.status(f"e{n % 7}", n, workers=n) for n in range(50)] + [
        make.mark("e1", "dissolved", "2026-01-01")
    ]
    records += [make.movement(f"p{n % 9}", n // 9 + 1, "withdrawn") for n in range(40)]
    records += [make.receipt(f"HS-{n}", (1, 0), n % 4) for n in range(20)] + [make.action(FIRM, "reopen", "lan")]
    return [*records, make.status("e1", 1)._replace(value=b"garbage"), make.alert("e1", 2), make.alert("e1", 1)]


def test_reset_and_reading_again_end_in_the_same_rows(kit: Kit) -> None:
    records = history()
    kit.start(max_records=97)
    for start_ in range(0, len(records), 100):
        kit.take(records[start_ : start_ + 100])
        kit.take([*make.ticks(f"2027-{start_ // 100 + 2:02d}-20"), *make.passed("2026-11-03")])
    before, rejected = kit.dump(), kit.rows(REJECTED)
    assert all(
        before[name] for name in ("effects", "waiting", "unit_counts", "persons_in_several", "movement_versions")
    )
    assert len(rejected) == 1
    reset(kit.dsn)
    kit.wait()
    assert (kit.dump(), kit.rows(REJECTED)) == (before, rejected)
    kit.stop()
    reset(kit.dsn)
    assert set(offsets(kit.dsn).values()) == {0}
    assert kit.rows("select count(*) from store.effects") == [(0,)]
    kit.start()  # other batches, same rows
    kit.wait()
    assert (kit.dump(), kit.rows(REJECTED)) == (before, rejected)


def test_a_reset_waits_for_readers_and_a_busy_store(kit: Kit) -> None:
    kit.start(max_records=20)
    kit.put([make.effect(f"e{n % 5}", f"busy {n}", "2026-01-01") for n in range(400)] + make.ticks("2026-11-02"))
    for _ in range(3):
        with psycopg.connect(kit.dsn) as reader:
            reader.execute("select count(*) from store.effects")
            with kit.connect() as line:
                line.execute("set lock_timeout = '200ms'")
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    line.execute("truncate store.effects")
        reset(kit.dsn)
    kit.wait()
    sums = (
        "select unit, sum(e.workers), sum(e.present), sum(e.members) from store.effects e join store.clock c "
        "using (partition) where e.day <= c.day group by unit"
    )
    assert sorted(kit.rows(sums)) == sorted(kit.rows("select unit, workers, present, members from store.unit_counts"))
    assert kit.rows("select count(*) - count(distinct fact) from store.effects where day = '2026-01-01'") == [(0,)]
