"""What health says is what posts get."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from deploy.local import Endpoints
from producers.http import silence
from producers.http.limits import DEFAULT_LIMITS
from tests.integration.http_kit import Http, make_key, member, served, until, working
from tests.integration.intake_kit import Kit

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def kit(endpoints: Endpoints, fresh_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    with Kit(fresh_database, endpoints.kafka, tmp_path_factory.mktemp("health")) as made:
        yield made


def storing(url: str) -> Any:
    return httpx.get(f"{url}/v1/health").json()["storing"]


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_without_the_key_of_the_vault_nothing_is_stored_and_health_says_so(kit: Kit) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url:
        http = Http(url, make_key(kit.dsn)[1])
        assert storing(url) is True
        (home / "vault.key").rename(home / "aside")
        try:
            assert told(http.post("members", member(1))) == (503, "away")
            until(lambda: not storing(url), 10)
        finally:
            (home / "aside").rename(home / "vault.key")
        until(lambda: storing(url), 10)
        assert told(http.post("members", member(1))) == (202, "")


def test_while_the_queue_is_long_nothing_is_stored_and_health_says_so(kit: Kit) -> None:
    with served(kit.dsn, kit.folder / "home", replace(DEFAULT_LIMITS, queue_posts=2)) as url:
        http = Http(url, make_key(kit.dsn)[1])
        while (said := told(http.post("members", member(2)))) == (202, ""):
            continue
        assert said == (503, "queue-long")
        until(lambda: not storing(url), 10)
        kit.db.execute("delete from intake.posts")
        until(lambda: storing(url), 10)


def test_a_watcher_may_ask_for_the_head_alone(kit: Kit) -> None:
    with served(kit.dsn, kit.folder / "home") as url:
        answer = httpx.head(f"{url}/v1/health")
        assert (answer.status_code, answer.content) == (200, b"")
        assert httpx.head(f"{url}/v1/members").status_code == 401


@contextmanager
def frozen(kit: Kit, condition: str) -> Iterator[None]:
    """The server's processes for the intake stand still: what they were sent arrives, and no answer comes."""
    query = f"select pid from pg_stat_activity where datname = current_database() and {condition}"
    pids = until(lambda: [pid for (pid,) in kit.db.execute(query).fetchall()])
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


INTAKE = "application_name = 'mobility intake'"


def test_while_postgres_is_frozen_posts_get_503_within_seconds(kit: Kit) -> None:
    with served(kit.dsn, kit.folder / "home") as url:
        http = Http(url, make_key(kit.dsn)[1])
        http.client.timeout = httpx.Timeout(8)
        assert told(http.post("members", member(3))) == (202, "")
        with frozen(kit, INTAKE):
            answer = http.post("members", member(4), idempotency_key="frozen-4")
            assert told(answer) == (503, "away")
            assert int(answer.headers["retry-after"]) > 0
        until(lambda: told(http.post("members", member(4), idempotency_key="frozen-4")) == (202, ""), 10)


def test_while_postgres_is_frozen_health_says_so_within_seconds(kit: Kit) -> None:
    with served(kit.dsn, kit.folder / "home") as url:
        assert storing(url) is True
        time.sleep(2.1)  # what it found is kept for two seconds
        with frozen(kit, INTAKE):
            assert httpx.get(f"{url}/v1/health", timeout=8).json() == {"alive": True, "storing": False}
        until(lambda: storing(url), 10)


SLOW_COMMIT = """
create function intake.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(2); return null; end $$;
create constraint trigger slow after insert on intake.posts deferrable initially deferred
    for each row execute function intake.slow();
"""


@pytest.mark.parametrize("idempotency", [{"idempotency_key": "unsure"}, {}], ids=["with a key", "without one"])
def test_a_post_that_may_be_stored_says_so_and_sent_again_counts_once(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, idempotency: dict[str, str]
) -> None:
    """The server is frozen in the middle of the commit; once it thaws it finishes it."""
    monkeypatch.setattr(silence, "SILENT_S", 4.0)
    home = kit.folder / "home"
    kit.db.execute("delete from intake.posts")
    batch = {"rows": [member(70 + len(idempotency))]}
    with served(kit.dsn, home) as url, ThreadPoolExecutor(1) as pool:
        http = Http(url, make_key(kit.dsn)[1])
        kit.db.execute(SLOW_COMMIT)
        try:
            sent = pool.submit(http.post, "members/batch", batch, **idempotency)
            with frozen(kit, f"{INTAKE} and wait_event = 'PgSleep'"):
                answer = sent.result()
                assert told(answer) == (503, "unsure")
                assert int(answer.headers["retry-after"]) > 0
            until(lambda: kit.db.execute("select 1 from intake.posts").fetchone(), 10)
        finally:
            kit.db.execute("drop function intake.slow cascade")
        again = http.post("members/batch", batch, **idempotency)
        with working(kit.dsn, kit.kafka, home):
            receipt = http.receipt(again)
    assert kit.db.execute("select count(*) from intake.posts").fetchone() == (1 if idempotency else 2,)
    assert (receipt["accepted"], receipt["unchanged"]) == ((1, 0) if idempotency else (0, 1))
