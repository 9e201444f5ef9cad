"""The page of refused rows, on a real intake: who may see what, what is logged, and that a correction goes out once."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from consumers.watch import accounts
from deploy.local import Endpoints
from mobility.endpoints import Endpoints as At
from mobility.quarantine import QuarantineDesk
from mobility.settings import Settings
from producers.quarantine.reading import Wanted, seen_rows
from schemas.topics import MOVEMENTS_IN
from tests.integration.intake_kit import Kit, declared, person
from tests.integration.page_kit import empty_kit, page_of, post, signed_in

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, two refused rows, a page."""
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        made.send([declared(1, 1, "TM"), declared(2, 2, "GX"), declared(3, 3, "GX")])
        yield made


@pytest.fixture
def url(kit: Kit) -> Iterator[str]:
    desk = QuarantineDesk(Settings(home=kit.folder / "home"), At(kit.kafka, kit.dsn))
    with page_of(kit, quarantine=desk) as address:
        yield address


def ids(kit: Kit) -> list[int]:
    return [row.id for row in reversed(seen_rows(kit.db, Wanted()))]


def reads(kit: Kit) -> list[tuple[str, str]]:
    return kit.db.execute("select who, why from vault.reads where what = 'quarantine' order by read_at").fetchall()


def test_an_operator_and_a_stranger_see_nothing_of_it(kit: Kit, url: str) -> None:
    held = ids(kit)[0]
    with signed_in(url, "operator") as client:
        for path in ("/quarantine", f"/quarantine/{held}"):
            answer = client.get(path)
            assert answer.status_code == 403
            assert "GX" not in answer.text
        for path in (
            f"/quarantine/{held}/open",
            f"/quarantine/{held}/edit",
            "/quarantine/resend",
            "/quarantine/discard",
        ):
            assert post(client, path, why="x", id=str(held)).status_code == 403
        assert '"/quarantine"' not in client.get("/").text
    with httpx.Client(base_url=url) as client:
        assert client.get("/quarantine").status_code == 303
    assert reads(kit) == []
    assert len(ids(kit)) == 2


def test_a_role_that_is_taken_away_ends_at_once(kit: Kit, url: str) -> None:
    with signed_in(url, "clerk") as client:
        assert client.get("/quarantine").status_code == 200
        accounts.set_role(kit.dsn, "clerk", "operator")
        assert client.get("/quarantine").status_code == 403


def test_what_a_row_said_is_shown_for_a_stated_purpose_only_and_the_look_is_logged(kit: Kit, url: str) -> None:
    held = ids(kit)[0]
    with signed_in(url, "clerk") as client:
        for path in ("/quarantine", "/quarantine?reason=unknown-movement-code", f"/quarantine/{held}"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "unknown-movement-code" in answer.text
            assert not any(value in answer.text for value in person(2).values())
        assert post(client, f"/quarantine/{held}/open", why=" ").status_code == 400
        assert reads(kit) == []
        answer = post(client, f"/quarantine/{held}/open", why="gọi điện cho đơn vị")
        assert all(value in answer.text for value in person(2).values())
        assert "live.js" not in answer.text
    assert reads(kit) == [("page:clerk", "gọi điện cho đơn vị")]


def test_a_corrected_row_goes_out_and_its_receipt_page_tells(kit: Kit, url: str) -> None:
    two, three = ids(kit)
    batch = seen_rows(kit.db, Wanted())[0].batch
    kit.log.restart()
    with signed_in(url, "clerk") as client:
        answer = post(client, f"/quarantine/{two}/edit", **{"column.movement_code": "TM", "then": "send"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/quarantine/{two}")
        assert "đã sửa và nhận" in client.get(f"/quarantine/{two}").text
        answer = post(client, f"/quarantine/{three}/edit", **{"column.movement_code": "GY", "then": "send"})
        assert "GY" in answer.text
        assert post(client, f"/quarantine/{two}/edit", **{"column.movement_code": "TM"}).status_code == 409
        assert post(client, "/quarantine/discard", id=[str(three)], why="").status_code == 400
        assert "Đã bỏ 1 dòng" in post(client, "/quarantine/discard", id=[str(three)], why="khai trùng").text
        assert "Đã bỏ 0 dòng" in post(client, "/quarantine/discard", id=[str(three)], why="khai trùng").text
    assert [record.data["line"] for record in kit.log.read(MOVEMENTS_IN)] == ["2"]
    assert ids(kit) == []
    told = QuarantineDesk(Settings(home=kit.folder / "home"), At(kit.kafka, kit.dsn)).fates(batch)
    assert {line: fate["state"] for line, fate in told.items()} == {"2": "fixed", "3": "discarded"}


def test_a_whole_reason_is_sent_again_from_the_page(kit: Kit, url: str) -> None:
    with signed_in(url, "clerk") as client:
        answer = post(client, "/quarantine/resend", reason="unknown-movement-code", all="yes")
        assert "2 dòng vẫn bị từ chối" in answer.text
        assert post(client, "/quarantine/resend", reason="unknown-movement-code").status_code == 400
    assert len(ids(kit)) == 2


def test_odd_addresses_and_forms_are_answered_never_with_a_fault(kit: Kit, url: str) -> None:
    with signed_in(url, "clerk") as client:
        for path in ("/quarantine/0", "/quarantine/x", f"/quarantine/{10**30}", "/quarantine/999999"):
            assert client.get(path).status_code in (400, 404)
        assert client.get("/quarantine?reason=%00&dossier=%00&page_number=-1").status_code == 200
        assert client.get(f"/quarantine?page_number={'9' * 5000}").status_code == 200
        assert post(client, "/quarantine/resend", id=["x", str(10**10)]).status_code == 200
        for number in (str(2**63), "9" * 5000):
            assert post(client, "/quarantine/resend", id=number).status_code == 400
            assert post(client, "/quarantine/discard", id=number, why="x").status_code == 400
        assert client.post("/quarantine/resend", data={"id": "1"}).status_code == 403


def test_a_row_of_long_texts_can_be_corrected(kit: Kit, url: str) -> None:
    two, _ = ids(kit)
    long = "ễ" * 1000
    with signed_in(url, "clerk") as client:
        filled = {f"column.{name}": long for name in ("full_name", "movement_code", "from_month", "tax_code")}
        assert post(client, f"/quarantine/{two}/edit", **filled).status_code == 303


def test_nothing_of_a_person_is_in_an_address(kit: Kit, url: str) -> None:
    held = ids(kit)[0]
    with signed_in(url, "clerk") as client:
        answer = post(client, f"/quarantine/{held}/open", why="test")
    for link in re.findall(r'(?:href|action)="([^"]+)"', answer.text):
        assert not any(value in link for value in person(2).values())
