"""What was answered with 202 is on the log once, whatever is killed or away, and its receipt says so."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest
from aiokafka import AIOKafkaProducer

import producers.session
from deploy.local import Endpoints
from producers.http import queue, turn
from producers.http.limits import Limits
from producers.http.whereabouts import Unknown
from producers.publish.log import Log
from schemas.topics import MOVEMENTS_IN, RECEIPTS
from tests.integration.http_kit import (
    Http,
    free_port,
    kill,
    make_key,
    member,
    movement,
    served,
    start_server,
    start_worker,
    until,
    working,
)
from tests.integration.intake_kit import Kit

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path_factory.mktemp("crashes")) as made:
        yield made


def check_each_once(kit: Kit, rows: int) -> None:
    """So many facts, each once, and as many in the index; every receipt of the log once."""
    facts = Counter(record.event["id"] for record in kit.log.read(MOVEMENTS_IN))
    assert [name for name, count in facts.items() if count > 1] == []
    assert len(facts) == rows
    assert kit.db.execute("select count(*) from intake.facts where live").fetchone() == (rows,)
    receipts = Counter(record.event["id"] for record in kit.log.read(RECEIPTS))
    assert set(receipts.values()) <= {1}


class Killed(BaseException):
    """Stands for SIGKILL between two steps: nothing of the program runs after it."""


def _killed(*_: object, **__: object) -> None:
    raise Killed


def take_turn(kit: Kit) -> None:
    """One turn of the worker, in this process."""
    folder = kit.folder / "hand"
    folder.mkdir(exist_ok=True)
    with psycopg.connect(kit.dsn, autocommit=True) as line:
        turn.take_turn(
            line,
            dsn=kit.dsn,
            kafka=kit.kafka,
            home=kit.folder / "home",
            folder=folder,
            whereabouts=Unknown(),
            clock=lambda: datetime.now(UTC),
            stopping=lambda: False,
        )


MOMENTS: dict[str, tuple[Any, str]] = {
    "begun": (producers.session.Session, "take"),
    "staged": (Log, "publish"),
    "sent but not committed": (AIOKafkaProducer, "commit_transaction"),
    "committed": (producers.session, "mark_done"),
    "done, receipt not written": (queue, "publish"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_between_two_steps_the_receipt_still_tells_what_was_accepted(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url:
        http = Http(url, make_key(kit.dsn)[1])
        http_rows = [member(1), member(2), member(3, change="dances")]
        answers = [http.post("members/batch", {"rows": http_rows}), http.post("d02", movement(1, 4))]
        with monkeypatch.context() as patch:
            patch.setattr(*MOMENTS[moment], _killed)
            with pytest.raises(Killed):
                take_turn(kit)
        assert all(http.get(one.headers["location"]).json()["state"] == "queued" for one in answers)
        take_turn(kit)
        first, second = (http.get(one.headers["location"]).json() for one in answers)
    assert (first["state"], first["accepted"], first["unchanged"], first["refused"]) == ("published", 2, 0, 1)
    assert (second["state"], second["accepted"], second["unchanged"]) == ("published", 1, 0)
    check_each_once(kit, 3)
    assert kit.db.execute("select count(*) from intake.quarantine").fetchone() == (1,)
    assert list((kit.folder / "hand").iterdir()) == []


def test_a_post_that_ends_the_process_each_time_lets_the_others_go_on(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(kit.dsn, kit.folder / "home") as url:
        http = Http(url, make_key(kit.dsn)[1])
        deadly, other = http.post("members", member(1)), http.post("members", member(2))
        with monkeypatch.context() as patch:
            patch.setattr(producers.session.Session, "take", _killed)
            for _ in range(queue.TRIES + 1):
                with pytest.raises(Killed):
                    take_turn(kit)
        take_turn(kit)
        assert http.get(deadly.headers["location"]).json()["state"] == "held"
        assert http.get(other.headers["location"]).json()["accepted"] == 1
        kit.db.execute("update intake.posts set again_at = now()")
        take_turn(kit)
        assert http.get(deadly.headers["location"]).json()["accepted"] == 1
    check_each_once(kit, 2)


def test_sigkill_of_server_and_worker_while_posts_arrive_and_are_published(kit: Kit) -> None:
    """Senders send until they have a 202, as they are told to; the rows of each post are accepted once."""
    posts, rows, senders = 60, 40, 6
    home, port, chance = kit.folder / "home", free_port(), random.Random(20261123)
    url = f"http://127.0.0.1:{port}"
    key = make_key(kit.dsn)[1]
    server, worker = start_server(kit.dsn, home, port), start_worker(kit.dsn, kit.kafka, home)
    troubles: Counter[str] = Counter()
    locations: dict[int, str] = {}

    def send(number: int) -> None:
        http = Http(url, key)
        body = {"rows": [member(1_000 + number * rows + n) for n in range(rows)]}
        while number not in locations:
            try:
                answer = http.post("members/batch", body, idempotency_key=f"post-{number}")
            except httpx.HTTPError as error:
                troubles[type(error).__name__] += 1
                time.sleep(0.05)
                continue
            assert answer.status_code in (202, 503), answer.text
            if answer.status_code == 202:
                locations[number] = answer.headers["location"]
        time.sleep(chance.uniform(0, 0.2))

    kills: Counter[str] = Counter()
    with ThreadPoolExecutor(senders) as pool, psycopg.connect(kit.dsn, autocommit=True) as line:
        sent = pool.map(send, range(posts))

        def staged() -> bool:
            return line.execute("select 1 from intake.batches where state = 'staged' limit 1").fetchone() is not None

        def begun() -> bool:
            query = "select 1 from intake.posts where state = 'queued' and begun > 0 limit 1"
            return line.execute(query).fetchone() is not None

        for attempt in range(8):
            end = time.monotonic() + chance.uniform(0.4, 1.2)
            phase = ("begun", "staged", "soon after staged", "on the log")[attempt % 4]
            kit.log.restart_watch()
            seen: Callable[[], bool] = {"begun": begun, "on the log": kit.log.receipt_arrived}.get(phase, staged)
            while time.monotonic() < end + 3 and not seen():
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.03) if phase == "soon after staged" else 0)
            kill(worker)
            kills["in hand" if begun() else "between posts"] += 1
            worker = start_worker(kit.dsn, kit.kafka, home)
            if attempt % 2 == 0:
                kill(server)
                server = start_server(kit.dsn, home, port)
        list(sent)
    http = Http(url, key)

    def published() -> bool:
        found = kit.db.execute("select count(*) from intake.posts where state = 'published'").fetchone()
        return found == (posts,)

    try:
        until(published, 120)
        receipts = [http.get(location).json() for location in locations.values()]
    finally:
        kill(worker)
        kill(server)
    assert len({one["receipt"] for one in receipts}) == posts
    assert {(one["accepted"], one["unchanged"], one["refused"]) for one in receipts} == {(rows, 0, 0)}, kills
    check_each_once(kit, posts * rows)
    assert troubles.total() > 0, "the server was killed while somebody was sending"
    assert kills["in hand"] > 0, kills


def test_kafka_away_posts_are_accepted_and_published_once_it_is_back(kit: Kit) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url:
        http = Http(url, make_key(kit.dsn)[1])
        with working(kit.dsn, "127.0.0.1:1", home):
            answer = http.post("members/batch", {"rows": [member(1), member(2)]})
            assert answer.status_code == 202
            time.sleep(1.5)
            assert http.get(answer.headers["location"]).json()["state"] == "queued"
        with working(kit.dsn, kit.kafka, home):
            assert http.receipt(answer)["accepted"] == 2
    check_each_once(kit, 2)


def test_postgres_connections_cut_again_and_again_lose_nothing(kit: Kit) -> None:
    home = kit.folder / "home"
    stop = threading.Event()
    cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() \
and pid <> pg_backend_pid() and application_name <> 'kept'"

    def cutter() -> None:
        with psycopg.connect(kit.dsn, autocommit=True, application_name="kept") as line:
            while not stop.wait(0.4):
                line.execute(cut)

    kept = psycopg.connect(kit.dsn, autocommit=True, application_name="kept")
    statuses: Counter[int] = Counter()
    with served(kit.dsn, home) as url, working(kit.dsn, kit.kafka, home):
        http = Http(url, make_key(kit.dsn)[1])
        thread = threading.Thread(target=cutter)
        thread.start()
        for number in range(40):
            while True:
                answer = http.post("members", member(number), idempotency_key=f"cut-{number}")
                statuses[answer.status_code] += 1
                if answer.status_code == 202:
                    break
                assert answer.status_code == 503
                assert answer.headers["retry-after"]
        stop.set()
        thread.join()
        until(lambda: kept.execute("select count(*) from intake.posts where state <> 'published'").fetchone() == (0,))
    assert kept.execute("select sum((receipts -> 0 ->> 'accepted')::int) from intake.posts").fetchone() == (40,)
    assert kept.execute("select count(*), count(distinct fact) from intake.facts").fetchone() == (40, 40)
    facts = Counter(record.event["id"] for record in kit.log.read(MOVEMENTS_IN))
    assert (len(facts), set(facts.values())) == (40, {1})
    kept.close()


def test_a_long_queue_is_503_but_what_was_accepted_is_found_again(kit: Kit) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home, Limits(queue_posts=3)) as url:
        http = Http(url, make_key(kit.dsn)[1])
        first = [http.post("members", member(n), idempotency_key=f"q-{n}") for n in range(3)]
        full = http.post("members", member(3), idempotency_key="q-3")
        assert (full.status_code, full.json()["code"]) == (503, "queue-long")
        assert int(full.headers["retry-after"]) > 0
        again = http.post("members", member(0), idempotency_key="q-0")
        assert again.json()["receipt"] == first[0].json()["receipt"]
        with working(kit.dsn, kit.kafka, home):
            for one in first:
                assert http.receipt(one)["accepted"] == 1
            assert http.receipt(http.post("members", member(3), idempotency_key="q-3"))["accepted"] == 1


def test_a_post_that_fails_by_itself_is_held_and_the_others_go_on(kit: Kit) -> None:
    home = kit.folder / "home"
    spoil = "update intake.posts set sealed = overlay(sealed placing '\\x00'::bytea from 20) where post = %s"
    with served(kit.dsn, home) as url:
        http = Http(url, make_key(kit.dsn)[1])
        answers = [http.post("members", member(n)) for n in range(3)]
        bad = answers[1].json()["receipt"]
        (whole,) = kit.db.execute("select sealed from intake.posts where post = %s", (bad,)).fetchone() or (b"",)
        kit.db.execute(spoil, (bad,))
        with working(kit.dsn, kit.kafka, home):
            assert [http.receipt(answers[n])["accepted"] for n in (0, 2)] == [1, 1]
            until(lambda: http.get(answers[1].headers["location"]).json()["state"] == "held")
            kit.db.execute("update intake.posts set sealed = %s, again_at = now() where post = %s", (whole, bad))
            assert http.receipt(answers[1])["accepted"] == 1
    check_each_once(kit, 3)


def test_two_workers_take_turns(kit: Kit) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url, working(kit.dsn, kit.kafka, home), working(kit.dsn, kit.kafka, home):
        http = Http(url, make_key(kit.dsn)[1])
        answers = [http.post("members", member(n)) for n in range(30)]
        assert sum(http.receipt(one)["accepted"] for one in answers) == 30
    check_each_once(kit, 30)
