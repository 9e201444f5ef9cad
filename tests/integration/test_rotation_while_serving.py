"""The vault's key is changed while the HTTP intake and the page are up: nothing is lost, nothing goes out twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from deploy.local import Endpoints
from mobility.endpoints import Endpoints as At
from mobility.quarantine import QuarantineDesk
from mobility.settings import Settings
from producers.http import posts
from producers.http.limits import Limits
from producers.http.posts import Posted
from producers.intake import open_intake
from producers.quarantine.correcting import edit
from producers.quarantine.reading import Wanted, opened_rows
from producers.vault import rotating
from schemas.topics import MOVEMENTS_IN
from tests.integration.http_kit import Http, make_key, member, served, working
from tests.integration.intake_kit import NOW, Kit, declared, person
from tests.integration.person_kit import empty_kit, id_of

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, two refused rows."""
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        made.send([declared(1, 1, "TM"), declared(2, 2, "GX"), declared(3, 3, "GX")])
        made.log.restart()
        yield made


def home(kit: Kit) -> Path:
    return kit.folder / "home"


def rotate(kit: Kit) -> rotating.Rotation:
    return rotating.rotate(kit.db, kit.intake.current_keys(), say=print)


def changes(kit: Kit) -> Counter[str]:
    return Counter(record.data["change"] for record in kit.log.read(MOVEMENTS_IN))


def test_posts_before_and_after_a_change_of_the_key_go_out_once(kit: Kit) -> None:
    with served(kit.dsn, home(kit)) as url:
        http = Http(url, make_key(kit.dsn)[1])
        before = http.post("members/batch", {"rows": [member(11), member(12)]}, idempotency_key="a")
        rotate(kit)
        after = http.post("members/batch", {"rows": [member(13)]})
        again = http.post("members/batch", {"rows": [member(11), member(12)]}, idempotency_key="a")
        assert again.json()["receipt"] == before.json()["receipt"]
        with working(kit.dsn, kit.kafka, home(kit)):
            assert [http.receipt(one)["accepted"] for one in (before, after)] == [2, 1]
            rotate(kit)
            assert http.receipt(http.post("members", member(14)))["accepted"] == 1
    assert changes(kit) == Counter({"admitted": 4})
    assert all(id_of(kit, person(n)["personal_number"]) for n in (11, 12, 13, 14))


def test_whoever_read_the_keys_before_seals_with_those_of_today(kit: Kit) -> None:
    """Read before a change, used after it: what a request or a page does that is just under way."""
    key, _ = make_key(kit.dsn)
    with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=home(kit)) as late:
        rotate(kit)
        accepted = posts.accept(
            late.connection,
            late.keys,
            Posted("/v1/members", "rows", b"x", b"said"),
            key_id=key.id,
            idempotency="",
            limits=Limits(),
            now=NOW,
        )
        (two, *_) = [row.id for row in opened_rows(late.connection, late.keys, Wanted(), who="a", why="b")][::-1]
        assert edit(late.connection, late.keys, two, {"movement_code": "TM"}, who="a", now=NOW) == ["movement_code"]
    assert posts.opened(kit.db, kit.intake.current_keys(), accepted.post) == b"said"
    (row,) = opened_rows(kit.db, kit.intake.current_keys(), Wanted(ids=[two]), who="a", why="b")
    assert (row.values["movement_code"], row.values["full_name"]) == ("TM", person(2)["full_name"])


def test_the_page_opens_corrects_and_resends_after_a_change(kit: Kit) -> None:
    desk = QuarantineDesk(Settings(home=home(kit)), At(kit.kafka, kit.dsn))
    rows, _ = desk.rows(reason="", dossier="", limit=10, skip=0)
    two, three = sorted(row["id"] for row in rows)
    rotate(kit)
    values = desk.values(two, who="clerk", why="test")
    assert values
    assert values["full_name"] == person(2)["full_name"]
    assert desk.edit(two, {"movement_code": "TM"}, who="clerk") == ""
    rotate(kit)
    assert desk.edit(three, {"movement_code": "TM"}, who="clerk") == ""
    done = desk.resend(ids=[two, three], reason="", who="clerk")
    assert done
    assert sorted(done["fixed"]) == [two, three]
    assert desk.resend(ids=[two, three], reason="", who="clerk") == {
        "fixed": [],
        "refused_again": [],
        "passed_over": [two, three],
        "receipts": [],
    }
    assert changes(kit) == Counter({"joined": 2})


def test_posts_that_stream_in_while_the_key_is_changed_again_and_again(kit: Kit) -> None:
    changed, enough = [], threading.Event()
    answers: list[httpx.Response] = []
    with served(kit.dsn, home(kit)) as url, working(kit.dsn, kit.kafka, home(kit)):
        http = Http(url, make_key(kit.dsn)[1])

        def change() -> None:
            with psycopg.connect(kit.dsn, autocommit=True) as line:
                while not enough.is_set():
                    with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=home(kit)) as intake:
                        rotating.rotate(line, intake.keys, say=print)
                    changed.append(1)

        changing = threading.Thread(target=change)
        changing.start()
        try:
            while changing.is_alive() and (len(answers) < 50 or len(changed) < 4) and len(answers) < 5_000:
                answers.append(http.post("members", member(100 + len(answers))))
            receipts = [http.receipt(answer) for answer in answers]
        finally:
            enough.set()
            changing.join()
    assert len(changed) >= 4
    assert [one["accepted"] for one in receipts] == [1] * len(answers)
    assert changes(kit) == Counter({"admitted": len(answers)})
