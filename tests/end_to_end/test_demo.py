"""The main job, as a person would do it: a city from files to alerts, verified, broken by hand, repaired."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.end_to_end.command_line import Home, temporary_home

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with temporary_home() as home:
        yield home


@pytest.fixture(scope="module")
def summary(home: Home) -> dict[str, object]:
    answer = home.mobility("demo", "--exit", "--json", timeout=600)
    assert answer.code == 0, answer.out + answer.err
    return dict(answer.json)


@pytest.fixture(scope="module")
def dsn(home: Home, summary: dict[str, object]) -> str:
    """The demo has stopped; the same home again, with everything in it."""
    return str(home.well("up", "--detach")["postgres"])


def test_the_demo_arrives_at_what_the_generator_of_the_city_expects(summary: dict[str, object]) -> None:
    assert summary["as_expected"] is True
    assert summary["refused"], "the city has faulty rows on purpose"
    assert summary["unchanged"], "the city has files that are sent twice"


def test_verify_agrees_after_a_restart(home: Home, dsn: str) -> None:
    assert home.well("verify") == {"ok": True, "differences": []}


def test_the_same_files_again_are_unchanged_and_make_no_event(home: Home, dsn: str) -> None:
    before = home.figures()
    folder = home.folder / "demo" / "files" / "registers"
    receipts = home.mobility("ingest", folder, "--wait", "--json").json["receipts"]
    assert sum(receipt["accepted"] for receipt in receipts) == 0
    assert sum(receipt["unchanged"] for receipt in receipts) > 0
    assert home.figures() == before


def test_verify_names_the_enterprise_whose_count_was_changed_by_hand(home: Home, dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "update store.unit_status set workers = workers + 1 where unit = "
            "(select unit from store.unit_status where kind = 'enterprise' and workers > 20 limit 1) returning tax_code"
        ).fetchone()
    assert row is not None
    answer = home.mobility("verify", "--json")
    assert answer.code == 1
    assert [(one["tax_code"], one["figure"]) for one in answer.json["differences"]] == [(row[0], "workers")]


def test_rebuild_recreates_the_store_from_kafka(home: Home, dsn: str) -> None:
    home.well("rebuild", "--yes")
    assert home.well("verify")["ok"] is True


def test_explain_counts_what_status_counts(home: Home, dsn: str) -> None:
    largest = max(home.well("status")["enterprises"], key=lambda row: row["workers"])
    explained = home.well("explain", largest["tax_code"])
    assert {name: explained["counts"][name] for name in ("workers", "present", "members")} == {
        name: largest[name] for name in ("workers", "present", "members")
    }
    assert all(person["facts"][0]["dossier"] for person in explained["persons"])


def test_no_personal_number_or_name_reaches_the_log(home: Home, dsn: str) -> None:
    """Greps every record of every topic for every number and name in the city's rosters."""
    import csv
    import re

    from mobility.log import read_topics
    from schemas.topics import topic_table

    personal: set[bytes] = set()
    for path in sorted((home.folder / "demo" / "files").rglob("*.csv")):
        text = path.read_text("utf-8-sig")
        dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
        for row in csv.DictReader(text.splitlines(), delimiter=dialect):
            for name, value in row.items():
                header = (name or "").casefold()
                if value and any(
                    word in header for word in ("personal", "insurance", "full_name", "họ", "bhxh", "định danh")
                ):
                    personal.add(value.encode())
    assert len(personal) > 1000
    numbers = re.compile(rb"(?<![0-9a-f])(\d{12}|\d{10})(?![0-9a-f])")
    names = [word for word in personal if not word.isdigit()][:200]
    broker = home.well("up")["kafka"]
    seen = 0
    for _, _, records in read_topics(broker, *topic_table()):
        for record in records:
            seen += 1
            value = (record.key or b"") + b" " + (record.value or b"")
            assert not personal.intersection(numbers.findall(value))
            assert not any(name in value for name in names)
    assert seen > 10_000
