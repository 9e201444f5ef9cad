"""Rows of one file that meet: a correction inside a restated dossier, two rows under one number (rules 8 and 9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.quarantine.correcting import edit
from producers.quarantine.resending import resend
from tests.fixtures import write_workbook
from tests.integration.intake_kit import FIRM, NOW, OTHER, Kit, counts, declared, person, reasons
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


def test_lines_of_a_restated_dossier_that_name_another_person_are_told(kit: Kit) -> None:
    kit.send([declared(line, line, "TM") for line in (1, 2, 3)])
    rows = [declared(1, 2, "TM"), declared(2, 3, "TM"), declared(3, 4, "TM"), declared(4, 5, "TM")]
    receipt = kit.send([row | {"dossier_no": "HS-2"} for row in rows], replaces="HS-1")
    (note,) = [said for said in receipt.notes if "another person" in said]
    assert note.endswith("/ lines 1, 2, 3: another person than before; the first one was withdrawn")
    receipt = kit.send([row | {"dossier_no": "HS-3", "from_month": "09/2026"} for row in rows], replaces="HS-2")
    assert not [said for said in receipt.notes if "another person" in said]


@pytest.mark.parametrize("action", ["replace", "cancel"])
def test_two_rows_of_a_file_that_correct_one_line_are_not_both_taken_in(kit: Kit, action: str) -> None:
    kit.send([declared(1, 1, "TM")])
    first = declared(1, 2, "TM", dossier_no="HS-2", action="replace", cites="HS-1:1")
    second = declared(2, 3, "TM", dossier_no="HS-2", action=action, cites="HS-1:1")
    path = kit.file([first, first | {"line": "9"}, second])
    (receipt,) = kit.ingest(path)
    assert (counts(receipt), reasons(receipt)) == ((1, 1, 1), [("2", "cited-twice")])
    assert "two rows of this file correct one line (row 2; row 4)" in receipt.refused[0].message
    assert "cite HS-1:1@3" in receipt.refused[0].message
    assert reasons(kit.ingest(path)[0]) == [("2", "cited-twice")], "unchanged rows were stated too"
    (held,) = [row[0] for row in kit.db.execute("select id from intake.quarantine")]
    assert [one.reason for one in resend(kit.intake, who="an", now=NOW, ids=[held]).again] == ["cited-twice"]
    edit(kit.db, kit.intake.keys, held, {"cites": "HS-1:1@3"}, who="an", now=NOW)
    assert resend(kit.intake, who="an", now=NOW, ids=[held]).fixed == [held]
    assert kit.db.execute("select live from intake.facts").fetchall() == [(action == "replace",)]


def test_a_second_correction_of_a_line_is_taken_in_as_a_line_of_its_own(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    rows = [declared(who - 1, who, "TM", dossier_no="HS-2", action="replace", cites="HS-1:1") for who in (2, 3)]
    assert reasons(kit.send(rows)) == [("2", "cited-twice")]
    (held,) = [row[0] for row in kit.db.execute("select id from intake.quarantine")]
    edit(kit.db, kit.intake.keys, held, {"action": "", "cites": ""}, who="an", now=NOW)
    assert resend(kit.intake, who="an", now=NOW, ids=[held]).fixed == [held]
    live = kit.db.execute("select count(distinct key) from intake.facts where live").fetchone()
    assert live == (2,)


def test_a_file_may_correct_its_own_line_and_a_correction_of_its_own_by_version(kit: Kit) -> None:
    fix = declared(2, 2, "TM", action="replace", cites="HS-1:1")
    assert counts(kit.send([declared(1, 1, "TM"), fix])) == (2, 0, 0)
    kit.send([declared(1, 1, "TM", dossier_no="HS-2")])
    first = declared(1, 1, "TM", "09/2026", dossier_no="HS-3", action="replace", cites="HS-2:1@1")
    second = declared(2, 1, "TM", "08/2026", dossier_no="HS-3", action="replace", cites="HS-2:1@2")
    assert counts(kit.send([first, second])) == (2, 0, 0)


def test_a_restated_dossier_says_of_a_line_what_it_says_once(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    fix = declared(2, 2, "TM", dossier_no="HS-2", action="replace", cites="HS-1:1")
    receipt = kit.send([declared(1, 3, "TM", dossier_no="HS-2"), fix], replaces="HS-1")
    assert reasons(receipt) == [("2", "cited-twice")]


def test_two_rows_of_a_register_that_correct_one_are_not_both_taken_in(kit: Kit) -> None:
    row = {"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02"} | person(1)
    first = kit.send([row])
    fix = row | {"action": "replace", "cites": f"{first.dossier}:2"}
    receipt = kit.send([fix | {"effective_on": day} for day in ("2026-10-03", "2026-10-04")])
    assert reasons(receipt) == [("3", "cited-twice")]


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
