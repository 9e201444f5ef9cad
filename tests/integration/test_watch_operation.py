"""The pages of operation, on a real intake: who may, what is shown once, what is written down."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local import Endpoints
from deploy.topics import ensure_topics
from mobility.endpoints import Endpoints as At
from mobility.operation.desk import operation
from mobility.settings import Settings
from producers.http.keys import find_key, list_keys
from tests.integration.http_kit import Http, make_key, member, served, until, working
from tests.integration.intake_kit import PARTITIONS, Kit
from tests.integration.page_kit import empty_kit, page_of, post, signed_in
from tests.integration.test_dead import die

pytestmark = pytest.mark.services

PAGES = ("/operation", "/operation/keys", "/operation/posts", "/operation/dead")
ASKED: dict[str, str | list[str]] = {
    "name": "Phần mềm A",
    "feeds": ["member-register"],
    "unions": "CD-1, CD-2",
    "per_minute": "60",
}


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        ensure_topics(endpoints.kafka, PARTITIONS)
        yield made


@pytest.fixture
def url(kit: Kit) -> Iterator[str]:
    home = Settings(home=kit.folder / "home")
    with page_of(kit, operation=operation(home, At(kit.kafka, kit.dsn))) as address:
        yield address


def test_only_an_operator_gets_in(kit: Kit, url: str) -> None:
    with signed_in(url, "clerk") as client:
        for path in PAGES:
            assert client.get(path).status_code == 403, path
            assert "vận hành" in client.get(path).text
        assert post(client, "/operation/keys", **ASKED).status_code == 403
        assert 'href="/operation"' not in client.get("/").text
    with signed_in(url, "operator") as client:
        for path in PAGES:
            assert client.get(path).status_code == 200, path
        assert 'href="/operation"' in client.get("/").text
        assert client.post("/operation/keys", data=ASKED).status_code == 403, "a form without its token"
    assert list_keys(kit.db) == []


def test_a_key_is_shown_once_and_opens_the_intake_until_it_is_revoked(kit: Kit, url: str) -> None:
    with signed_in(url, "operator") as client:
        made = post(client, "/operation/keys", **ASKED)
        assert made.status_code == 200
        assert made.headers["cache-control"] == "no-store"
        (text,) = re.findall(r"mob_[0-9a-f]{16}_[\w-]{43}", made.text)
        assert "CD-1, CD-2" in made.text, "no register has named them yet"
        listed = client.get("/operation/keys").text
        assert text not in listed
        assert "Phần mềm A" in listed
        (key,) = list_keys(kit.db)
        assert (key.created_by, sorted(key.scope.unions)) == ("page:operator", ["CD-1", "CD-2"])
        assert find_key(kit.db, text, datetime.now(UTC)) is not None
        assert post(client, f"/operation/keys/{key.id}/revoke").status_code == 303
        assert find_key(kit.db, text, datetime.now(UTC)) is None
        assert [one.revoked_by for one in list_keys(kit.db)] == ["page:operator"]
        assert "đã thu hồi" in client.get("/operation/keys").text
        assert post(client, "/operation/keys/0000/revoke").status_code == 404
        assert post(client, "/operation/keys/%00/revoke").status_code == 400


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "<script>"}, "Tên khóa"),
        ({"feeds": []}, "ít nhất một loại"),
        ({"unions": ""}, "phạm vi"),
        ({"everywhere": "yes"}, "phạm vi"),
        ({"enterprises": "123"}, "mã số thuế 10 chữ số"),
        ({"areas": "xyz"}, "không phải mã tỉnh"),
        ({"per_minute": "0"}, "mỗi phút"),
        ({"per_minute": "many"}, "mỗi phút"),
        ({"expires": "2020-01-01"}, "sau hôm nay"),
        ({"expires": "soon"}, "hết hạn không đúng"),
        ({"expires": "20991231"}, "hết hạn không đúng"),
        ({"expires": "2099-W53-1"}, "hết hạn không đúng"),
        ({"everywhere": "", "unions": "Nguyễn-Văn-Mẫu"}, "họ tên"),
        ({"feeds": ["party-register"]}, "sổ tổ chức Đảng"),
    ],
)
def test_a_key_that_cannot_be_is_told_in_vietnamese_and_the_form_keeps_what_was_typed(
    kit: Kit, url: str, wrong: dict[str, str | list[str]], said: str
) -> None:
    with signed_in(url, "operator") as client:
        asked = {**ASKED, "name": "Phần mềm B", **wrong}
        answer = post(client, "/operation/keys", **asked)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>" not in answer.text.partition("<main")[2]
    if "name" not in wrong:
        assert 'value="Phần mềm B"' in answer.text
    assert list_keys(kit.db) == []


def test_a_held_post_is_seen_tried_again_and_refused(kit: Kit, url: str) -> None:
    home = kit.folder / "home"
    with served(kit.dsn, home) as intake, signed_in(url, "operator") as client:
        http = Http(intake, make_key(kit.dsn, name="Union software")[1])
        receipt = http.post("members", member(1)).json()["receipt"]
        kit.db.execute("update intake.posts set sealed = decode(repeat('00', 60), 'hex') where post = %s", (receipt,))
        with working(kit.dsn, kit.kafka, home):
            until(lambda: http.get(f"/v1/receipts/{receipt}").json()["state"] == "held")
        text = client.get("/operation/posts").text
        for word in (receipt, "Union software", "vault.key", "bị giữ", "KeyUnfit"):
            assert word in text, word
        assert post(client, f"/operation/posts/{receipt}/retry").status_code == 303
        assert post(client, f"/operation/posts/{uuid4()}/retry").status_code == 404
        assert http.get(f"/v1/receipts/{receipt}").json()["state"] == "queued"
        busy = post(client, f"/operation/posts/{receipt}/refuse", why="spoilt")
        assert (busy.status_code, "đang chờ đến lượt" in busy.text) == (409, True)
        with working(kit.dsn, kit.kafka, home):
            until(lambda: http.get(f"/v1/receipts/{receipt}").json()["state"] == "held")
        assert post(client, f"/operation/posts/{receipt}/refuse", why="").status_code == 409
        assert post(client, f"/operation/posts/{receipt}/refuse", why="spoilt on the way").status_code == 303
        assert "spoilt on the way" in http.get(f"/v1/receipts/{receipt}").text
        assert receipt in client.get("/operation/posts?show=published").text
    log = kit.db.execute("select who, did from intake.post_log order by id").fetchall()
    assert log == [("page:operator", "retried"), ("page:operator", "refused")]


def test_dead_records_are_counted_listed_and_given_up(kit: Kit, url: str) -> None:
    topic, partition, offset = die(kit.kafka, "ValueError: <b>poison</b>")
    at = f"/operation/dead/{topic}/{partition}/{offset}"
    with signed_in(url, "operator") as client:
        page = client.get("/operation/dead?page_number=1").text
        assert f"{at}/discard" in page
        assert "<b>poison" not in page
        assert post(client, f"{at}/discard", why="").status_code == 409
        assert post(client, f"{at}/discard", why="undone by hand").status_code == 303
        assert f"{at}/discard" not in client.get("/operation/dead").text
        assert "undone by hand" in client.get("/operation/dead?show=every").text
        assert post(client, "/operation/dead/nowhere/0/0/replay").status_code == 409
        assert post(client, "/operation/dead/nowhere/0/-1/replay").status_code == 400
    marks = kit.db.execute("select state, by from watch.dead_marks").fetchall()
    assert marks == [("discarded", "page:operator")]
