"""Held posts in the hands of an operator: seen with their reason, tried again, refused; and how long receipts stay."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result

from deploy.local import Endpoints
from mobility.commands.posts import command
from producers.http.keys import list_keys
from producers.http.seeing import seen_posts
from producers.http.settling import PostStays, refuse
from producers.http.sweeping import Sweeper, sweep
from producers.quarantine.correcting import discard
from producers.quarantine.reading import Wanted, seen_rows
from schemas.topics import MOVEMENTS_IN
from tests.integration.http_kit import Http, make_key, member, served, until, working
from tests.integration.intake_kit import Kit

pytestmark = pytest.mark.services

DAYS = timedelta(days=400)


@pytest.fixture
def kit(
    endpoints: Endpoints,
    fresh_database: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Kit]:
    """Empty tables, and commands that find them."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    folder = tmp_path_factory.mktemp("held")
    monkeypatch.setenv("MOBILITY_HOME", str(folder / "home"))
    monkeypatch.setenv("MOBILITY_POSTGRES", fresh_database)
    monkeypatch.setenv("MOBILITY_KAFKA", endpoints.kafka)
    with Kit(fresh_database, endpoints.kafka, folder) as made:
        yield made


def run(*words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--json"])


def told(*words: str) -> Any:
    answer = run(*words)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


@pytest.fixture
def held(kit: Kit) -> Iterator[tuple[Http, str, bytes]]:
    """A sender, the receipt of a post of which the bytes were spoilt so that it is held, and its right bytes."""
    spoil = "update intake.posts set sealed = overlay(sealed placing '\\x00'::bytea from 20) where post = %s"
    home = kit.folder / "home"
    with served(kit.dsn, home) as url:
        http = Http(url, make_key(kit.dsn)[1])
        post = http.post("members", member(1)).json()["receipt"]
        (whole,) = kit.db.execute("select sealed from intake.posts where post = %s", (post,)).fetchone() or (b"",)
        kit.db.execute(spoil, (post,))
        with working(kit.dsn, kit.kafka, home):
            until(lambda: http.get(f"/v1/receipts/{post}").json()["state"] == "held")
        yield http, post, bytes(whole)


def test_a_held_post_is_listed_with_its_reason_and_nothing_that_was_posted(held: tuple[Http, str, bytes]) -> None:
    _, post, _ = held
    (one,) = told("list")["posts"]
    assert (one["post"], one["state"], one["held_reason"]) == (post, "held", "vault-key")
    assert one["held_where"].startswith("KeyUnfit at ")
    assert one["key_name"] == "test"
    assert told("list", "--state", "published")["posts"] == []
    shown = run("show", post).stdout
    assert "Trần" not in shown
    assert "031185" not in shown
    assert json.loads(shown)["done"] == []
    assert run("show", str(UUID(int=7))).exit_code == 1


def test_an_operator_lets_a_held_post_be_tried_again(kit: Kit, held: tuple[Http, str, bytes]) -> None:
    http, post, whole = held
    kit.db.execute("update intake.posts set sealed = %s, again_at = now() + '1 hour' where post = %s", (whole, post))
    assert told("retry", "--all") == {"retried": [post], "not_held": []}
    assert http.get(f"/v1/receipts/{post}").json()["state"] == "queued"
    with working(kit.dsn, kit.kafka, kit.folder / "home"):
        receipt = until(lambda: (said := http.get(f"/v1/receipts/{post}").json())["state"] == "published" and said)
    assert receipt["accepted"] == 1
    shown = told("show", post)
    assert [step["did"] for step in shown["done"]] == ["retried"]
    assert (shown["held_reason"], shown["held_at"], shown["held_where"]) == ("", None, "")
    again = run("retry", post)
    assert (again.exit_code, json.loads(again.stdout)["not_held"]) == (1, [post])


def test_a_refused_post_tells_its_sender_why_and_nothing_of_it_is_kept(kit: Kit, held: tuple[Http, str, bytes]) -> None:
    http, post, _ = held
    assert run("refuse", post, "--why", " ").exit_code != 0
    for number in ("the row of 031185000001", "call 0912 345 678"):
        assert "number" in str(run("refuse", post, "--why", number).exception), number
    told("refuse", post, "--why", "wrong union / sai công đoàn")
    receipt = http.get(f"/v1/receipts/{post}").json()
    assert (receipt["state"], receipt["accepted"], receipt["refused"]) == ("published", 0, 1)
    (row,) = receipt["dossiers"][0]["refused"]
    assert row["reason"] == "refused-by-operator"
    assert "wrong union / sai công đoàn" in row["vi"]
    assert "wrong union / sai công đoàn" in row["en"]
    left = kit.db.execute("select sealed from intake.posts where post = %s", (post,)).fetchone()
    assert left == (None,)
    assert kit.log.read(MOVEMENTS_IN) == []
    assert told("list")["posts"] == []
    assert [(step["did"], step["said"]) for step in told("show", post)["done"]] == [
        ("refused", "wrong union / sai công đoàn")
    ]
    assert "not held" in str(run("refuse", post, "--why", "again").exception)


def test_a_post_with_rows_on_the_log_cannot_be_refused(kit: Kit, held: tuple[Http, str, bytes]) -> None:
    http, post, whole = held
    kit.db.execute("update intake.posts set sealed = %s where post = %s", (whole, post))
    told("retry", post)
    with working(kit.dsn, kit.kafka, kit.folder / "home"):
        until(lambda: http.get(f"/v1/receipts/{post}").json()["state"] == "published")
    kit.db.execute("update intake.posts set state = 'held', sealed = %s where post = %s", (whole, post))  # as if killed
    with pytest.raises(PostStays, match="on the log already"):
        refuse(kit.intake, UUID(post), who="test", why="late", now=datetime.now(UTC), say=print)
    (one,), _ = seen_posts(kit.db, posts=[UUID(post)])
    assert one.state == "held"


def publish(kit: Kit, rows: int) -> list[str]:
    """So many posts of a row each, the last one with a refused row, published."""
    home = kit.folder / "home"
    with served(kit.dsn, home) as url, working(kit.dsn, kit.kafka, home):
        http = Http(url, make_key(kit.dsn)[1])
        posts = [http.post("members", member(n), idempotency_key=f"k-{n}") for n in range(rows)]
        posts.append(http.post("members", member(rows, change="dances")))
        for one in posts:
            http.receipt(one)
    return [one.json()["receipt"] for one in posts]


def left(kit: Kit) -> set[str]:
    return {str(row[0]) for row in kit.db.execute("select post from intake.posts").fetchall()}


def test_receipts_go_when_their_time_is_over_and_never_one_with_a_row_in_quarantine(kit: Kit) -> None:
    posts = publish(kit, 3)
    now = datetime.now(UTC)
    assert sweep(kit.db, now=now + timedelta(days=399), kept=DAYS) == 0
    assert sweep(kit.db, now=now + timedelta(days=401), kept=DAYS, limit=2) == 2
    assert sweep(kit.db, now=now + timedelta(days=401), kept=DAYS, limit=2) == 1
    assert left(kit) == {posts[-1]}, "its refused row waits"
    (row,) = seen_rows(kit.db, Wanted())
    discard(kit.db, [row.id], who="test", why="nobody", now=now + timedelta(days=30))
    assert sweep(kit.db, now=now + timedelta(days=401), kept=DAYS) == 0, "at rest since it was discarded"
    assert sweep(kit.db, now=now + timedelta(days=431), kept=DAYS) == 1
    (key,) = list_keys(kit.db)
    assert (key.posts, key.accepted_rows, key.refused_rows) == (4, 3, 1), "what a key brought is known for longer"
    assert key.last_used_at is not None


def test_held_and_queued_posts_stay_for_ever(kit: Kit, held: tuple[Http, str, bytes]) -> None:
    http, post, _ = held
    queued = http.post("members", member(2)).json()["receipt"]
    assert sweep(kit.db, now=datetime.now(UTC) + timedelta(days=9_000), kept=DAYS) == 0
    assert left(kit) == {post, queued}


def test_an_idempotency_key_holds_as_long_as_its_receipt(kit: Kit) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url, working(kit.dsn, kit.kafka, home):
        http = Http(url, make_key(kit.dsn)[1])
        first = http.post("members", member(1), idempotency_key="once")
        http.receipt(first)
        sweep(kit.db, now=datetime.now(UTC) + timedelta(days=399), kept=DAYS)
        assert http.post("members", member(1), idempotency_key="once").json()["receipt"] == first.json()["receipt"]
        sweep(kit.db, now=datetime.now(UTC) + timedelta(days=401), kept=DAYS)
        assert http.get(first.headers["location"]).status_code == 404
        later = http.receipt(http.post("members", member(1), idempotency_key="once"))
        assert (later["accepted"], later["unchanged"]) == (0, 1)


def test_the_worker_sweeps_once_an_hour_and_goes_on_while_more_is_left(kit: Kit) -> None:
    publish(kit, 2)
    now = datetime.now(UTC) + timedelta(days=401)
    sweeper = Sweeper(DAYS)
    sweeper.look(kit.db, now - timedelta(days=10))
    assert len(left(kit)) == 3
    sweeper.look(kit.db, now - timedelta(days=10) + timedelta(minutes=59))
    sweeper.look(kit.db, now)
    assert len(left(kit)) == 1
    with pytest.raises(ValueError, match="7 days"):
        sweep(kit.db, now=now, kept=timedelta(days=1))
