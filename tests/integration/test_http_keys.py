"""Nobody gets in without a key, and a key speaks for what it names and for nothing else."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from consumers.store import prepare_database
from deploy.local import Endpoints
from producers.areas import ShippedAreas
from producers.http.keys import KeyRefused, find_key, list_keys, revoke_key
from producers.http.rates import Rates
from schemas.topics import MOVEMENTS_IN
from tests.integration.http_kit import Http, make_key, member, movement, served, working
from tests.integration.intake_kit import FIRM, OTHER, THIRD, Kit, listed, write

pytestmark = pytest.mark.services

WARD, SIBLING, CITY, ELSEWHERE = "10507", "10525", "31", "01"
SCOPED = "insert into store.unit_status (unit, kind, version, workers, present, members, tax_code, union_code, name, \
ownership, area_code, park, eligible_agreement, eligible_party, upper_union, unions, partial_cover, agreement, party, \
baseline, unclosed, successors, recorded_at) values (%s, 'enterprise', 1, 0, 0, 0, %s, '', '', '', %s, '', '', '', '', \
%s, false, false, false, 'none', 0, '{}', now())"


@pytest.fixture(scope="module")
def kit(endpoints: Endpoints, fresh_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """Three enterprises: two in wards of the city, one in a place that is not known. Union CD-1 is at the first."""
    with Kit(fresh_database, endpoints.kafka, tmp_path_factory.mktemp("keys")) as made:
        prepare_database(fresh_database)
        for code, area, union in ((FIRM, WARD, "CD-1"), (OTHER, SIBLING, "CD-2"), (THIRD, "", "CD-3")):
            made.db.execute(SCOPED, (f"e{code}", code, area, [union]))
        yield made


@pytest.fixture(scope="module")
def url(kit: Kit) -> Iterator[str]:
    home = kit.folder / "home"
    with served(kit.dsn, home) as url, working(kit.dsn, kit.kafka, home):
        yield url


def sender(kit: Kit, url: str, **options: Any) -> Http:
    return Http(url, make_key(kit.dsn, **options)[1])


def test_every_route_but_health_is_closed_without_a_key(kit: Kit, url: str) -> None:
    good = make_key(kit.dsn)[1]
    expired = make_key(kit.dsn, expires_at=datetime.now(UTC) + timedelta(seconds=0.3))[1]
    revoked, text = make_key(kit.dsn)
    revoke_key(kit.db, revoked.id, by="test", now=datetime.now(UTC))
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    described = httpx.get(f"{url}/v1/openapi.json", headers={"authorization": f"Bearer {good}"}).json()
    routes = [(verb, path) for path, one in described["paths"].items() for verb in one]
    routes += [("get", "/v1/openapi.json"), ("get", "/"), ("get", "/docs"), ("delete", "/v1/members"), ("get", "/v2")]
    shown = ["", "Bearer", "Bearer x", f"Basic {good}", f"Bearer {wrong}", f"Bearer {text}", f"Bearer {expired}"]
    ends = max(key.expires_at for key in list_keys(kit.db) if key.expires_at)
    time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()))
    for verb, path in routes:
        for said in shown:
            answer = httpx.request(verb, url + path.replace("{receipt}", "x"), headers={"authorization": said})
            if path == "/v1/health":
                assert answer.status_code == 200
            else:
                assert (verb, path, said, answer.status_code) == (verb, path, said, 401)
                assert answer.json()["code"] == "no-key"
    assert httpx.get(f"{url}/v1/nothing", headers={"authorization": f"Bearer {good}"}).status_code == 404
    wrong = httpx.get(f"{url}/v1/members", headers={"authorization": f"Bearer {good}"})
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert httpx.post(f"{url}/v1/health").headers["allow"] == "GET, HEAD"


def test_a_key_is_kept_as_a_hash_only(kit: Kit) -> None:
    key, text = make_key(kit.dsn)
    secret = text.rpartition(f"{key.id}_")[2]
    rows = kit.db.execute("select k::text from intake.api_keys k").fetchall()
    assert all(secret not in row[0] and secret.encode().hex() not in row[0] for row in rows)
    assert find_key(kit.db, text, datetime.now(UTC)) == key


def test_a_receipt_is_seen_by_its_key_alone(kit: Kit, url: str) -> None:
    mine, other = sender(kit, url), sender(kit, url)
    answer = mine.post("members", member(1))
    assert other.get(answer.headers["location"]).status_code == 404
    assert other.get("/v1/receipts/031185000001").status_code == 404
    assert mine.receipt(answer)["accepted"] == 1


def test_a_revoked_key_ends_at_once_and_its_posts_stay(kit: Kit, url: str) -> None:
    key, text = make_key(kit.dsn)
    http = Http(url, text)
    answer = http.post("members", member(2))
    revoke_key(kit.db, key.id, by="test", now=datetime.now(UTC))
    assert http.post("members", member(3)).status_code == 401
    post = answer.json()["receipt"]
    later = sender(kit, url)
    later.receipt(later.post("members", member(4)))
    said = kit.db.execute("select state, receipts -> 0 ->> 'accepted' from intake.posts where post = %s", (post,))
    assert said.fetchone() == ("published", "1")


def test_feeds_that_a_key_does_not_name_are_refused(kit: Kit, url: str, tmp_path: Path) -> None:
    http = sender(kit, url, feeds=["member-register"])
    answer = http.post("d02", movement(1, 5))
    assert (answer.status_code, answer.json()["code"]) == (403, "feed-not-allowed")
    receipt = http.receipt(http.post("files", write(tmp_path / "d02.csv", [movement(1, 5)]).read_bytes()))
    assert receipt["dossiers"][0]["refused"][0]["reason"] == "feed-not-allowed"
    assert receipt["accepted"] == 0


@pytest.mark.parametrize(
    ("scope", "path", "row", "taken"),
    [
        ({"enterprises": [FIRM]}, "d02", movement(1, 10, FIRM, dossier_no="S1"), True),
        ({"enterprises": [FIRM]}, "d02", movement(1, 10, f"{FIRM}-001", dossier_no="S1"), True),
        ({"enterprises": [FIRM]}, "d02", movement(1, 10, OTHER, dossier_no="S2"), False),
        ({"enterprises": [FIRM]}, "members", member(10), False),
        ({"enterprises": [FIRM]}, "rosters", listed(10, OTHER, complete="no"), False),
        ({"unions": ["CD-1"]}, "members", member(11, "CD-1"), True),
        ({"unions": ["CD-1"]}, "members", member(11, "CD-2"), False),
        ({"unions": ["CD-1"]}, "d02", movement(1, 11, FIRM), False),
        ({"areas": [WARD]}, "d02", movement(1, 12, FIRM, dossier_no="S3"), True),
        ({"areas": [WARD]}, "d02", movement(1, 12, OTHER, dossier_no="S3"), False),
        ({"areas": [CITY]}, "d02", movement(2, 12, OTHER, dossier_no="S3"), True),
        ({"areas": [CITY]}, "d02", movement(1, 12, THIRD, dossier_no="S4"), False),
        ({"areas": [WARD]}, "members", member(13, "CD-1"), True),
        ({"areas": [WARD]}, "members", member(13, "CD-2"), False),
        ({"areas": [CITY]}, "members", member(13, "CD-3"), False),
        ({"areas": [CITY]}, "members", member(13, "CD-NOBODY"), False),
        ({"areas": [WARD], "enterprises": [OTHER]}, "members", member(14, "CD-2"), True),
    ],
)
def test_rows_beyond_the_scope_are_refused_with_all_that_came_with_them(
    kit: Kit, url: str, tmp_path: Path, scope: dict[str, list[str]], path: str, row: dict[str, str], taken: bool
) -> None:
    http = sender(kit, url, **scope)
    answer = http.post(path, row)
    assert answer.status_code == (202 if taken else 403), answer.text
    if taken:
        assert http.receipt(answer)["refused"] == 0
        return
    assert answer.json()["code"] == "outside-scope"
    kit.log.restart()
    receipt = http.receipt(http.post("files", write(tmp_path / "rows.csv", [row]).read_bytes()))
    (dossier,) = receipt["dossiers"]
    assert (dossier["accepted"], dossier["refused"][0]["reason"]) == (0, "outside-scope")
    assert kit.log.read(MOVEMENTS_IN) == []


def test_one_row_beyond_the_scope_refuses_the_batch_and_is_named(kit: Kit, url: str) -> None:
    http = sender(kit, url, unions=["CD-1"])
    answer = http.post("members/batch", {"rows": [member(20), member(21, "CD-9"), member(22)]})
    assert (answer.status_code, answer.json()["at"]) == (403, ["rows[1]"])


def test_a_file_may_not_name_its_unit_beyond_the_scope(kit: Kit, url: str, tmp_path: Path) -> None:
    row = {name: value for name, value in movement(1, 23, dossier_no="S5").items() if name != "tax_code"}
    body = write(tmp_path / "unitless.csv", [row]).read_bytes()
    http = sender(kit, url, enterprises=[FIRM])
    refused = http.receipt(http.post("files", body, mobility_unit=OTHER))
    assert refused["dossiers"][0]["refused"][0]["reason"] == "outside-scope"
    assert http.receipt(http.post("files", body, mobility_unit=FIRM))["accepted"] == 1


def test_a_citation_reaches_no_fact_beyond_the_scope(kit: Kit, url: str) -> None:
    theirs = sender(kit, url, unions=["CD-2"])
    dossier = theirs.receipt(theirs.post("members", member(30, "CD-2")))["dossiers"][0]["dossier"]
    mine = sender(kit, url, unions=["CD-1"])
    cancel = member(30, "CD-1") | {"action": "cancel", "cites": f"{dossier}:1@1"}
    assert mine.post("members", cancel).json()["code"] == "outside-scope"
    bare = {"action": "cancel", "cites": f"{dossier}:1@1"}
    assert mine.post("members", bare).json()["code"] == "outside-scope"
    replaces = {"rows": [member(31, "CD-1")], "replaces": dossier}
    assert mine.post("members/batch", replaces).json()["code"] == "outside-scope"
    assert theirs.receipt(theirs.post("members", bare))["accepted"] == 1
    again = member(30, "CD-2") | {"action": "replace", "cites": f"{dossier}:1@2"}
    corrected = theirs.receipt(theirs.post("members", again))["dossiers"][0]["dossier"]
    by_its_last_line = {"action": "cancel", "cites": f"{corrected}:1@3"}
    assert mine.post("members", by_its_last_line).json()["code"] == "outside-scope"
    assert theirs.receipt(theirs.post("members", by_its_last_line))["accepted"] == 1


def test_a_new_enterprise_is_in_the_area_that_its_row_states(kit: Kit, url: str, tmp_path: Path) -> None:
    http = sender(kit, url, areas=[WARD])
    new = {"tax_code": "0200999991", "name": "Một", "registered_on": "2026-01-01", "effective_on": "2026-01-01"}

    def send(**row: str) -> Any:
        receipt = http.receipt(http.post("files", write(tmp_path / "firm.csv", [new | row]).read_bytes()))
        return receipt["dossiers"][0]["refused"][0]["reason"] if receipt["refused"] else receipt["accepted"]

    code = next(c for c in (f"020099999{n}" for n in range(10)) if _valid(c))
    assert send(tax_code=code, area_code=SIBLING) == "outside-scope"
    assert send(tax_code=code) == "outside-scope"
    assert send(tax_code=OTHER, area_code=WARD) == "outside-scope", "it is known to be elsewhere"
    assert send(tax_code=code, area_code=WARD) == 1


def _valid(code: str) -> bool:
    from producers.units.tax_code import place_of

    return place_of(code) is not None


def test_too_many_requests_a_minute_are_told_when_to_come_again(kit: Kit, url: str) -> None:
    http, other = sender(kit, url, per_minute=5), sender(kit, url)
    answers = [http.get("/v1/receipts/x").status_code for _ in range(7)]
    assert answers == [404] * 5 + [429] * 2
    limited = http.post("members", member(40))
    assert limited.json()["code"] == "too-often"
    assert 1 <= int(limited.headers["retry-after"]) <= 13
    assert other.get("/v1/receipts/x").status_code == 404


def test_a_bucket_fills_up_again_steadily() -> None:
    now = 100.0
    rates = Rates(lambda: now)
    assert [rates.wait_for("a", 60) for _ in range(60)] == [0.0] * 60
    assert rates.wait_for("a", 60) == pytest.approx(1.0)
    now += 0.5
    assert rates.wait_for("a", 60) == pytest.approx(0.5)
    now += 0.6
    assert rates.wait_for("a", 60) == 0.0
    assert rates.wait_for("b", 1) == 0.0


def test_areas_lie_in_their_province_and_old_codes_grant_nothing() -> None:
    known = ShippedAreas()
    for area, of in ((WARD, CITY), (WARD, WARD), (CITY, CITY)):
        assert known.lies_in(area, frozenset({of}))
    for area, of in ((WARD, SIBLING), (CITY, WARD), ("", CITY)):
        assert not known.lies_in(area, frozenset({of}))
    assert not known.is_area("288")


@pytest.mark.parametrize(
    "wrong",
    [
        {"everywhere": True, "unions": ["CD-1"]},
        {"everywhere": False, "unions": []},
        {"enterprises": ["0200000001"]},
        {"enterprises": [f"{FIRM}-001"]},
        {"areas": ["99999"]},
        {"areas": ["288"]},
        {"feeds": []},
        {"feeds": ["all"]},
        {"feeds": ["agreement-register"], "unions": ["CD-1"]},
        {"name": "two\nlines"},
        {"unions": ["<b>x</b>"]},
        {"unions": ["Nguyễn-Văn-Mẫu"]},
        {"unions": ["CD-031185000011"]},
        {"unions": ["C" * 41]},
        {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_key_that_says_too_much_or_nothing_is_not_made(kit: Kit, wrong: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        make_key(kit.dsn, **wrong)


def mobility(kit: Kit, *words: str) -> subprocess.CompletedProcess[str]:
    where = {"MOBILITY_POSTGRES": kit.dsn, "MOBILITY_KAFKA": kit.kafka, "MOBILITY_HOME": str(kit.folder / "home")}
    words = (sys.executable, "-m", "mobility", "key", *words)  # type: ignore[assignment]
    return subprocess.run(words, env={**os.environ, **where}, capture_output=True, text=True, check=False)


def test_keys_by_command(kit: Kit, url: str) -> None:
    kit.send([{"union_code": "CD-1", "name": "CĐCS", "tax_codes": FIRM, "founded_on": "2020-05-01"}])
    made = mobility(kit, "create", "Phần mềm CĐ", "--feed", "member-register", "--union", "CD-1", "--json")
    assert made.returncode == 0, made.stderr
    key = json.loads(made.stdout)
    http = Http(url, key["key"])
    assert http.receipt(http.post("members", member(50)))["accepted"] == 1
    unknown = mobility(
        kit, "create", "y", "--feed", "member-register", "--union", "CD-1", "--union", "CD-NOPE", "--json"
    )
    assert (unknown.returncode, json.loads(unknown.stdout)["unknown_unions"]) == (0, ["CD-NOPE"])
    assert "CD-NOPE" in unknown.stderr
    told = json.loads(mobility(kit, "list", "--json").stdout)["keys"]
    assert key["key"] not in str(told)
    (mine,) = [one for one in told if one["id"] == key["id"]]
    assert key["unknown_unions"] == []
    assert (mine["unions"], mine["revoked_at"], mine["name"]) == (["CD-1"], None, "Phần mềm CĐ")
    assert key["id"] in mobility(kit, "list").stdout
    assert mobility(kit, "revoke", key["id"]).returncode == 0
    assert http.post("members", member(51)).status_code == 401
    assert mobility(kit, "revoke", "nobody").returncode == 1
    known, unknown_key = make_key(kit.dsn)[1], f"mob_{'0' * 16}_{'Secret-of-43' * 4}"[:64]
    for text, code in ((known, 0), (unknown_key, 1), (known[21:], 1), (known[4:], 0)):
        said = mobility(kit, "revoke", text, "--json")
        assert (said.returncode, known[21:33] in said.stdout + said.stderr) == (code, False), said.stderr
        assert "Secret" not in said.stdout + said.stderr
    assert find_key(kit.db, known, datetime.now(UTC)) is None
    assert mobility(kit, "create", "x", "--feed", "d02").returncode == 2
    plain = mobility(kit, "create", "x", "--feed", "d02", "--everywhere")
    assert plain.stdout.startswith("mob_") and plain.stdout.count("\n") == 1


def test_postgres_away_is_503_and_said_by_health(kit: Kit) -> None:
    home = kit.folder / "home"
    with served("postgresql://nobody@127.0.0.1:1/none", home) as lost:
        assert httpx.get(f"{lost}/v1/health").json() == {"alive": True, "storing": False}
        text = make_key(kit.dsn)[1]
        answer = Http(lost, text).post("members", member(60))
        assert (answer.status_code, answer.json()["code"]) == (503, "away")
        assert int(answer.headers["retry-after"]) > 0
