"""Register files that replace one another, and folders of registers (meaning, rules 8 and 9)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.ingest import files_of
from schemas.states import Receipt
from tests.integration.intake_kit import FIRM, OTHER, THIRD, Kit, counts, declared, listed, person, write
from tests.integration.person_kit import empty_kit, member

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def standing(kit: Kit, what: str = "admitted") -> list[tuple[str, int]]:
    """(day, version) of live facts."""
    rows = kit.db.execute("select day::text, version from intake.facts where live and change = %s order by 1", (what,))
    return rows.fetchall()


def days(*numbers: int) -> list[dict[str, str]]:
    """An admission each, of another person on another day."""
    return [member(number, day=f"2026-10-{number:02d}") for number in numbers]


def test_a_register_that_replaced_another_can_be_replaced_itself(kit: Kit) -> None:
    first = kit.send(days(1, 2, 3))
    second = kit.send(days(1, 2, 4), replaces=first.dossier)
    assert counts(second) == (1, 2, 0)
    assert standing(kit) == [("2026-10-01", 1), ("2026-10-02", 1), ("2026-10-04", 1)]
    third = kit.send(days(1, 5), replaces=second.dossier)
    assert counts(third) == (1, 1, 0), "what only the first file stated is known, and 2 and 4 go"
    assert standing(kit) == [("2026-10-01", 1), ("2026-10-05", 1)]
    fourth = kit.send(days(2, 3), replaces=third.dossier)
    assert counts(fourth) == (2, 0, 0), "what was withdrawn on the way can be said again"
    assert standing(kit) == [("2026-10-02", 3), ("2026-10-03", 3)]


def test_naming_an_earlier_file_of_the_chain_replaces_what_stands_now(kit: Kit) -> None:
    first = kit.send(days(1, 2))
    kit.send(days(1, 3), replaces=first.dossier)
    kit.send(days(4), replaces=first.dossier)
    assert standing(kit) == [("2026-10-04", 1)]


def test_a_replacement_sent_again_changes_nothing(kit: Kit) -> None:
    first = kit.send(days(1, 2))
    again = kit.file(days(1, 3))
    (second,) = kit.ingest(again, replaces=first.dossier)
    kit.now += timedelta(minutes=1)
    assert counts(kit.send(days(5), replaces=second.dossier)) == (1, 0, 0)
    kit.log.restart()
    assert counts(kit.ingest(again, replaces=first.dossier)[0]) == (0, 2, 0)
    assert counts(kit.send(days(5), replaces=second.dossier)) == (0, 1, 0)
    assert (standing(kit), kit.log.read()) == ([("2026-10-05", 1)], [])


def test_an_old_restatement_of_a_dossier_leaves_lines_alone_that_came_after_it(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    old = kit.file([declared(1, 1, "TM", "09/2026")])
    kit.ingest(old, replaces="HS-1")
    kit.now += timedelta(minutes=1)
    kit.send([declared(1, 1, "TM", "08/2026"), declared(2, 2, "TM")], replaces="HS-1")
    kit.log.restart()
    assert counts(kit.ingest(old, replaces="HS-1")[0]) == (0, 1, 0)
    assert kit.log.read() == []


def test_a_union_row_restated_along_the_chain_is_corrected_in_place(kit: Kit) -> None:
    row = {"union_code": "CD1", "name": "Một", "tax_codes": FIRM, "effective_on": "2026-01-01"}
    first = kit.send([row])
    second = kit.send([row | {"tax_codes": f"{FIRM};{OTHER}"}], replaces=first.dossier)
    third = kit.send([row | {"tax_codes": THIRD}], replaces=second.dossier)
    assert [counts(one) for one in (second, third)] == [(1, 0, 0)] * 2
    assert standing(kit, "union_stated") == [("2026-01-01", 3)]


def test_a_citation_of_a_later_file_never_means_a_row_of_the_first(kit: Kit) -> None:
    first = kit.send(days(1, 2))
    second = kit.send(days(3, 1), replaces=first.dossier)
    gone = member(3) | {"action": "cancel", "cites": f"{second.dossier}:2"}
    assert counts(kit.send([gone])) == (1, 0, 0)
    assert standing(kit) == [("2026-10-01", 1)]


def test_a_complete_roster_can_be_replaced_twice(kit: Kit) -> None:
    first = kit.send([listed(1), listed(2)])
    second = kit.send([listed(1), listed(3)], replaces=first.dossier)
    third = kit.send([listed(3)], replaces=second.dossier)
    assert counts(third) == (0, 1, 0)
    assert len(standing(kit, "listed")) == 1


def test_a_folder_makes_no_remarks_that_another_order_would_not(kit: Kit) -> None:
    folder = kit.folder / "registers"
    folder.mkdir()
    write(folder / "a-dossier.csv", [declared(1, 1, "TM", tax_code="", unit_code="TA0001A")])
    write(folder / "b-members.csv", [member(1)])
    write(folder / "c-roster.csv", [listed(2)])
    write(
        folder / "d-unions.csv",
        [{"union_code": "CD1", "name": "CĐCS", "tax_codes": FIRM, "effective_on": "2026-01-01"}],
    )
    write(
        folder / "e-enterprises.csv",
        [{"tax_code": FIRM, "unit_code": "TA0001A", "name": "Công ty", "registered_on": "2010-01-01"}],
    )
    receipts: list[Receipt] = kit.ingest(*files_of([folder]))
    assert [receipt.file for receipt in receipts] == [
        "e-enterprises.csv",
        "d-unions.csv",
        "b-members.csv",
        "c-roster.csv",
        "a-dossier.csv",
    ]
    assert [counts(receipt) for receipt in receipts] == [(1, 0, 0)] * 5
    assert not any("not in the register" in note for receipt in receipts for note in receipt.notes)


def test_lines_that_differ_in_their_spelling_only_are_one_line(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    rows = [declared(1, 1, "TM") | {"line": "01"}, declared(2, 2, "TM", "09/2026") | {"line": "2.0"}]
    receipt = kit.send(rows)
    assert counts(receipt) == (0, 1, 1)
    assert [(one.line, one.reason) for one in receipt.refused] == [("2", "conflict")]
    fix = declared(2, 2, "TM", "09/2026") | {"line": "9", "action": "replace", "cites": "HS-1:02@1"}
    assert counts(kit.send([fix])) == (1, 0, 0)
    assert counts(kit.send([declared(1, 1, "TM") | {"line": "A1"} | person(7)])) == (1, 0, 0)


def firm(code: str, unit_code: str, **more: str) -> dict[str, str]:
    """A row of the enterprise register, from 2026-01-01 on."""
    return {"tax_code": code, "name": "Cty", "effective_on": "2026-01-01", "unit_code": unit_code} | more


def test_a_unit_code_is_not_taken_from_an_enterprise_on_the_day_it_was_given(kit: Kit) -> None:
    receipt = kit.send([firm(FIRM, "TA0009A"), firm(OTHER, "TA0009A"), firm(THIRD, "TA0001A")])
    assert [(one.line, one.field, one.reason) for one in receipt.refused] == [("3", "unit_code", "unit-code-taken")]
    assert f"unit code TA0009A belongs to enterprise {FIRM} from 2026-01-01 on" in receipt.refused[0].message
    assert counts(kit.send([firm(OTHER, "TA0009A")])) == (0, 0, 1), "nor by a later file"
    assert counts(kit.send([firm(OTHER, "TA0009A", effective_on="2026-02-01")])) == (1, 0, 0), "it moved on"
    moved = declared(1, 1, "TM", "01/2026", tax_code="", unit_code="TA0009A")
    assert kit.send([moved]).unit == "e" + FIRM


@pytest.mark.parametrize("instead", ["TA0002A", ""])
@pytest.mark.parametrize("together", [True, False])
def test_a_unit_code_that_was_given_up_may_be_taken(kit: Kit, instead: str, together: bool) -> None:
    first = kit.send([firm(FIRM, "TA0009A")])
    fix = firm(FIRM, instead, action="replace", cites=f"{first.sha256}:2@1")
    taking = firm(OTHER, "TA0009A")
    if not together:
        kit.send([fix])
        fix = firm(FIRM, instead)
    receipt = kit.send([fix, taking])
    assert receipt.refused == [] and receipt.accepted == 1 + together
    moved = declared(1, 1, "TM", "01/2026", tax_code="", unit_code="TA0009A")
    assert kit.send([moved]).unit == "e" + OTHER


def test_a_unit_code_of_a_withdrawn_row_may_be_taken(kit: Kit) -> None:
    first = kit.send([firm(FIRM, "TA0009A")])
    kit.send([{"tax_code": FIRM, "name": "", "action": "cancel", "cites": f"{first.sha256}:2@1"}])
    assert counts(kit.send([firm(OTHER, "TA0009A")])) == (1, 0, 0)
