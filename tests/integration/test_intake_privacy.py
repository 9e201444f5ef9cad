"""What senders put where no person belongs does not reach the log, nor anything kept in clear beside it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local import Endpoints
from producers.quarantine.reading import Wanted, opened_rows
from schemas.topics import RECEIPTS
from tests.fixtures import write_workbook
from tests.integration.intake_kit import FIRM, Kit, declared, listed, person, reasons, write

pytestmark = pytest.mark.services

NAMED = "Đào Thị Lộ 031185000781"
WORDS = ("Đào", "Thị Lộ", "031185000781", "031.185.000.781", "031185000790", "Người lập")


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def found(kit: Kit) -> list[str]:
    """The words that stand on the log or in clear in the intake's tables."""
    said = "".join(record.raw.decode() + record.key for record in kit.log.read())
    for table in ("batches", "facts", "quarantine", "dossier_aliases"):
        said += str(kit.db.execute(f"select to_jsonb(t)::text from intake.{table} t").fetchall())
    return [word for word in WORDS if word in said]


def test_the_name_of_a_file_stays_with_its_sender(kit: Kit) -> None:
    rows = [declared(1, 1, "TM"), declared(2, 2, "GX")]
    (receipt,) = kit.ingest(write(kit.folder / f"{NAMED}.csv", rows))
    assert receipt.file == f"{NAMED}.csv"
    assert receipt.refused[0].message.startswith(f"{NAMED}.csv, row 3: ")
    (record,) = kit.log.read(RECEIPTS)
    assert record.data["file"] == f"{receipt.sha256[:8]}.csv"
    assert record.data["refused"][0]["message"].startswith(f"{receipt.sha256[:8]}.csv, row 3: ")
    assert found(kit) == []


def test_names_inside_a_zip_likewise_and_ordinary_ones_stay(kit: Kit) -> None:
    packed = kit.folder / "both.zip"
    with zipfile.ZipFile(packed, "w") as out:
        out.write(write(kit.folder / "1.csv", [declared(1, 1, "GX")]), f"{NAMED}.csv")
        out.write(write(kit.folder / "2.csv", [declared(1, 1, "TM", dossier_no="HS-2")]), "Hồ sơ tháng 10.csv")
    assert [one.file for one in kit.ingest(packed)] == ["both.zip/Đào Thị Lộ ….csv", "both.zip/Hồ sơ tháng 10.csv"]
    files = sorted(record.data["file"] for record in kit.log.read(RECEIPTS))
    assert "both.zip/Hồ sơ tháng 10.csv" in files
    assert len(files) == 2
    assert found(kit) == []


def test_titles_sheets_lines_and_dossiers_likewise(kit: Kit) -> None:
    row = declared(1, 1, "GX")
    sheet: list[list[object]] = [[*row, f"Người lập: {NAMED}"], [*row.values(), "x"]]
    kit.ingest(write_workbook(kit.folder / "D02.xlsx", {NAMED: sheet, f"{NAMED} 2": [["x"]]}))
    rows = [
        declared(2, 2, "TM") | {"line": "031.185.000.781"},
        declared(3, 3, "TM", dossier_no=f"{NAMED} - 031185000790"),
    ]
    rows.append(declared(4, 4, "TM", dossier_no="CMND 031185000790"))
    receipts = kit.ingest(kit.file(rows))
    assert sorted(reason for one in receipts for _, reason in reasons(one)) == ["bad-dossier"] * 2
    assert sum(one.accepted for one in receipts) == 1
    assert found(kit) == []


def test_a_dossier_for_the_file_is_judged_as_one_of_a_row(kit: Kit) -> None:
    rows = [declared(1, 1, "TM", dossier_no="")]
    receipt = kit.send(rows, dossier="Đào Thị Lộ")
    assert [(one.line, one.reason) for one in receipt.refused] == [("", "bad-dossier")]
    assert found(kit) == []
    assert kit.send(rows, dossier="600.02 ngày 12/7/2026").accepted == 1


@pytest.mark.parametrize(("name", "reason"), [("unit", "bad-unit"), ("replaces", "bad-dossier")])
def test_options_of_the_command_likewise(kit: Kit, caplog: pytest.LogCaptureFixture, name: str, reason: str) -> None:
    caplog.set_level("INFO")
    admitted = {"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02", **person(2)}
    for said in ("Đào Thị Lộ", "031185000781", "031.185.000.781"):
        for row in (declared(1, 1, "GX"), admitted):
            receipt = kit.send([row], **{name: said})
            assert [(one.line, one.reason) for one in receipt.refused] == [("", reason)]
            assert said not in receipt.refused[0].message + caplog.text
    assert found(kit) == []


def test_a_row_whose_columns_have_moved_is_held_without_what_stands_for_its_unit(kit: Kit) -> None:
    units = ("Đào Thị Lộ", "031185000781", "031.185.000.781", "０３１１８５０００７９０", "0912345678")
    rows = [declared(line, line, "TM", tax_code=unit) for line, unit in enumerate(units, 1)]
    rows += [declared(6, 6, "GX"), declared(7, 7, "GX", tax_code=f"{FIRM}-001")]
    assert [line for line, _ in reasons(kit.send(rows))] == ["1", "2", "3", "4", "5", "6", "7"]
    held = kit.db.execute("select line, unit from intake.quarantine where unit <> '' order by line").fetchall()
    assert held == [("6", FIRM), ("7", f"{FIRM}-001")]
    assert found(kit) == []
    keys = kit.intake.current_keys()
    opened = opened_rows(kit.db, keys, Wanted(), who="clerk", why="moved columns")
    assert {row.values["tax_code"] for row in opened} >= set(units)


def test_a_roster_named_after_a_known_unit_keeps_its_name(kit: Kit) -> None:
    kit.send([{"tax_code": FIRM, "name": "Một", "effective_on": "2020-01-01", "ownership": "state"}])
    kit.log.restart()
    kit.ingest(write(kit.folder / f"roster_{FIRM}.csv", [listed(1)]))
    assert [record.data["file"] for record in kit.log.read(RECEIPTS)] == [f"roster_{FIRM}.csv"]
