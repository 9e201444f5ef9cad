"""Whatever arrives: never a 500, never a word of it in an answer, a log line or a metric."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import prometheus_client
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local import Endpoints
from producers.http.feeds import feeds
from producers.http.limits import Limits
from tests.integration.http_kit import Http, make_key, member, served, working
from tests.integration.intake_kit import FIRM, Kit

pytestmark = pytest.mark.services

NAMES = sorted({field.name for feed in feeds().values() for field in feed.fields} | {"rows", "unit", "x", ""})
ODD = [
    "",
    " ",
    "\0",
    "\ufeff",
    "\u2028",
    "a\nb",
    '"',
    ",",
    ";",
    "=1+1",
    "0" * 500,
    "１２",
    "\u0301",
    "031185000001",
    FIRM,
]
WORDS = ["TM", "GH", "yes", "no", "admitted", "10/2026", "2026-09-01", "D02", "replace", "cancel", "HS-1:1@1", "a:b:c"]
TEXTS = st.one_of(st.sampled_from(ODD), st.sampled_from(WORDS), st.text(max_size=20))
VALUES = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats(), st.lists(st.integers(), max_size=2))
ROWS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)
GOOD_ROWS = st.dictionaries(
    st.sampled_from([n for n in NAMES if n not in ("rows", "unit", "x", "")]), TEXTS, max_size=9
)
BATCHES = st.fixed_dictionaries(
    {"rows": st.lists(GOOD_ROWS, min_size=1, max_size=4)},
    optional={"unit": TEXTS, "dossier": TEXTS, "replaces": TEXTS},
)
JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
BODIES = st.one_of(
    st.binary(max_size=200),
    ROWS.map(lambda one: json.dumps(one).encode()),
    BATCHES.map(lambda one: json.dumps(one).encode()),
    JSON.map(lambda one: json.dumps(one).encode()),
    st.lists(ROWS, max_size=3).map(lambda rows: json.dumps({"rows": rows}).encode()),
)
PATHS = st.sampled_from([*feeds(), *(f"{route}/batch" for route in feeds()), "files", "receipts/x", "nowhere", "%00"])


@st.composite
def fitting(draw: st.DrawFn) -> tuple[str, bytes]:
    """A batch whose shape is right, whatever stands in it."""
    feed = draw(st.sampled_from(list(feeds().values())))
    row = st.dictionaries(st.sampled_from([field.name for field in feed.fields]), TEXTS, max_size=9)
    rows = draw(st.lists(row, min_size=1, max_size=4))
    body = {"rows": [{"full_name": "X", "line": str(n)} | one for n, one in enumerate(rows)]}
    return f"{feed.route}/batch", json.dumps(body | draw(st.dictionaries(st.just("unit"), TEXTS))).encode()


CASES = st.one_of(st.tuples(PATHS, BODIES), fitting())
HEADERS = st.dictionaries(
    st.sampled_from(["Idempotency-Key", "Mobility-Unit", "Mobility-Dossier", "Mobility-Replaces", "Content-Type"]),
    st.one_of(st.sampled_from(ODD[10:]), st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)).map(
        lambda text: text.strip().encode("utf-8")
    ),
    max_size=3,
)


@pytest.fixture(scope="module")
def kit(endpoints: Endpoints, fresh_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    with Kit(fresh_database, endpoints.kafka, tmp_path_factory.mktemp("fuzz")) as made:
        yield made


@pytest.fixture(scope="module")
def url(kit: Kit) -> Iterator[str]:
    with served(kit.dsn, kit.folder / "home", Limits(rows_bytes=100_000, file_bytes=100_000)) as url:
        yield url


def test_any_body_is_answered_and_what_was_accepted_is_published(kit: Kit, url: str) -> None:
    http = Http(url, make_key(kit.dsn)[1])
    scoped = Http(url, make_key(kit.dsn, enterprises=[FIRM], unions=["CD-1"])[1])
    statuses: dict[int, int] = {}

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=CASES, headers=HEADERS, limited=st.booleans())
    def post(case: tuple[str, bytes], headers: dict[str, bytes], limited: bool) -> None:
        path, body = case
        mine = scoped if limited else http
        said = {name.encode(): value for name, value in headers.items()} | {
            b"Authorization": f"Bearer {mine.key}".encode()
        }
        answer = http.client.post(f"{url}/v1/{path}", content=body, headers=said)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        assert answer.status_code in (202, 400, 403, 404, 405, 409, 413, 422), (answer.status_code, answer.text)

    post()
    assert statuses.get(202, 0) > 20, statuses
    kit.log.restart()
    with working(kit.dsn, kit.kafka, kit.folder / "home"):
        last = http.receipt(http.post("members", member(9_999)))
        assert last["accepted"] == 1
    states = kit.db.execute("select state, count(*) from intake.posts group by state").fetchall()
    assert [state for state, _ in states] == ["published"], states
    rows = kit.db.execute("select post, format from intake.posts").fetchall()
    assert len(rows) > 20


class Kept(logging.Handler):
    """Every line of every logger."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def test_nothing_personal_in_answers_logs_metrics_or_the_log(kit: Kit, url: str) -> None:
    who = {
        "full_name": "Nguyễn Bí Mật",
        "insurance_number": "7987654321",
        "personal_number": "031199887766",
        "card_number": "CARD-5544332211",
        "birth_date": "17/03/1999",
    }
    secrets = list(who.values())
    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    answers: list[httpx.Response] = []
    receipts: list[Any] = []
    kit.log.restart()
    try:
        http = Http(url, make_key(kit.dsn, unions=["CD-1"], enterprises=[FIRM])[1])
        good = who | {"union_code": "CD-1", "change": "admitted", "effective_on": "2026-09-01"}
        bad: list[Any] = [
            good | {"union_code": "CD-9"},
            good | {"union_code": who["personal_number"]},
            good | {who["full_name"]: who["personal_number"]},
            good | {"change": 31199887766},
            {"rows": who},
            [who["personal_number"]],
        ]
        for body in bad:
            answers += [http.post("members", body), http.post("members/batch", {"rows": [body]})]
        answers += [http.post("members", json.dumps(good).encode()[:-1]), http.get(f"/v1/{who['personal_number']}")]
        answers.append(http.post("members", good, mobility_unit=who["personal_number"], idempotency_key="7987654321"))
        answers.append(Http(url, who["personal_number"]).post("members", good))
        faulty = [good | {"change": who["full_name"]}, good | {"effective_on": who["personal_number"]}, good]
        numbered = {"movement_code": who["card_number"], "line": who["personal_number"], "tax_code": FIRM}
        worker = {name: value for name, value in who.items() if name != "card_number"}
        posts = [
            http.post("members/batch", {"rows": faulty}),
            http.post("d02", worker | numbered | {"dossier_no": "HS-1P", "from_month": who["full_name"]}),
            http.post("files", json.dumps(good).encode(), content_disposition="attachment"),
        ]
        answers += posts
        with working(kit.dsn, kit.kafka, kit.folder / "home"):
            receipts = [http.receipt(one) for one in posts]
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
    assert sum(one["accepted"] + one["unchanged"] for one in receipts) == 1
    assert sum(one["refused"] for one in receipts) == 4
    published = "".join(record.raw.decode() for record in kit.log.read())
    metrics = prometheus_client.generate_latest().decode()
    said = "".join(answer.text + str(answer.headers) for answer in answers) + json.dumps(receipts, ensure_ascii=False)
    ours = "\n".join(line for line in kept.lines if not line.startswith(("HTTP Request", "send_", "receive_")))
    for secret in secrets:
        for where, text in (("answers", said), ("metrics", metrics), ("Kafka", published), ("log", ours)):
            assert secret not in text, where
    assert 'mobility_http_requests_total{route="/v1/members/batch",status="202"}' in metrics
