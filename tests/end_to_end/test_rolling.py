"""The rolling check finds what does not agree and nothing else; a rebuild ends in the same rows."""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kafka import KafkaProducer

from consumers.store import checking
from mobility.endpoints import Endpoints
from mobility.rolling.rounds import Checker
from schemas import topics
from tests.build import person_fact, person_record, registry_fact, registry_record
from tests.end_to_end.command_line import Home
from tests.end_to_end.test_first_day import FIRM, OTHER, line, write

pytestmark = [pytest.mark.services, pytest.mark.timeout(600)]


class Still(Home):
    """A home without a check of its own: the tests roll by hand."""

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "MOBILITY_VERIFY_SHARE": "0"}


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    made = Still(Path(tempfile.mkdtemp(prefix="mobility-rolling-")))
    try:
        made.well("up", "--detach")
        made.well("clock", "--to", "2026-11-01")
        with tempfile.TemporaryDirectory() as folder:
            made.well("ingest", *files(Path(folder)), "--wait")
        yield made
    finally:
        made.mobility("down")
        shutil.rmtree(made.folder, ignore_errors=True)


def files(folder: Path) -> list[Path]:
    """Starts, leaves, moves, a union with members, a start twice, somebody who leaves and was never there."""
    rows = [line(n, n, "TM", "08/2026", FIRM, "R-1") for n in range(1, 61)]
    rows += [line(n, 100 + n, "TM", "08/2026", OTHER, "R-2") for n in range(1, 31)]
    rows += [line(n, n, "GC", "09/2026", FIRM, "R-3") for n in range(1, 11)]
    rows += [line(n, n, "TC", "10/2026", OTHER, "R-4") for n in range(1, 11)]
    rows += [line(1, 20, "TM", "09/2026", FIRM, "R-5"), line(2, 999, "GH", "09/2026", FIRM, "R-5")]
    rows += [line(3, 30, "TM", "12/2026", OTHER, "R-5")]
    members = [
        {
            "insurance_number": f"79{person:08d}",
            "full_name": f"Nguyễn Văn {person}",
            "union_code": "CD1",
            "change": "admitted",
            "effective_on": "2026-10-16",
        }
        for person in range(11, 41)
    ]
    union = [{"union_code": "CD1", "name": "CĐCS Một", "tax_codes": FIRM, "founded_on": "2026-09-15"}]
    return [
        write(folder / "d02.csv", rows),
        write(folder / "unions.csv", union),
        write(folder / "members.csv", members),
    ]


@pytest.fixture
def at(home: Home) -> Endpoints:
    known = home.well("up")
    return Endpoints(known["kafka"], known["postgres"])


def roll(at: Endpoints, seconds: float = 60.0) -> dict[str, Any]:
    """One full round that begins now; what it found."""
    with psycopg.connect(at.postgres, autocommit=True) as line_:
        line_.execute("update store.check_rounds set ended_at = now() where ended_at is null")
        done = line_.execute("select count(*) from store.check_rounds").fetchone()
        stop = threading.Event()
        rolling = threading.Thread(target=Checker(at, 1.0, stop).run, daemon=True)
        rolling.start()
        deadline = time.monotonic() + seconds
        while True:
            ended = line_.execute("select count(*) from store.check_rounds where ended_at is not null").fetchone()
            if ended and done and ended[0] > done[0]:
                break
            assert rolling.is_alive(), "the check has ended by itself"
            assert time.monotonic() < deadline, "no full round"
            time.sleep(0.05)
        stop.set()
        rolling.join(20)
        return checking.standing(line_)


def test_all_is_well_and_everything_was_compared(home: Home, at: Endpoints) -> None:
    standing = roll(at)
    assert standing["differences"] == []
    compared = {row["kind"]: row["compared"] for row in standing["kinds"]}
    assert compared["people"] == 91
    assert compared["log"] == 60 + 30 + 10 + 10 + 3 + 30
    assert compared["units"] == 3
    assert compared["registry"] >= 1
    assert compared["movements"] >= 60 + 30 + 10
    assert compared["alerts"] >= 1
    answer = home.well("verify", "--rolling-status")
    assert answer["ok"] is True
    assert answer["last"]["differences"] == 0


