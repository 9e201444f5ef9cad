"""Whatever is away, killed or doubled: every event is on the log once, and the index says what the log says."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest
from aiokafka import AIOKafkaProducer

import producers.session
from deploy.local import Endpoints
from producers.errors import KafkaAway, KeyMissing, KeyUnfit, PostgresAway
from producers.ingest import ingest, settle_past
from producers.intake import open_intake
from producers.publish.log import Log
from schemas.topics import MOVEMENTS_IN, RECEIPTS
from tests.integration.intake_kit import NOW, Kit, counts, declared

pytestmark = pytest.mark.services

INDEX = "select fact, version, key, live from intake.facts"
CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from producers.ingest import ingest
from producers.intake import open_intake
dsn, kafka, home, *files = sys.argv[1:]
with open_intake(dsn=dsn, kafka=kafka, home=Path(home)) as intake:
    for receipt in ingest(intake, map(Path, files), now=datetime(2026, 11, 5, tzinfo=UTC)):
        print(receipt.model_dump_json(), flush=True)
"""


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def check_log_is_index(kit: Kit) -> list[str]:
    """Each event once, and the index is their sum. Returns the ids of the events."""
    events = kit.log.read(MOVEMENTS_IN)
    times = Counter(record.event["id"] for record in events)
    assert [name for name, count in times.items() if count > 1] == []
    latest: dict[str, tuple[int, str, bool]] = {}
    for record in sorted(events, key=lambda record: record.data["version"]):
        live = record.data["change"] != "cancelled"
        latest[record.data["fact"]] = (record.data["version"], record.key, live)
    assert {row[0].hex: row[1:] for row in kit.db.execute(INDEX)} == latest
    return list(times)


class Killed(BaseException):
    """Stands for SIGKILL between two steps: nothing of the program runs after it."""


