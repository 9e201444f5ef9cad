"""What union software posts is stored before it is answered, published once, and told row by row."""

import json
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from deploy.local import Endpoints
from producers.http.limits import Limits
from producers.quarantine.correcting import edit
from producers.quarantine.reading import Wanted, seen_rows
from producers.quarantine.resending import resend
from schemas.topics import MOVEMENTS_IN, RECEIPTS
from tests.integration.http_kit import Http, make_key, member, movement, served, working
from tests.integration.intake_kit import FIRM, OTHER, Kit, listed, write

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def kit(endpoints: Endpoints, fresh_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    with Kit(fresh_database, endpoints.kafka, tmp_path_factory.mktemp("http")) as made:
        yield made


@pytest.fixture(scope="module")
def url(kit: Kit) -> Iterator[str]:
    """A server and a worker."""
    home = kit.folder / "home"
    with served(kit.dsn, home, Limits(rows=3_000, rows_bytes=2 << 20)) as url, working(kit.dsn, kit.kafka, home):
        yield url


@pytest.fixture
def http(kit: Kit, url: str) -> Http:
    kit.log.restart()
    return Http(url, make_key(kit.dsn)[1])


def test_a_batch_of_members_is_published_and_told_row_by_row(kit: Kit, http: Http) -> None:
    rows = [member(1), member(2), member(3, change="dances"), member(4, on="2026-13-45")]
    answer = http.post("members/batch", {"rows": rows})
    assert answer.headers["location"] == f"/v1/receipts/{answer.json()['receipt']}"
    receipt = http.receipt(answer)
    assert (receipt["accepted"], receipt["unchanged"], receipt["refused"]) == (2, 0, 2)
    (dossier,) = receipt["dossiers"]
    told = [(one["line"], one["field"], one["reason"]) for one in dossier["refused"]]
    assert told == [("3", "change", "bad-value"), ("4", "effective_on", "bad-date")]
    for one in dossier["refused"]:
        assert one["vi"] and one["en"] and one["vi"] != one["en"]
        assert " / " not in one["en"]
    facts = kit.log.read(MOVEMENTS_IN)
    assert sorted(record.data["change"] for record in facts) == ["admitted", "admitted"]
    (said,) = kit.log.read(RECEIPTS)
    assert said.data["file"] == f"http-{answer.json()['receipt']}"
    left = kit.db.execute("select sealed from intake.posts where post = %s", (answer.json()["receipt"],)).fetchone()
    assert left == (None,)


def test_refused_rows_are_called_by_the_item_of_the_post(kit: Kit, http: Http) -> None:
    """On the receipt and in quarantine; the file that is made of a post has other rows, and nobody has seen it."""
    rows = [movement(7, 14, dossier_no="HS-1I"), movement(9, 15, dossier_no="HS-1I", movement_code="GX")]
    rows.append(movement(11, 16, dossier_no="HS-1I") | {"line": "VÍ DỤ"})
    (dossier,) = http.receipt(http.post("d02/batch", {"rows": rows}))["dossiers"]
    told = [(one["item"], one["line"], one["field"]) for one in dossier["refused"]]
    assert told == [(2, "9", "movement_code"), (3, "3", "line")]
    assert not any(re.search(r"\brow \d", one["en"] + one["vi"]) for one in dossier["refused"])
    held = sorted(row.message.partition(":")[0] for row in seen_rows(kit.db, Wanted(dossier="HS-1I")))
    assert [one.partition(", ")[2] for one in held] == ["item 2", "item 3"]


def test_of_a_single_post_the_field_is_named_alone(kit: Kit, http: Http) -> None:
    answer = http.post("d02", movement(3, 17, dossier_no="HS-1O", movement_code="GX"))
    (told,) = http.receipt(answer)["dossiers"][0]["refused"]
    assert (told["item"], told["line"], told["field"]) == (None, "3", "movement_code")
    (held,) = seen_rows(kit.db, Wanted(dossier="HS-1O"))
    assert (held.field, held.message.partition(": ")[0]) == ("movement_code", f"http-{answer.json()['receipt']}")


def test_single_facts_of_each_feed(kit: Kit, http: Http) -> None:
    posts = {
        "members": member(11),
        "rosters": listed(12, as_of="2026-09-01", complete="no"),
        "d02": movement(7, 13, dossier_no="HS-1S"),
    }
    for path, row in posts.items():
        receipt = http.receipt(http.post(path, row))
        assert (path, receipt["accepted"], receipt["refused"]) == (path, 1, 0), receipt
    changes = Counter(record.data["change"] for record in kit.log.read(MOVEMENTS_IN))
    assert changes == Counter({"admitted": 1, "listed": 1, "joined": 2})


def test_the_unit_and_the_dossier_of_a_batch_hold_for_its_rows(http: Http) -> None:
    rows = [{k: v for k, v in movement(n, 20 + n).items() if k not in ("tax_code", "dossier_no")} for n in (1, 2)]
    receipt = http.receipt(http.post("d02/batch", {"rows": rows, "unit": OTHER, "dossier": "HS  OF-2"}))
    assert receipt["accepted"] == 2, receipt
    assert receipt["dossiers"][0]["dossier"] == "HS OF-2"
    lacking = http.receipt(http.post("d02/batch", {"rows": rows}))
    assert lacking["accepted"] == 0
    assert lacking["refused"] == 1  # the file as a whole, or each row
    assert lacking["dossiers"][0]["refused"][0]["reason"] == "missing-unit"
    (told,) = lacking["dossiers"][0]["refused"]
    assert '"unit" (/batch): ' in told["vi"], "a field of the batch, no option of a command"
    assert '"unit" (/batch): ' in told["en"]
    assert "--" not in told["vi"] + told["en"]


def test_files_as_they_are(kit: Kit, http: Http, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", [movement(1, 31, dossier_no="HS-1A"), movement(2, 32, dossier_no="HS-1A")])
    second = write(tmp_path / "b.csv", [movement(1, 33, dossier_no="HS-1B")])
    receipt = http.receipt(http.post("files", first.read_bytes()))
    assert [(one["dossier"], one["accepted"]) for one in receipt["dossiers"]] == [("HS-1A", 2)], receipt
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.write(first, "a.csv")
        archive.write(second, "b.csv")
        archive.writestr("c.csv", b"nothing,known\n1,2\n")
    receipt = http.receipt(http.post("files", (tmp_path / "both.zip").read_bytes()))
    assert (receipt["accepted"], receipt["unchanged"], receipt["refused"]) == (1, 2, 1)
    assert {one["refused"][0]["reason"] for one in receipt["dossiers"] if one["refused"]} == {"no-header"}
    receipt = http.receipt(http.post("files", b"%PDF-1.7"))
    assert receipt["dossiers"][0]["refused"][0]["reason"] == "unknown-format"
    unitless = [{k: v for k, v in movement(1, 34).items() if k not in ("tax_code", "dossier_no")}]
    third = write(tmp_path / "c.csv", unitless).read_bytes()
    receipt = http.receipt(http.post("files", third, mobility_unit=FIRM, mobility_dossier="S%E1%BB%91%2012"))
    assert [(one["dossier"], one["accepted"]) for one in receipt["dossiers"]] == [("Số 12", 1)]


def test_a_receipt_of_a_file_names_headers(http: Http, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", [{k: v for k, v in movement(1, 35).items() if k != "dossier_no"}]).read_bytes()
    (dossier,) = http.receipt(http.post("files", file))["dossiers"]
    (told,) = dossier["refused"]
    assert told["reason"] == "missing-dossier"
    assert "Mobility-Dossier: NO" in told["en"]
    assert "--" not in told["vi"] + told["en"]


def test_a_form_with_a_file_in_it_is_not_the_file(http: Http) -> None:
    body = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nline\r\n--x--\r\n'
    answer = http.post("files", body, content_type='Multipart/form-data; boundary="x"')
    assert (answer.status_code, answer.json()["code"]) == (415, "multipart")
    assert "--data-binary @" in answer.json()["en"]


def test_a_name_stated_twice_is_refused_and_nothing_is_lost_behind_a_202(http: Http) -> None:
    one, other = (json.dumps(member(n))[1:-1] for n in (36, 37))
    single = http.post("members", f"{{{one}, {other}}}".encode())
    batch = http.post("members/batch", f'{{"rows": [{{{one}}}, {{{one}, "union_code": "CD-2"}}]}}'.encode())
    assert [(said.status_code, said.json()["code"]) for said in (single, batch)] == [(422, "doubled-name")] * 2
    assert "full_name" in single.json()["at"]
    assert batch.json()["at"] == ["rows[1].union_code"]


@pytest.mark.parametrize("stated", ["", "x" * 201, "a b"])
def test_an_idempotency_key_that_is_none_is_refused(http: Http, stated: str) -> None:
    answer = http.post("members", member(38), idempotency_key=stated)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-idempotency-key")


def test_the_same_rows_again_are_unchanged(http: Http) -> None:
    body = {"rows": [member(41), member(42)]}
    assert http.receipt(http.post("members/batch", body))["accepted"] == 2
    again = http.receipt(http.post("members/batch", body))
    assert (again["accepted"], again["unchanged"]) == (0, 2)


def test_an_idempotency_key_gives_the_same_receipt_and_refuses_another_body(http: Http) -> None:
    body = {"rows": [member(51)]}
    first = http.post("members/batch", body, idempotency_key="a-1")
    again = http.post("members/batch", body, idempotency_key="a-1")
    assert first.json()["receipt"] == again.json()["receipt"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert http.receipt(again)["accepted"] == 1
    other = http.post("members/batch", {"rows": [member(52)]}, idempotency_key="a-1")
    assert (other.status_code, other.json()["code"]) == (409, "other-body")
    elsewhere = http.post("members", member(51), idempotency_key="a-1")
    assert elsewhere.status_code == 409


def test_an_idempotency_key_is_the_senders_own(kit: Kit, http: Http) -> None:
    neighbour = Http(http.url, make_key(kit.dsn)[1])
    mine = http.receipt(http.post("members", member(55), idempotency_key="b-1"))
    others = neighbour.receipt(neighbour.post("members", member(56), idempotency_key="b-1"))
    assert mine["receipt"] != others["receipt"]
    assert (mine["accepted"], others["accepted"]) == (1, 1)


def test_many_at_once_under_one_idempotency_key_are_one_post(kit: Kit, http: Http) -> None:
    body = {"rows": [member(60 + n) for n in range(30)]}
    start = threading.Barrier(12)

    def post(number: int) -> tuple[int, str]:
        mine = Http(http.url, http.key)
        start.wait()
        answer = mine.post("members/batch", body if number % 4 else {"rows": [member(99)]}, idempotency_key="c-1")
        return answer.status_code, answer.json().get("receipt", "")

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(post, range(12)))
    receipts = {receipt for status, receipt in answers if status == 202}
    assert {status for status, _ in answers} == {202, 409}
    assert len(receipts) == 1
    http.receipt(http.post("members", member(98)))  # a later one is done, so all are
    accepted = kit.log.read(MOVEMENTS_IN)
    assert len(accepted) in (31, 2), "either body won, whole"


def test_a_correction_by_citation(http: Http) -> None:
    first = http.receipt(http.post("d02", movement(1, 101, dossier_no="HS-1C")))
    assert first["accepted"] == 1, first
    row = movement(1, 101, dossier_no="HS-1C", from_month="08/2026")
    stale = http.receipt(http.post("d02", row))
    assert stale["dossiers"][0]["refused"][0]["line"] == "1"
    corrected = http.receipt(http.post("d02", row | {"action": "replace", "cites": "HS-1C:1@1"}))
    assert (corrected["accepted"], corrected["refused"]) == (1, 0)


def test_the_receipt_tells_remarks_and_rows_that_a_clerk_has_corrected_since(kit: Kit, http: Http) -> None:
    rows = [movement(1, 111, dossier_no="HS-1N"), movement(2, 112, dossier_no="HS-1N", movement_code="GX")]
    answer = http.post("d02/batch", {"rows": rows})
    (dossier,) = http.receipt(answer)["dossiers"]
    assert any(FIRM in note for note in dossier["notes"]), "no register names the firm"
    assert ([one["line"] for one in dossier["refused"]], dossier["fixed"]) == (["2"], [])
    (held,) = [row.id for row in seen_rows(kit.db, Wanted(dossier="HS-1N"))]
    edit(kit.db, kit.intake.current_keys(), held, {"movement_code": "TM"}, who="clerk", now=kit.now)
    assert resend(kit.intake, who="clerk", now=kit.now, ids=[held]).fixed == [held]
    (dossier,) = http.receipt(answer)["dossiers"]
    assert ([one["line"] for one in dossier["refused"]], dossier["fixed"]) == (["2"], ["2"])


@pytest.mark.parametrize(
    ("path", "body", "code", "at"),
    [
        ("members", b"", "empty", None),
        ("members", b"{", "not-json", None),
        ("members", b"\xff\xfe", "not-json", None),
        ("members", b"[" * 100_000, "not-json", None),
        ("members", [], "bad-shape", None),
        ("members", {}, "empty-row", None),
        ("members", {"line": "3"}, "empty-row", None),
        ("members", {"personal_number": 31185000001}, "bad-rows", ["personal_number"]),
        ("members", {"full_name": "A" * 501}, "bad-rows", ["full_name"]),
        ("members", {"Nguyễn Văn A": "x"}, "bad-rows", ["(1)"]),
        ("members/batch", {"rows": []}, "bad-shape", ["rows"]),
        ("members/batch", {"rows": [{}, 5]}, "bad-rows", ["rows[1]"]),
        ("members/batch", {"rows": [{"change": "left"}], "also": 1}, "bad-shape", None),
        ("members/batch", {"rows": [{"change": "left"}], "unit": 7}, "bad-rows", ["unit"]),
        ("d02/batch", {"rows": [movement(1, 1)], "dossier": "Trần Thị Mẫu"}, "bad-dossier", ["dossier"]),
        ("d02/batch", {"rows": [{"movement_code": "TM"}]}, "line-needed", ["rows[0].line"]),
        ("rosters", {"tax_code": "1", "complete": True}, "complete-alone", ["complete"]),
    ],
)
def test_a_body_of_another_shape_is_refused_by_position(
    http: Http, path: str, body: object, code: str, at: list[str] | None
) -> None:
    answer = http.post(path, body)
    said = answer.json()
    assert (answer.status_code, said["code"], said.get("at")) == (422, code, at)
    assert said["vi"] and said["en"]


@pytest.mark.parametrize(("name", "code"), [("unit", "bad-unit"), ("replaces", "bad-dossier")])
def test_a_person_in_an_option_is_not_stored(kit: Kit, http: Http, name: str, code: str) -> None:
    before = kit.db.execute("select count(*) from intake.posts").fetchone()
    for said in ("Bùi Văn Lạc", "031094000001", "031 094 000 001", "０３１０９４０００００１", "NguyenVanLac"):
        answers = [
            http.post("d02/batch", {"rows": [movement(1, 1)], name: said}),
            http.post("files", b"x", **{f"mobility_{name}": quote(said)}),
        ]
        assert [(one.status_code, one.json()["code"], one.json()["at"]) for one in answers] == [(422, code, [name])] * 2
        assert all(said not in one.text for one in answers)
    assert kit.db.execute("select count(*) from intake.posts").fetchone() == before


def test_a_unit_that_is_unknown_is_not_quoted_unless_it_reads_as_a_code(http: Http) -> None:
    rows = [{k: v for k, v in movement(1, 9_090).items() if k != "tax_code"}]
    for said, shown in (("LAN-2", False), ("TA9876B", True)):
        receipt = http.receipt(http.post("d02/batch", {"rows": rows, "unit": said}))
        (told,) = receipt["dossiers"][0]["refused"]
        assert (told["reason"], said in told["vi"], said in told["en"]) == ("bad-unit", shown, shown)


def test_a_byte_order_mark_before_the_body_is_passed_over(http: Http) -> None:
    mark = b"\xef\xbb\xbf"
    for path, body in (("members", member(9_081)), ("members/batch", {"rows": [member(9_082)]})):
        assert http.receipt(http.post(path, mark + json.dumps(body).encode()))["accepted"] == 1
    assert http.post("members", mark).json()["code"] == "empty"
    assert http.post("members", mark + mark + b"{}").json()["code"] == "not-json"


def test_too_much_is_413(http: Http) -> None:
    big = http.post("members/batch", b'{"rows": [' + b" " * (3 << 20))
    assert (big.status_code, big.json()["code"]) == (413, "too-large")

    def chunks() -> Iterator[bytes]:
        for _ in range(48):
            yield b" " * (64 << 10)

    headers = {"authorization": f"Bearer {http.key}"}
    unstated = http.client.post(f"{http.url}/v1/members/batch", content=chunks(), headers=headers)
    assert (unstated.status_code, unstated.json()["code"]) == (413, "too-large")
    many = http.post("members/batch", {"rows": [{"change": "left"}] * 3_001})
    assert (many.status_code, many.json()["code"]) == (413, "many-rows")
    packed = http.post("members", b"\x1f\x8b", content_encoding="gzip")
    assert packed.status_code == 415


def test_the_description_has_every_route_in_two_languages(http: Http) -> None:
    said = http.get("/v1/openapi.json").json()
    posts = {path: one["post"] for path, one in said["paths"].items() if "post" in one}
    assert {"/v1/members", "/v1/members/batch", "/v1/rosters", "/v1/d02", "/v1/d02/batch", "/v1/files"} <= set(posts)
    for path, post in posts.items():
        assert " / " in post["summary"]
        assert any(one["name"] == "Idempotency-Key" for one in post["parameters"])
        (content,) = post["requestBody"]["content"].values()
        assert path == "/v1/files" or content["example"]
    row = posts["/v1/members"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert all(" / " in one["description"] for one in row.values())
    assert json.dumps(said)


def test_the_examples_of_the_description_are_taken_as_they_stand(http: Http) -> None:
    said = http.get("/v1/openapi.json").json()
    for path in ("d02", "rosters", "members"):
        example = said["paths"][f"/v1/{path}"]["post"]["requestBody"]["content"]["application/json"]["example"]
        receipt = http.receipt(http.post(path, example))
        assert (path, receipt["refused"]) == (path, 0), receipt


def test_what_waits_is_encrypted_and_has_no_number_in_clear(kit: Kit, endpoints: Endpoints) -> None:
    name = f"sealed_{kit.sent}_x"
    with psycopg.connect(endpoints.postgres, autocommit=True) as line:
        line.execute(f"create database {name}".encode())
    dsn = endpoints.postgres.rpartition("/")[0] + f"/{name}"
    folder = kit.folder / name
    folder.mkdir()
    try:
        with Kit(dsn, kit.kafka, folder) as other, served(dsn, folder / "home") as url:
            http = Http(url, make_key(dsn)[1])
            waiting = http.post("members", member(77), idempotency_key="031185000077")
            assert http.get(waiting.headers["location"]).json()["state"] == "queued"
            (row,) = other.db.execute("select p::text from intake.posts p").fetchall()
            stored = bytes(other.db.execute("select sealed from intake.posts").fetchall()[0][0])
            for secret in (*member(77).values(),):
                if len(secret) > 8:
                    assert secret not in row[0]
                    assert secret.encode().hex() not in row[0]
                    assert secret.encode() not in stored
    finally:
        with psycopg.connect(endpoints.postgres, autocommit=True) as line:
            line.execute(f"drop database if exists {name} with (force)".encode())
