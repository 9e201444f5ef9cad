"""Rows of one file that meet: a correction inside a restated dossier, two rows under one number (rules 8 and 9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.quarantine.correcting import edit
from producers.quarantine.resending import resend
from tests.fixtures import write_workbook
from tests.integration.intake_kit import FIRM, NOW, OTHER, Kit, counts, declared, reasons
from tests.integration.person_kit import empty_kit

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


@pytest.mark.parametrize("who", [3, 4])
def test_a_correction_inside_a_restated_dossier_stands_and_its_own_line_of_before_goes(kit: Kit, who: int) -> None:
    first = kit.send([declared(1, 1, "TM"), declared(2, 2, "TM"), declared(3, 3, "TM")])
    fix = declared(2, who, "TM", "09/2026", dossier_no="HS-2", action="replace", cites="HS-1:3@1")
    receipt = kit.send([declared(1, 1, "TM", dossier_no="HS-2"), fix], replaces=first.dossier)
    assert counts(receipt) == (1, 1, 0)
    live = kit.db.execute("select line, day::text from intake.facts where live order by line").fetchall()
    assert live == [("1", "2026-10-01"), ("3", "2026-09-01")]
    assert any("withdrawn: 2" in note for note in receipt.notes)


def test_a_refused_correction_inside_a_restated_dossier_leaves_the_line_that_it_cites(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM"), declared(3, 3, "TM")])
    fix = declared(2, 3, "??", dossier_no="HS-2", action="replace", cites="HS-1:3@1")
    receipt = kit.send([declared(1, 1, "TM", dossier_no="HS-2"), fix], replaces="HS-1")
    assert reasons(receipt) == [("2", "unknown-movement-code")]
    assert kit.db.execute("select line from intake.facts where live order by line").fetchall() == [
        ("1",),
        ("2",),
        ("3",),
    ]


def test_a_correction_that_names_another_person_says_so_on_the_receipt(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    rows = [
        declared(1, 3, "TM", action="replace", cites="HS-1:1@1"),
        declared(2, 2, "TM", "09/2026", action="replace", cites="HS-1:2@1"),
    ]
    (note,) = [said for said in kit.send(rows).notes if "another person" in said]
    assert note.endswith("/ line 1: another person than before; the first one was withdrawn")


@pytest.mark.parametrize("whole", ["", "HS-0"])
def test_two_persons_under_one_number_of_a_file_are_not_told_to_cite_each_other(kit: Kit, whole: str) -> None:
    kit.send([declared(1, 1, "TM", dossier_no="HS-0")])
    path = kit.file([declared(1, 1, "TM"), declared(1, 2, "TM"), declared(2, 3, "TM") | {"line": ""}])
    (receipt,) = kit.ingest(path, replaces=whole)
    assert reasons(receipt) == [("1", "line-twice")]
    assert "STT 1 stands twice in this file (row 2; row 3)" in receipt.refused[0].message
    assert "cites" not in receipt.refused[0].message
    assert reasons(kit.ingest(path, replaces=whole)[0]) == [("1", "line-twice")], "unchanged rows were stated too"
    (held,) = [row[0] for row in kit.db.execute("select id from intake.quarantine")]
    assert [one.reason for one in resend(kit.intake, who="an", now=NOW, ids=[held]).again] == ["line-twice"]
    edit(kit.db, kit.intake.keys, held, {"line": "7"}, who="an", now=NOW)
    assert resend(kit.intake, who="an", now=NOW, ids=[held]).fixed == [held]
    live = kit.db.execute("select count(distinct key) from intake.facts where live and dossier <> '?'").fetchone()
    assert live == (3,)


def test_a_row_without_a_number_may_meet_one_that_states_it(kit: Kit) -> None:
    receipt = kit.send([declared(1, 1, "TM") | {"line": ""}, declared(2, 2, "TM")])
    assert reasons(receipt) == [("2", "line-twice")]
    assert "a row without one counts under its row number" in receipt.refused[0].message


def test_two_rows_of_a_register_that_differ_are_told_so(kit: Kit) -> None:
    union = {"union_code": "CD1", "name": "CĐCS Một", "tax_codes": FIRM, "effective_on": "2026-01-01"}
    receipt = kit.send([union, union | {"tax_codes": OTHER}, union])
    assert reasons(receipt) == [("3", "row-twice")]
    assert "(row 2; row 3)" in receipt.refused[0].message


def test_a_second_sheet_of_a_list_counts_and_what_differs_is_refused(kit: Kit, tmp_path: Path) -> None:
    one, two, other = declared(1, 1, "TM"), declared(2, 2, "TM"), declared(1, 4, "TM")
    sheets = {
        name: [[*one], *([*row.values()] for row in rows)]
        for name, rows in {"Dữ Liệu": [one, two], "Dữ Liệu (2)": [one, two], "Dữ Liệu (3)": [other, two]}.items()
    }
    (receipt,) = kit.ingest(write_workbook(tmp_path / "book.xlsx", sheets))
    assert counts(receipt) == (2, 3, 1)
    assert reasons(receipt) == [("1", "line-twice")]