def test_a_round_goes_on_where_it_was(at: Endpoints) -> None:
    roll(at)
    with psycopg.connect(at.postgres, autocommit=True) as line_:
        line_.execute("update store.check_rounds set ended_at = now() where ended_at is null")
        number, began = checking.begin_round(line_)
        checking.keep(line_, checking.Slice("people", 0, 0, 1), checking.Look(1, 0, 0.0, [{"kind": "kept"}]))
        assert checking.begin_round(line_) == (number, began)
        assert checking.looked_at(line_, began) == {("people", 0): (1, {0})}
        stop = threading.Event()
        rolling = threading.Thread(target=Checker(at, 1.0, stop).run, daemon=True)
        rolling.start()
        ended: Any = None
        while not ended:
            ended = line_.execute(
                "select ended_at, differences from store.check_rounds where round = %s and ended_at is not null",
                [number],
            ).fetchone()
            assert rolling.is_alive()
            time.sleep(0.02)
        stop.set()
        rolling.join(20)
    assert ended[1] == 1, "the slice that was done before the restart was not done again"
    assert roll(at)["differences"] == []


BREAKS = [
    ("update store.unit_counts set workers = workers + 1 where unit = %(unit)s", ("units", "workers (sum of effects)")),
    ("update store.unit_status set workers = workers + 1 where unit = %(unit)s", ("units", "workers")),
    ("update store.person_units set workers = 0 where person = %(person)s", ("people", f"workers at e{OTHER}")),
    ("delete from store.facts where person = %(person)s", ("people", "state")),
    ("delete from store.facts where person = %(person)s", ("log", "statement at mobility.events")),
    ("update store.facts set unit = 'e1' where person = %(person)s", ("log", "statement at mobility.events")),
    ("update store.movements set to_unit = 'e1' where person = %(person)s", ("movements", "movement")),
    ("update store.movements set to_unit = 'e1' where person = %(person)s", ("people", "movement")),
    ("delete from store.movements where person = %(person)s", ("movements", "movement")),
    ("update store.movement_versions set to_unit = 'e9'", ("movements", "movement")),
    ("update store.alerts set state = 'resolved' where unit = %(other)s", ("alerts", "alert state")),
    ("update store.alerts set workers = 7 where unit = %(other)s", ("units", "alert workers")),
    ("delete from store.alerts where unit = %(other)s", ("alerts", "alert state")),
    ("update store.alerts set id = gen_random_uuid() where unit = %(other)s", ("units", "alert state")),
]


@pytest.mark.parametrize(("broken", "told"), BREAKS, ids=[f"{told[0]}: {broken[:40]}" for broken, told in BREAKS])
def test_a_row_that_somebody_breaks_is_found(at: Endpoints, broken: str, told: tuple[str, str]) -> None:
    tables = ("unit_counts", "unit_status", "person_units", "facts", "movements", "movement_versions", "alerts")
    with psycopg.connect(at.postgres, autocommit=True) as line_:
        someone = line_.execute(
            "select person from store.person_units where unit = %s limit 1", [f"e{OTHER}"]
        ).fetchone()
        assert someone
        for name in tables:
            line_.execute(f"create table public.kept_{name} as table store.{name}".encode())
        line_.execute(broken.encode(), {"unit": f"e{FIRM}", "other": f"e{OTHER}", "person": someone[0]})
        try:
            found = roll(at)["differences"]
        finally:
            for name in tables:
                line_.execute(f"truncate store.{name}".encode())
                line_.execute(f"insert into store.{name} select * from public.kept_{name}".encode())
                line_.execute(f"drop table public.kept_{name}".encode())
        assert any(one["kind"] == told[0] and one["figure"].startswith(told[1]) for one in found), found
        assert all(one["key"] for one in found)
    assert roll(at)["differences"] == []


def test_the_whole_check_names_damaged_rows_of_movements_and_alerts(home: Home, at: Endpoints) -> None:
    """What the check in the background finds, ``mobility verify`` finds too, each difference once."""
    assert home.well("verify") == {"ok": True, "differences": []}
    with psycopg.connect(at.postgres, autocommit=True) as line_:
        moved = line_.execute("select movement_id, to_unit from store.movements where to_unit <> '' limit 1").fetchone()
        warned = line_.execute(
            "select id, workers, state, tax_code from store.alerts where state <> 'resolved'"
        ).fetchone()
        assert moved
        assert warned
        line_.execute("update store.movements set to_unit = 'e1' where movement_id = %s", [moved[0]])
        line_.execute("update store.alerts set workers = 99, state = 'resolved' where id = %s", [warned[0]])
        try:
            answer = home.mobility("verify", "--json")
            shown = home.mobility("verify")
        finally:
            line_.execute("update store.movements set to_unit = %s where movement_id = %s", [moved[1], moved[0]])
            line_.execute(
                "update store.alerts set workers = %s, state = %s where id = %s", [warned[1], warned[2], warned[0]]
            )
    assert answer.code == shown.code == 1
    alert = f"alert {warned[0].hex[:8]}"
    found = {one["figure"]: one for one in answer.json["differences"]}
    assert len(found) == len(answer.json["differences"])
    assert found.keys() == {f"{alert} state", f"{alert} workers", f"movement {moved[0].hex}"}
    assert all(one.keys() == {"tax_code", "figure", "log", "changes", "live", "store"} for one in found.values())
    assert found[f"{alert} workers"]["tax_code"] == warned[3]
    assert (found[f"{alert} workers"]["live"], found[f"{alert} workers"]["store"]) == (warned[1], "99")
    movement = found[f"movement {moved[0].hex}"]
    assert movement["tax_code"] == moved[1][1:]
    assert (movement["log"][5], movement["store"][5]) == (moved[1], "e1")
    assert home.well("verify")["ok"] is True


