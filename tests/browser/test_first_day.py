"""Before there is anything to see, and when something is away: the page says what to do."""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from consumers.watch import accounts, create_app
from consumers.watch.server import PATIENCE
from schemas.changes import AlertAction
from tests.browser.city import SEWING
from tests.browser.log import alert_of
from tests.browser.serving import NAME, PASSWORD, Served, form_token, serve, sign_in

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def empty(fresh_database: str) -> Iterator[Served]:
    with serve(fresh_database) as made:
        yield made


def test_an_empty_page_names_the_commands_that_fill_it(empty: Served) -> None:
    with empty.signed_in() as client:
        text = client.get("/").text
        assert "mobility ingest" in text
        assert "mobility clock --to" in text
        assert "mobility ingest" in client.get("/receipts").text
        assert "mobility ingest" in client.get("/enterprises").text
        assert client.get(f"/enterprise/{SEWING}").status_code == 404


def test_an_alert_can_be_taken_before_the_clock_starts_but_not_snoozed(empty: Served) -> None:
    empty.log.enterprise(SEWING, "May", 30).alert(SEWING, "May", 30).commit()
    with empty.signed_in() as client:
        token = form_token(client.get("/").text)
        at = f"/alerts/{alert_of(SEWING)}"
        assert client.post(f"{at}/snooze", data={"form_token": token, "days": "7"}).status_code == 409
        assert client.post(f"{at}/dance", data={"form_token": token}).status_code == 400
        assert client.post(f"/alerts/{'0' * 32}/acknowledge", data={"form_token": token}).status_code == 404
        assert empty.desk.taken == []
        taken = client.post(f"{at}/acknowledge", data={"form_token": token, "back": "/?q=may"})
        assert (taken.status_code, taken.headers["location"]) == (303, "/?q=may"), (
            "without a script the page comes again"
        )
        assert "đã gửi" in client.get("/").text
    assert [action.action for _, action in empty.desk.taken] == ["acknowledge"]


def test_a_snooze_has_one_of_the_offered_lengths(empty: Served) -> None:
    empty.log.clock("2026-11-05").commit()
    with empty.signed_in() as client:
        token = form_token(client.get("/").text)
        for days in ("0", "-5", "36500", "many"):
            answer = client.post(f"/alerts/{alert_of(SEWING)}/snooze", data={"form_token": token, "days": days})
            assert answer.status_code == 400, days


def test_a_stream_begins_with_a_word_and_hears_a_change(empty: Served) -> None:
    with empty.signed_in() as client, client.stream("GET", "/live") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in answer.iter_lines() if line.startswith("event:"))
        assert next(lines) == "event: changed"
        began = time.monotonic()
        empty.log.enterprise(SEWING, "May", 31, version=2).commit()
        assert next(lines) == "event: changed"
        assert time.monotonic() - began < 5


def test_the_page_stops_at_once_though_somebody_has_it_open(empty: Served) -> None:
    with contextlib.ExitStack() as held, ThreadPoolExecutor(1) as apart:
        with serve(empty.dsn) as second:
            client = held.enter_context(second.signed_in())
            lines = held.enter_context(client.stream("GET", "/live")).iter_lines()
            assert next(lines)
            rest = apart.submit(list, lines)
            began = time.monotonic()
        assert time.monotonic() - began < PATIENCE
        assert "event: end" not in rest.result(), "a clean end, not a cut"


def test_an_account_that_exists_keeps_its_password_and_a_new_password_ends_its_sessions(empty: Served) -> None:
    assert not accounts.ensure_account(empty.dsn, NAME, "another password")
    with empty.signed_in() as client:
        accounts.set_password(empty.dsn, NAME, "another password")
        try:
            assert client.get("/").status_code == 303
            assert sign_in(client, NAME, PASSWORD).status_code == 401
            assert sign_in(client, NAME, "another password").status_code == 303
        finally:
            accounts.set_password(empty.dsn, NAME, PASSWORD)


@pytest.mark.anyio
async def test_a_database_that_is_away_is_said_so_and_does_not_stop_the_page() -> None:
    def act(unit: str, action: AlertAction) -> None:
        raise AssertionError

    app = create_app(dsn="postgresql://nobody@127.0.0.1:1/none", act=act)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://page") as client,
    ):
        assert (await client.get("/health")).status_code == 200
        answer = await client.get("/", headers={"cookie": "mobility_session=x"})
        assert answer.status_code == 503
        assert "PostgreSQL" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
