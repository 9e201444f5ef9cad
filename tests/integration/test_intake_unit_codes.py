"""A unit code is handed on from one enterprise to another: what was declared before stays where it was declared."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from deploy.local import Endpoints
from schemas.topics import MOVEMENTS_IN
from tests.fixtures.d02_xml import d02_xml, envelope
from tests.fixtures.workers import Worker, workers
from tests.integration.intake_kit import FIRM, OTHER, THIRD, Kit, counts, declared, reasons
from tests.integration.person_kit import empty_kit

pytestmark = pytest.mark.services

CODE = "TA0007A"


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, and the firm has the code."""
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        made.send([{"tax_code": FIRM, "unit_code": CODE, "name": "Một", "effective_on": "2020-01-01"}])
        yield made


def hand_on(kit: Kit) -> None:
    kit.send([{"tax_code": OTHER, "unit_code": CODE, "name": "Hai", "effective_on": "2026-06-01"}])


def sent(kit: Kit, period: str, *months: str) -> Path:
    """An envelope that names its unit by the code alone."""
    people = [replace(worker, from_month=month) for worker, month in zip(workers(len(months)), months, strict=True)]
    path = kit.folder / f"{len(list(kit.folder.iterdir()))}.xml"
    path.write_bytes(envelope([("D02-TS-595.xml", d02_xml(people))], unit_code=CODE, tax_code="", period=period))
    return path


def units(kit: Kit) -> list[str]:
    return sorted(record.data["unit"] for record in kit.log.read(MOVEMENTS_IN))


def test_an_envelope_sent_again_after_its_code_moved_is_unchanged(kit: Kit) -> None:
    path = sent(kit, "02/2026", "02/2026", "02/2026")
    (first,) = kit.ingest(path)
    hand_on(kit)
    (again,) = kit.ingest(path)
    assert (counts(first), counts(again)) == ((2, 0, 0), (0, 2, 0))
    assert units(kit) == [f"e{FIRM}"] * 2


def test_an_envelope_speaks_for_who_had_its_code_in_the_month_of_each_row(kit: Kit) -> None:
    """As the same rows of a CSV do."""
    hand_on(kit)
    (receipt,) = kit.ingest(sent(kit, "07/2026", "02/2026", "07/2026"))
    assert counts(receipt) == (2, 0, 0)
    assert units(kit) == sorted([f"e{FIRM}", f"e{OTHER}"])


def test_a_code_stated_for_a_whole_file_by_option_is_read_so_too(kit: Kit) -> None:
    hand_on(kit)
    kit.send([declared(1, 1, "TM", "02/2026", tax_code=""), declared(2, 2, "TM", "07/2026", tax_code="")], unit=CODE)
    assert units(kit) == sorted([f"e{FIRM}", f"e{OTHER}"])


def test_two_codes_of_an_envelope_are_compared_on_its_own_day(kit: Kit) -> None:
    hand_on(kit)
    path = kit.folder / "both.xml"
    form = [("D02-TS-595.xml", d02_xml([Worker(from_month="02/2026")]))]
    path.write_bytes(envelope(form, unit_code=CODE, tax_code=FIRM, period="02/2026", made_on="10/02/2026"))
    (receipt,) = kit.ingest(path)
    assert not [note for note in receipt.notes if "unit code" in note]


def test_a_cover_speaks_for_who_had_its_code_in_the_month_of_each_row(kit: Kit) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Mã đơn vị", CODE],
        ["Số hồ sơ", "HS-77"],
        ["STT", "Họ và tên", "Mã số BHXH", "Phương án", "Từ tháng"],
        ["1", "Lê B", "0116123456", "TM", "02/2026"],
        ["2", "Lê C", "0116123457", "TM", "07/2026"],
    ):
        sheet.append(row)
    book.save(path := kit.folder / "cover.xlsx")
    hand_on(kit)
    kit.ingest(path)
    assert units(kit) == sorted([f"e{FIRM}", f"e{OTHER}"])


def coded(line: int, who: int, month: str, **more: str) -> dict[str, str]:
    """A row that states the code and no tax code."""
    return declared(line, who, "TM", month, tax_code="", unit_code=CODE) | more


def cancelling(month: str = "", **more: str) -> dict[str, str]:
    """A row that withdraws line 1 of HS-1, and states nothing else but perhaps the month."""
    row = dict.fromkeys(declared(1, 1, ""), "") | {"unit_code": CODE, "dossier_no": "HS-2", "line": "1"}
    return row | {"from_month": month, "action": "cancel", "cites": "HS-1:1"} | more


@pytest.mark.parametrize("month", ["", "02/2026", "07/2026"])
def test_a_line_is_withdrawn_by_the_code_under_which_it_was_declared(kit: Kit, month: str) -> None:
    kit.send([coded(1, 1, "02/2026")])
    hand_on(kit)
    kit.log.restart()
    assert counts(kit.send([cancelling(month)])) == (1, 0, 0)
    assert units(kit) == [f"e{FIRM}"]
    assert kit.db.execute("select 1 from intake.facts where source = 'bhxh' and live").fetchall() == []
    assert counts(kit.send([cancelling(month, line="2")])) == (0, 1, 0), "it is withdrawn already"


def test_a_line_that_two_holders_of_a_code_declared_is_told_apart_by_its_month(kit: Kit) -> None:
    hand_on(kit)
    kit.send([coded(1, 1, "02/2026")])
    kit.send([coded(1, 2, "07/2026")])
    receipt = kit.send([cancelling()])
    assert reasons(receipt) == [("1", "ambiguous-citation")]
    assert FIRM in receipt.refused[0].message and OTHER in receipt.refused[0].message
    kit.log.restart()
    assert counts(kit.send([cancelling("02/2026")])) == (1, 0, 0)
    assert units(kit) == [f"e{FIRM}"]


def test_a_line_of_an_enterprise_that_never_had_the_code_is_not_withdrawn_by_it(kit: Kit) -> None:
    hand_on(kit)
    kit.send([declared(1, 1, "TM", "02/2026", tax_code=THIRD)])
    assert reasons(kit.send([cancelling()])) == [("1", "unknown-citation")]


def test_a_line_restated_by_another_dossier_is_withdrawn_by_either_number(kit: Kit) -> None:
    kit.send([coded(1, 1, "02/2026")])
    kit.send([coded(1, 1, "03/2026", dossier_no="HS-3")], replaces="HS-1")
    hand_on(kit)
    assert counts(kit.send([cancelling(cites="HS-3:1@2")])) == (1, 0, 0)
