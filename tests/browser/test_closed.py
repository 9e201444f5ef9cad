"""Deny by default: no address answers without a session, no form without its token, no guess without end."""

import re
import uuid

import psycopg
import pytest
from starlette.routing import Mount, Route

from consumers.watch import accounts, attempts
from tests.browser.city import SEWING
from tests.browser.log import alert_of
from tests.browser.serving import NAME, PASSWORD, Served, form_token, sign_in

pytestmark = pytest.mark.services

OPEN = {"/sign-in", "/health", "/static"}


def every_route(served: Served) -> list[tuple[str, str]]:
    """Method and address of each route of the application; an address has an example in place of its parameters."""
    found = []
    examples = {"batch": str(uuid.uuid4()), "alert": str(uuid.uuid4()), "action": "snooze"}
    for route in flat(served.app.routes):
        path = re.sub(r"{(\w+)[^}]*}", lambda part: examples.get(part[1], "0200100001"), route.path)
        found += [(method, path) for method in getattr(route, "methods", None) or {"GET"}]
    assert len(found) >= 10
    return sorted(found)


def flat(routes: object) -> list[Route | Mount]:
    """Routes of included routers too, whichever way the framework keeps them."""
    found: list[Route | Mount] = []
    for route in routes:  # type: ignore[attr-defined]
        inner = getattr(route, "original_router", None)
        found += flat(inner.routes) if inner else [route]
    return found


def test_every_route_but_three_asks_for_a_session(served: Served) -> None:
    with served.client() as client:
        for method, path in every_route(served):
            if path in OPEN:
                continue
            answer = client.request(method, path, data={} if method == "POST" else None)
            assert answer.status_code in (303, 401), f"{method} {path} answered {answer.status_code}"
            assert "May Đông Hải" not in answer.text
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/sign-in")


def test_an_address_that_does_not_exist_is_closed_too(served: Served) -> None:
    with served.client() as client:
        for path in ("/docs", "/openapi.json", "/static/../enterprises", "//enterprises", "/health/", "/sign-in/x"):
            answer = client.get(path)
            assert answer.status_code in (303, 404), path
            assert "May Đông Hải" not in answer.text


def test_a_method_that_an_address_does_not_take_is_answered_with_those_it_takes(served: Served) -> None:
    with served.signed_in() as client:
        for path, taken in (("/sign-in", "GET, POST"), ("/", "GET"), ("/live", "GET"), ("/sign-out", "POST")):
            answer = client.put(path, data={"form_token": form_token(client.get("/").text)})
            assert (answer.status_code, answer.headers.get("allow")) == (405, taken), path


def test_a_made_up_or_expired_session_opens_nothing(served: Served) -> None:
    with served.client() as client:
        client.cookies.set("mobility_session", "x" * 43)
        assert client.get("/").status_code == 303
    with served.signed_in() as client, psycopg.connect(served.dsn) as line:
        assert client.get("/").status_code == 200
        line.execute("update watch.sessions set expires_at = now()")
        line.commit()
        assert client.get("/").status_code == 303


def test_health_answers_without_a_session_and_says_nothing(served: Served) -> None:
    with served.client() as client:
        answer = client.get("/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_sign_in_refuses_a_wrong_password_and_an_unknown_name_in_the_same_words(served: Served) -> None:
    with served.client() as client:
        wrong = sign_in(client, NAME, "not the password")
        unknown = sign_in(client, "nobody", "not the password")
        assert wrong.status_code == unknown.status_code == 401
        assert "Tài khoản hoặc mật khẩu không đúng." in wrong.text
        assert "Tài khoản hoặc mật khẩu không đúng." in unknown.text
        assert "mobility_session" not in client.cookies


def test_sign_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(served: Served) -> None:
    with served.client() as client:
        answer = sign_in(client, NAME, PASSWORD, onward="/receipts")
        cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("mobility_session"))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert answer.headers["location"] == "/receipts"
        token = client.cookies["mobility_session"]
    with psycopg.connect(served.dsn) as line:
        dump = line.execute("select string_agg(s::text, ' ') from watch.sessions s").fetchone()
    assert dump is not None
    assert token not in dump[0]


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "sign-out"])
def test_sign_in_never_leads_to_another_site(served: Served, onward: str) -> None:
    with served.client() as client:
        assert sign_in(client, NAME, PASSWORD, onward=onward).headers["location"] == "/"


