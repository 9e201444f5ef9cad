"""The synthetic city poured straight onto the log is what the intake would have published, person for person."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from deploy.local import Endpoints
from producers.ingest import ingest
from producers.publish.log import Log
from producers.synth import files, generate
from producers.synth.pouring import pour
from schemas.topics import MOVEMENTS_IN, RECEIPTS, REGISTRY_IN
from tests.integration.intake_kit import Kit, Record

pytestmark = pytest.mark.services

NOW = datetime(2026, 11, 5, tzinfo=UTC)


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def told(records: list[Record]) -> Counter[tuple[str, ...]]:
    """Every fact without the ids that hang on who the vault says somebody is."""
    said = (
        "version",
        "change",
        "unit",
        "subject",
        "branch",
        "day",
        "source",
        "dossier",
        "line",
        "form",
        "code",
        "reason",
    )
    return Counter(
        (record.topic, record.event["type"], *(str(record.data.get(name, "")) for name in said)) for record in records
    )


def persons(records: list[Record]) -> Counter[Counter[tuple[str, ...]] | tuple[tuple[tuple[str, ...], int], ...]]:
    """The facts of each person together, whatever their id."""
    of: dict[str, list[Record]] = {}
    for record in records:
        if record.topic == MOVEMENTS_IN:
            of.setdefault(record.key, []).append(record)
    return Counter(tuple(sorted(told(one).items())) for one in of.values())


def test_pouring_publishes_what_the_intake_would(kit: Kit, tmp_path: Path) -> None:
    city = tmp_path / "city"
    expected = generate(city, size="tiny", seed=5)
    ingest(kit.intake, files(city), now=NOW)
    taken_in = kit.log.read()
    kit.log.restart()
    with Log(kit.kafka) as log:
        count = pour(city, expected, log, now=NOW, progress=lambda *_: None)
    poured = kit.log.read()
    wanted, found = told([r for r in taken_in if r.topic != RECEIPTS]), told([r for r in poured if r.topic != RECEIPTS])
    assert found - wanted == Counter()
    assert wanted - found == Counter()
    assert count == sum(found.values())
    assert persons(poured) == persons(taken_in)
    subjects = {r.key for r in poured if r.topic == REGISTRY_IN}
    assert subjects == {r.key for r in taken_in if r.topic == REGISTRY_IN}
    accepted = sum(r.data["accepted"] for r in poured if r.topic == RECEIPTS)
    assert accepted == sum(r.data["accepted"] for r in taken_in if r.topic == RECEIPTS)
