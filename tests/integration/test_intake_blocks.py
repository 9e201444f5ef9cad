"""However a file is cut into blocks, and whatever is looked up while another block is not written yet: the same comes
out as if every row had waited for the one before."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import producers.staging.file
from deploy.local import Endpoints
from producers.vault import sealprocess
from schemas.topics import MOVEMENTS_IN
from tests.integration.intake_kit import FIRM, OTHER, Kit, counts, declared, listed, person, reasons

pytestmark = pytest.mark.services

FACTS = "select source, line, change, day, detail, live, version, unit, length(past), key from intake.facts"
PERSONS = "select count(*), count(record), count(distinct name_index) from vault.persons"
ALIASES = "select kind, since, count(*), count(distinct person) from vault.aliases group by 1, 2 order by 1, 2"


def _numbers(row: dict[str, str], which: int) -> dict[str, str]:
    """The row with both numbers of its person, or with one of them."""
    without = (None, "insurance_number", "personal_number")[which]
    return {name: value for name, value in row.items() if name != without}


def _file(chance: random.Random, rows: int) -> list[dict[str, str]]:
    """Few persons and few lines, so that neighbours speak of the same, agree, contradict and correct each other."""
    made = []
    for _ in range(rows):
        line, who = chance.randint(1, rows // 2), chance.randint(1, 8)
        more = {}
        if chance.random() < 0.4:
            cited = f"HS-1:{max(1, line - chance.randint(0, 2))}" + chance.choice(["", "@1", "@2"])
            more = {"action": chance.choice(["replace", "replace", "cancel"]), "cites": cited}
        code, month = chance.choice(["TM", "TM", "GH", "GX"]), f"{chance.randint(7, 10):02d}/2026"
        row = declared(line, who, code, month, tax_code=chance.choice([FIRM, FIRM, OTHER]), **more)
        if chance.random() < 0.1:
            row["personal_number"] = person(chance.randint(1, 8))["personal_number"]
        made.append(_numbers(row, chance.randint(0, 2)))
    return made


def _roster(chance: random.Random, rows: int) -> list[dict[str, str]]:
    return [_numbers(listed(chance.randint(1, 12), since=f"0{chance.randint(1, 9)}/2025"), 0) for _ in range(rows)]


def _outcome(kit: Kit) -> dict[str, Any]:
    """What vault and index hold, with persons named by what is said of them: their ids are random."""
    facts = kit.db.execute(FACTS).fetchall()
    said: dict[str, list[Any]] = {}
    for *fact, key in facts:
        said.setdefault(key, []).append(tuple(map(str, fact)))
    return {
        "facts": sorted(sorted(of_one) for of_one in said.values()),
        "persons": kit.db.execute(PERSONS).fetchone(),
        "aliases": kit.db.execute(ALIASES).fetchall(),
        "undo": kit.db.execute("select count(*) from intake.undo").fetchone(),
    }


def _run(endpoints: Endpoints, dsn: str, folder: Path, files: list[list[dict[str, str]]]) -> list[Any]:
    with psycopg.connect(dsn, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    folder.mkdir()
    with Kit(dsn, endpoints.kafka, folder) as kit:
        receipts = [receipt for rows in files for receipt in kit.ingest(kit.file(rows))]
        events = sorted(
            (r.data["line"], r.data["version"], r.data["change"], r.data["day"]) for r in kit.log.read(MOVEMENTS_IN)
        )
        told = [(receipt.feed, counts(receipt), sorted(reasons(receipt))) for receipt in receipts]
        return [told, events, _outcome(kit)]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Two rows a block, all of them sealed by the process."""
    with monkeypatch.context() as patch:
        patch.setattr(producers.staging.file, "BLOCK", 2)
        patch.setattr(sealprocess, "LARGE", 1)
        yield patch


@pytest.mark.parametrize("seed", range(3))
def test_blocks_make_no_difference(
    endpoints: Endpoints, fresh_database: str, tmp_path: Path, small_blocks: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(f"blocks {seed}")
    files = [_file(chance, 40), _roster(chance, 15), _file(chance, 40)]
    small = _run(endpoints, fresh_database, tmp_path / "small", files)
    small_blocks.undo()
    whole = _run(endpoints, fresh_database, tmp_path / "whole", files)
    assert small == whole
    assert {reason for _, _, refused in whole[0] for _, reason in refused} >= {"conflict", "unknown-movement-code"}
