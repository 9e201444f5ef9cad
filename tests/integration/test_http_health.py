"""What health says is what posts get."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from deploy.local import Endpoints
from producers.http.limits import DEFAULT_LIMITS
from tests.integration.http_kit import Http, make_key, member, served, until
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