def test_a_fact_under_another_persons_key_is_dead_and_no_difference(home: Home, at: Endpoints) -> None:
    """The steps set it aside; the store has it in no table that counts, and the check finds nothing amiss."""
    before = rows(at)
    with psycopg.connect(at.postgres) as line_:
        owner, other = (
            row[0].hex
            for row in line_.execute("select distinct person from store.facts where unit = %s limit 2", [f"e{FIRM}"])
        )
    fact = person_fact("foreign", "joined", f"e{OTHER}", "2026-09-01")
    record = person_record(owner, fact)._replace(key=other.encode())
    place = registry_record(registry_fact("foreign", "enterprise_stated", f"e{FIRM}", "2026-09-01", name="X"))
    producer = KafkaProducer(bootstrap_servers=at.kafka)
    producer.send(topics.MOVEMENTS_IN, key=record.key, value=record.value).get(20)
    producer.send(topics.REGISTRY_IN, key=f"e{OTHER}".encode(), value=place.value).get(20)
    producer.close()
    standing = roll(at)
    deadline = time.monotonic() + 30
    while len(dead := home.well("dead", "list")["dead"]) < 2:
        assert time.monotonic() < deadline, dead
    assert {one["topic"] for one in dead} == {topics.MOVEMENTS_IN, topics.REGISTRY_IN}
    assert standing["differences"] == []
    assert roll(at)["differences"] == []
    after = rows(at)
    for name in ("facts", "register_facts", "effects", "movements", "person_units"):
        assert after[name] == before[name], name
    with psycopg.connect(at.postgres) as line_:
        reasons = line_.execute("select topic, reason from store.rejected order by 1").fetchall()
    assert [topic for topic, _ in reasons] == [topics.MOVEMENTS_IN, topics.REGISTRY_IN]
    assert all("key" in reason for _, reason in reasons)


def test_a_rebuild_ends_in_the_same_rows(home: Home, at: Endpoints) -> None:
    before = rows(at)
    assert all(before[name] for name in ("facts", "effects", "movements", "receipts", "register_facts", "unit_counts"))
    assert before["findings"], "findings are on the log"
    home.well("rebuild", "--yes")
    after = rows(at)
    assert after.keys() == before.keys()
    for name, held in before.items():
        assert after[name] == held, name


def rows(at: Endpoints) -> dict[str, list[str]]:
    """Every table of the store that follows from the log, row by row, whichever tables there are."""
    apart = {"migrations", "checks", "check_rounds", "rejected"}
    with psycopg.connect(at.postgres) as line_:
        names = [
            name
            for (name,) in line_.execute("select tablename from pg_tables where schemaname = 'store' order by 1")
            if name not in apart
        ]
        return {
            name: sorted(  # a goal says how far a rebuild has to come, not what came out of it
                row for (row,) in line_.execute(f"select (to_jsonb(t) - 'goal')::text from store.{name} t".encode())
            )
            for name in names
        }


def test_a_broken_changelog_is_found(home: Home, at: Endpoints) -> None:
    """The last test: the changelog stays broken."""
    with psycopg.connect(at.postgres) as line_:
        someone = line_.execute(
            "select person, partition from store.facts where unit = %s limit 1", [f"e{FIRM}"]
        ).fetchone()
    assert someone
    producer = KafkaProducer(bootstrap_servers=at.kafka)
    producer.send("people.state", key=someone[0].hex.encode(), value=None, partition=someone[1]).get(20)
    producer.close()
    found = roll(at)["differences"]
    assert [(one["kind"], one["key"], one["figure"]) for one in found] == [("people", someone[0].hex, "state")]
    answer = home.mobility("verify", "--rolling-status", "--json")
    assert answer.code == 1
    assert answer.json["ok"] is False