def test_sign_out_ends_the_session_in_the_database(served: Served) -> None:
    with served.signed_in() as client:
        kept = dict(client.cookies)
        token = form_token(client.get("/").text)
        assert client.post("/sign-out", data={"form_token": token}).status_code == 303
    with served.client() as client:
        client.cookies.update(kept)
        assert client.get("/").status_code == 303


def test_no_form_is_taken_without_its_token(served: Served) -> None:
    path = f"/alerts/{alert_of(SEWING)}/acknowledge"
    with served.signed_in() as client, served.signed_in() as other:
        foreign = form_token(other.get("/").text)
        for data in ({}, {"form_token": ""}, {"form_token": "0" * 64}, {"form_token": foreign}):
            assert client.post(path, data=data).status_code == 403
        token = form_token(client.get("/").text)
        refused = client.post(path, data={"form_token": token}, headers={"sec-fetch-site": "cross-site"})
        assert refused.status_code == 403
        assert client.post("/sign-out", data={}).status_code == 403
    with served.client() as client:
        assert client.post("/sign-in", data={"name": NAME, "password": PASSWORD}).status_code == 403
    assert served.desk.taken == []


def test_a_form_is_small(served: Served) -> None:
    with served.signed_in() as client:
        assert client.post("/sign-out", data={"form_token": "x" * 300_000}).status_code == 413
        assert client.post("/sign-out", content=iter([b"form_token=x"])).status_code == 411


def test_every_answer_wears_the_headers(served: Served) -> None:
    with served.signed_in() as client, served.client() as stranger:
        for answer in (client.get("/"), client.get("/nowhere"), stranger.get("/"), stranger.get("/sign-in")):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in policy
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_sixth_guess_in_a_quarter_of_an_hour_is_not_looked_at(served: Served) -> None:
    with served.client() as client:
        for _ in range(5):
            assert sign_in(client, "guessed", "a wrong password").status_code == 401
        answer = sign_in(client, "guessed", "a wrong password")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) == 900
        assert "Quá nhiều lần thử" in answer.text
        assert sign_in(client, NAME, PASSWORD).status_code == 303, "another account is not touched"
    with served.client() as client:
        client.headers["x-forwarded-for"] = "10.9.8.7"
        assert sign_in(client, "guessed", "a wrong password").status_code == 429, "no proxy is known: nobody's word"


def test_a_new_password_opens_a_locked_account_but_not_a_locked_address(served: Served) -> None:
    accounts.ensure_account(served.dsn, "locked", PASSWORD)
    with served.client() as client:
        for _ in range(5):
            assert sign_in(client, "locked", "a wrong password").status_code == 401
        assert sign_in(client, "locked", PASSWORD).status_code == 429
        accounts.set_password(served.dsn, "locked", "another long password")
        assert sign_in(client, "locked", "another long password").status_code == 303
    with psycopg.connect(served.dsn) as conn:
        for guess in range(41):
            assert attempts.allowed(conn, f"guess{guess}", "192.0.2.1", since=None) is (guess < 40)
        accounts.set_password(served.dsn, "locked", PASSWORD)
        since = accounts.password_since(conn, "locked")
        assert not attempts.allowed(conn, "locked", "192.0.2.1", since=since), "its address has guessed too often"


def test_guesses_that_were_not_looked_at_prolong_nothing(served: Served) -> None:
    def counted() -> list[tuple[int]]:
        with psycopg.connect(served.dsn) as conn:
            return conn.execute("select count(*) from watch.attempts").fetchall()

    with served.client() as client:
        for _ in range(5):
            assert sign_in(client, "prolonged", "a wrong password").status_code == 401
        before = counted()
        for _ in range(4):
            assert sign_in(client, "prolonged", "a wrong password").status_code == 429
    assert counted() == before
