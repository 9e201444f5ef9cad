"""A whole synthetic city in every format: each file is answered as the city's own ledger says."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from deploy.local import Endpoints
from producers.ingest import ingest
from producers.synth import Expected, files, generate
from schemas.states import Receipt
from tests.integration.intake_kit import Kit

pytestmark = pytest.mark.services

NOW = datetime(2026, 11, 5, tzinfo=UTC)


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def answers(receipts: list[Receipt]) -> list[tuple[int, int, Counter[tuple[str, str]]]]:
    """(accepted, unchanged, refused lines with their reasons) of each file; one call of ``ingest`` each."""
    refused: Counter[tuple[str, str]] = Counter()
    for receipt in receipts:
        refused.update((row.line, row.reason) for row in receipt.refused)
    return [(sum(r.accepted for r in receipts), sum(r.unchanged for r in receipts), refused)]


def test_every_file_of_the_city_is_answered_as_expected_and_the_second_time_nothing_is_new(
    kit: Kit, tmp_path: Path
) -> None:
    city = tmp_path / "city"
    expected: Expected = generate(city, size="tiny", seed=3)
    found = {}
    for path in files(city):
        found[path.relative_to(city).as_posix()] = answers(ingest(kit.intake, [path], now=NOW))
    wanted = {
        count.path: [(count.accepted, count.unchanged, Counter((row.line, row.reason) for row in count.refused))]
        for count in expected.files
    }
    assert found == wanted
    kit.log.restart()
    again = ingest(kit.intake, files(city), now=NOW)
    assert sum(receipt.accepted for receipt in again) == 0
    assert kit.log.read() == []