@pytest.mark.parametrize("moment", ["staged", "sent but not committed", "committed"])
def test_a_crash_between_the_steps_is_settled_by_the_receipt_on_the_log(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    published = moment == "committed"
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    fix = declared(7, 1, "TM", "09/2026", action="replace", cites="HS-1:1@1")
    path = kit.file([fix, declared(3, 3, "TM"), declared(4, 4, "GX")])
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise Killed

        if moment == "committed":
            patch.setattr(producers.session, "mark_done", killed)
        elif moment == "staged":
            patch.setattr(Log, "publish", killed)
        else:
            patch.setattr(AIOKafkaProducer, "commit_transaction", killed)
        with pytest.raises(Killed):
            kit.ingest(path)
    states = kit.db.execute("select state, count(*) from intake.batches group by state order by state").fetchall()
    assert states == [("done", 1), ("staged", 1)]
    told: list[str] = []
    settle_past(kit.intake, now=NOW, say=told.append)
    assert len(told) == 1
    assert kit.db.execute("select count(*) from intake.undo").fetchone() == (0,)
    assert len(check_log_is_index(kit)) == (4 if published else 2)
    said = kit.db.execute("select dossier, line from intake.corrections").fetchall()
    assert said == ([("HS-1", "7")] if published else [])
    (receipt,) = kit.ingest(path)
    assert counts(receipt) == ((0, 2, 1) if published else (2, 0, 1))
    assert len(check_log_is_index(kit)) == 4
    assert len(kit.log.read(RECEIPTS)) == 2
    assert kit.db.execute("select count(*) from intake.quarantine").fetchone() == (1,)


@dataclass
class Watch:
    """What a killer can see of a run from outside: its batches in PostgreSQL, its receipts on the log."""

    line: psycopg.Connection
    kit: Kit

    def state(self, name: str) -> bool:
        query = "select 1 from intake.batches where state = %s limit 1"
        return self.line.execute(query, (name,)).fetchone() is not None

    def wait(self, child: "subprocess.Popen[bytes]", seen: Callable[[], bool]) -> None:
        """Until it is seen, or the child has ended by itself."""
        while child.poll() is None and not seen():
            time.sleep(0.001)


def test_sigkill_at_any_moment_and_again_gives_every_event_once(kit: Kit) -> None:
    rows = [declared(n, n, "TM", dossier_no=f"HS-{n % 3}") for n in range(1, 3001)]
    files = [str(kit.file(rows[start : start + 200])) for start in range(0, 3000, 200)]
    words = [sys.executable, "-c", CHILD, kit.dsn, kit.kafka, str(kit.folder / "home")]
    chance = random.Random(20261105)
    left: Counter[str] = Counter()
    with psycopg.connect(kit.dsn, autocommit=True) as line:
        watch = Watch(line, kit)
        for attempt, file in enumerate(files):
            settle_past(kit.intake, now=NOW)
            kit.log.restart_watch()
            child = subprocess.Popen([*words, file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            phase = ("any", "staged", "published", "soon after staged", "settling")[attempt % 5]
            if phase == "any":
                after = time.monotonic() + chance.uniform(0.5, 1.5)
                watch.wait(child, partial(_past, after))
            elif phase == "published":
                watch.wait(child, kit.log.receipt_arrived)
            else:
                watch.wait(child, partial(watch.state, "staged"))
                time.sleep(chance.uniform(0, 0.03) if phase == "soon after staged" else 0)
            child.send_signal(signal.SIGKILL)
            child.wait()
            left["staged" if watch.state("staged") else "settled"] += 1
            if phase == "settling":
                again = subprocess.Popen([*words, file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                watch.wait(again, lambda: not watch.state("staged"))
                again.send_signal(signal.SIGKILL)
                again.wait()
    assert left["staged"] > 3, left
    done = subprocess.run([*words, *files], capture_output=True, text=True, check=True)
    receipts = [json.loads(answer) for answer in done.stdout.splitlines()]
    assert sum(receipt["accepted"] + receipt["unchanged"] for receipt in receipts) == 3000
    assert len(check_log_is_index(kit)) == 3000
    batches = {row[0].hex for row in kit.db.execute("select batch from intake.batches where state = 'done'")}
    assert {record.event["id"] for record in kit.log.read(RECEIPTS)} == batches
    persons = "select count(distinct key) from intake.facts f join vault.persons p on p.id = f.key::uuid"
    assert kit.db.execute(persons).fetchone() == (3000,)


def _past(moment: float) -> bool:
    return time.monotonic() > moment


def test_two_at_once_take_turns(kit: Kit) -> None:
    path = kit.file([declared(n, n, "TM") for n in range(1, 2001)])
    told: list[str] = []
    totals: list[tuple[int, int, int]] = []

    def run() -> None:
        with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=kit.folder / "home") as intake:
            totals.extend(map(counts, ingest(intake, [path], now=NOW, say=told.append)))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(totals) == [(0, 2000, 0), (2000, 0, 0)]
    assert any("waiting" in line for line in told)
    assert len(check_log_is_index(kit)) == 2000


def test_kafka_away_is_one_clear_error_and_nothing_is_lost(kit: Kit, tmp_path: Path) -> None:
    path = kit.file([declared(1, 1, "TM")])
    with (
        open_intake(dsn=kit.dsn, kafka="127.0.0.1:1", home=kit.folder / "home") as intake,
        pytest.raises(KafkaAway, match="MOBILITY_KAFKA"),
    ):
        ingest(intake, [path], now=NOW)
    assert [counts(receipt) for receipt in kit.ingest(path)] == [(1, 0, 0)]


def test_postgres_away_is_one_clear_error(kit: Kit, tmp_path: Path) -> None:
    dsn = "postgresql://nobody@127.0.0.1:1/none"
    with pytest.raises(PostgresAway, match="MOBILITY_POSTGRES"), open_intake(dsn=dsn, kafka=kit.kafka, home=tmp_path):
        pass
    path = kit.file([declared(1, 1, "TM")])
    with pytest.raises(PostgresAway), open_intake(dsn=kit.dsn, kafka=kit.kafka, home=kit.folder / "home") as intake:
        kit.db.execute("select pg_terminate_backend(%s)", (intake.connection.info.backend_pid,))
        ingest(intake, [path], now=NOW)
    assert [counts(receipt) for receipt in kit.ingest(path)] == [(1, 0, 0)]


def test_a_vault_without_its_key_is_not_opened_and_no_new_key_is_made(kit: Kit, tmp_path: Path) -> None:
    kit.send([declared(1, 1, "TM")])
    key = kit.folder / "home" / "vault.key"
    assert key.stat().st_mode & 0o777 == 0o600
    text = key.read_text()
    key.unlink()
    with pytest.raises(KeyMissing, match=r"vault\.key"), open_intake(dsn=kit.dsn, kafka=kit.kafka, home=key.parent):
        pass
    assert not key.exists()
    with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=tmp_path / "elsewhere", vault_key=text) as intake:
        assert [counts(receipt) for receipt in ingest(intake, [kit.file([declared(1, 1, "TM")])], now=NOW)] == [
            (0, 1, 0)
        ]
    with pytest.raises(KeyUnfit), open_intake(dsn=kit.dsn, kafka=kit.kafka, home=tmp_path, vault_key="0" * 192):
        pass
    key.write_text(text)
    key.chmod(0o644)
    with pytest.raises(KeyUnfit, match="chmod 600"), open_intake(dsn=kit.dsn, kafka=kit.kafka, home=key.parent):
        pass
