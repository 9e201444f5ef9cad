"""Corrections, withdrawals and whole replacements against the real index and log (meaning, rules 8 and 9)."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local import Endpoints
from schemas.ids import line_fact_id, swap_id
from tests.integration.intake_kit import FIRM, OTHER, Kit, Record, counts, declared, person, reasons

pytestmark = pytest.mark.services

FIRST = line_fact_id("bhxh", "e" + FIRM, "HS-1", "D02", "1")


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def said(records: list[Record]) -> list[tuple[str, str, int]]:
    """(last words of the type, change, version) in the order of versions."""
    rows = [(r.event["type"].split(".")[-2], r.data["change"], r.data["version"]) for r in records]
    return sorted(rows, key=lambda row: (row[2], row[0]))


def test_the_same_line_with_other_content_is_a_conflict_that_says_what_to_cite(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    receipt, news = kit.news([declared(1, 1, "TM", "09/2026"), declared(2, 2, "TM")])
    assert counts(receipt) == (1, 0, 1)
    assert reasons(receipt) == [("1", "conflict")]
    assert receipt.refused[0].field == "line"
    assert "cites=HS-1:1@1" in receipt.refused[0].message
    assert [record.data["line"] for record in news] == ["2"]


def test_a_replacement_restates_the_cited_line_with_the_next_version(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    fix = declared(7, 1, "TM", "09/2026", dossier_no="HS-2", action="replace", cites="HS-1:1@1")
    receipt, news = kit.news([fix])
    assert counts(receipt) == (1, 0, 0)
    assert said(news) == [("replaced", "joined", 2)]
    (record,) = news
    assert (record.data["fact"], record.data["dossier"], record.data["line"]) == (FIRST, "HS-2", "7")
    assert record.event["id"] == f"{FIRST}@2"
    again, news = kit.news([fix])
    assert (counts(again), news) == ((0, 1, 0), [])


def test_a_stale_citation_is_answered_with_the_version_to_cite(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    kit.send([declared(1, 1, "TM", "09/2026", action="replace", cites="HS-1:1@1")])
    receipt = kit.send([declared(1, 1, "TM", "08/2026", action="replace", cites="HS-1:1@1")])
    assert reasons(receipt) == [("1", "stale-citation")]
    assert receipt.refused[0].field == "cites"
    assert "HS-1:1@2" in receipt.refused[0].message
    assert counts(kit.send([declared(1, 1, "TM", "08/2026", action="replace", cites="HS-1:1@2")])) == (1, 0, 0)


@pytest.mark.parametrize("cites", ["HS-1:99@1", "HS-9:1", "HS-1:2@1"])
def test_an_unknown_citation_is_refused_also_one_of_another_unit(kit: Kit, cites: str) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM", tax_code=OTHER)])
    receipt, news = kit.news([declared(5, 1, "TM", "09/2026", action="replace", cites=cites)])
    assert reasons(receipt) == [("5", "unknown-citation")]
    assert news == []


def test_a_withdrawal_cancels_and_doing_it_again_changes_nothing(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    gone = {"tax_code": FIRM, "dossier_no": "HS-2", "line": "1", "movement_code": "", "insurance_number": ""}
    gone |= {"from_month": "", "action": "cancel", "cites": "HS-1:1@1"}
    receipt, news = kit.news([gone])
    assert counts(receipt) == (1, 0, 0)
    assert said(news) == [("cancelled", "cancelled", 2)]
    assert counts(kit.send([gone])) == (0, 1, 0)
    receipt = kit.send([declared(1, 1, "TM"), declared(2, 9, "TM")])
    assert reasons(receipt) == [("1", "conflict")]
    assert "HS-1:1@2" in receipt.refused[0].message


def test_a_correction_that_names_another_person_cancels_and_states_in_one_transaction(kit: Kit) -> None:
    _, (before,) = kit.news([declared(1, 1, "TM")])
    receipt, news = kit.news([declared(1, 2, "TM", action="replace", cites="HS-1:1@1")])
    assert counts(receipt) == (1, 0, 0)
    assert said(news) == [("cancelled", "cancelled", 2), ("replaced", "joined", 3)]
    cancelled, stated = sorted(news, key=lambda record: record.data["version"])
    assert cancelled.key == before.key != stated.key
    assert cancelled.data["fact"] == stated.data["fact"] == FIRST
    assert cancelled.data["unit"] == "e" + FIRM
    swap = swap_id(FIRST, 2)
    assert cancelled.data["swap"] == {"id": swap, "part": 1, "parts": 2}
    assert stated.data["swap"] == {"id": swap, "part": 2, "parts": 2}
    entry = kit.db.execute("select key, version, live from intake.facts").fetchall()
    assert entry == [(stated.key, 3, True)]


def test_an_old_file_sent_again_after_a_correction_is_known_not_in_conflict(kit: Kit) -> None:
    old = kit.file([declared(1, 1, "TM"), declared(2, 2, "TM")])
    kit.ingest(old)
    kit.send([declared(1, 1, "TM", "09/2026", dossier_no="HS-2", action="replace", cites="HS-1:1@1")])
    kit.log.restart()
    (again,) = kit.ingest(old)
    assert counts(again) == (0, 2, 0)
    assert kit.log.read() == []


def test_replacing_a_dossier_restates_by_line_and_cancels_what_is_left_out(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM"), declared(3, 3, "TM"), declared(3, 8, "TM", tax_code=OTHER)])
    rows = [declared(1, 1, "TM"), declared(2, 2, "TM", "09/2026"), declared(4, 4, "TM")]
    rows = [row | {"dossier_no": "HS-1B"} for row in rows]
    receipt, news = kit.news(rows, replaces="HS-1")
    assert counts(receipt) == (2, 1, 0)
    assert said(news) == [("joined", "joined", 1), ("cancelled", "cancelled", 2), ("replaced", "joined", 2)]
    assert {record.data["unit"] for record in news} == {"e" + FIRM}
    again, news = kit.news(rows)
    assert (counts(again), news) == ((0, 3, 0), [])
    fix = declared(9, 4, "TM", "08/2026", dossier_no="HS-3", action="replace", cites="HS-1B:4")
    assert counts(kit.send([fix])) == (1, 0, 0)


def test_a_refused_line_of_a_replacement_does_not_withdraw_what_it_said_before(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    receipt, news = kit.news([declared(1, 1, "TM"), declared(2, 2, "GX")], replaces="HS-1")
    assert counts(receipt) == (0, 1, 1)
    assert news == []


def test_replacing_an_unknown_dossier_is_refused_whole(kit: Kit) -> None:
    receipt = kit.send([declared(1, 1, "TM")], replaces="HS-404")
    assert (receipt.refused[0].reason, receipt.refused[0].line) == ("unknown-dossier", "")


def test_a_dossier_of_another_unit_is_not_replaced_and_nobody_counts_twice(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    moved = [declared(1, 1, "TM", tax_code=OTHER), declared(2, 2, "TM", tax_code=OTHER)]
    receipt, news = kit.news(moved, replaces="HS-1")
    assert (receipt.refused[0].reason, receipt.refused[0].line, news) == ("unknown-dossier", "", [])
    assert f"It was filed for {FIRM}." in receipt.refused[0].message
    assert kit.db.execute("select distinct unit from intake.facts").fetchall() == [("e" + FIRM,)]
    gone = [declared(n, n, "TM", dossier_no="HS-2", action="cancel", cites=f"HS-1:{n}") for n in (1, 2)]
    assert counts(kit.send(gone)) == (2, 0, 0), "what the sentence says to do"
    assert counts(kit.send(moved)) == (2, 0, 0)
    assert kit.db.execute("select distinct unit from intake.facts where live").fetchall() == [("e" + OTHER,)]
    assert counts(kit.send(moved[:1], replaces="HS-1")) == (0, 1, 0), "now it is one of this unit's"


def test_lines_of_a_dossier_move_to_another_unit_when_the_file_speaks_for_both(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    rows = [declared(1, 1, "TM"), declared(2, 2, "TM", tax_code=OTHER)]
    assert counts(kit.send(rows, replaces="HS-1")) == (1, 1, 0)
    live = kit.db.execute("select line, unit from intake.facts where live order by line").fetchall()
    assert live == [("1", "e" + FIRM), ("2", "e" + OTHER)]


def test_a_replacement_of_which_every_row_is_refused_waits_for_its_rows(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    assert reasons(kit.send([declared(1, 1, "GX")], replaces="HS-1")) == [("1", "unknown-movement-code")]
    assert reasons(kit.send([declared(1, 1, "GX", tax_code=OTHER)], replaces="HS-1")) == [("", "unknown-dossier")]


def test_a_register_row_is_corrected_by_its_file_and_line(kit: Kit) -> None:
    row = {"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02"} | person(1)
    first = kit.send([row])
    cites = f"{first.dossier}:2@1"
    receipt, news = kit.news([row | {"effective_on": "2026-10-03", "action": "replace", "cites": cites}])
    assert counts(receipt) == (1, 0, 0)
    assert sorted(said(news)) == [("admitted", "admitted", 1), ("cancelled", "cancelled", 2)]
    gone = {"union_code": "CD1", "change": "", "effective_on": "", "action": "cancel"} | person(1)
    receipt, news = kit.news([gone | {"cites": f"{receipt.dossier}:2"}])
    assert said(news) == [("cancelled", "cancelled", 2)]


def test_an_old_correction_sent_again_leaves_newer_ones_alone(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    fix = declared(1, 2, "TM", dossier_no="HS-2", action="replace", cites="HS-1:1")
    old = kit.file([fix])
    kit.ingest(old)
    gone = kit.file([declared(1, 2, "TM", dossier_no="HS-3", action="cancel", cites="HS-1:1")])
    (receipt,) = kit.ingest(gone)
    assert counts(receipt) == (1, 0, 0)
    kit.log.restart()
    (again,) = kit.ingest(old)
    assert (counts(again), kit.log.read()) == ((0, 1, 0), [])
    assert any("1 line corrected since this file was first sent, the newer version stands: 1" in n for n in again.notes)
    other = kit.send([fix, declared(2, 9, "TM", dossier_no="HS-2")])
    assert reasons(other) == [("1", "stale-citation")]
    assert "HS-1:1@4" in other.refused[0].message
    assert counts(kit.send([fix | {"cites": "HS-1:1@4"}])) == (1, 0, 0)
    kit.log.restart()
    assert [counts(kit.ingest(path)[0]) for path in (gone, old)] == [(0, 1, 0), (0, 1, 0)]
    assert kit.log.read() == []


def test_an_old_restatement_sent_again_leaves_newer_ones_alone(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM"), declared(3, 3, "TM")])
    old = kit.file([declared(1, 1, "TM", "09/2026")])
    (receipt,) = kit.ingest(old, replaces="HS-1")
    assert "2 dòng không được khai lại nên đã bị hủy: 2, 3 / 2 lines not restated were withdrawn: 2, 3" in receipt.notes
    kit.send([declared(1, 1, "TM", "08/2026"), declared(2, 2, "TM")], replaces="HS-1")
    kit.log.restart()
    (again,) = kit.ingest(old, replaces="HS-1")
    assert (counts(again), kit.log.read()) == ((0, 1, 0), [])
    assert kit.db.execute("select line from intake.facts where live order by line").fetchall() == [("1",), ("2",)]


def test_a_restatement_that_was_nothing_new_is_a_file_of_before_all_the_same(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    old = kit.file([declared(1, 1, "TM") | {"job_title": ""}])
    assert counts(kit.ingest(old, replaces="HS-1")[0]) == (0, 1, 0)
    kit.send([declared(1, 1, "TM", "09/2026")], replaces="HS-1")
    assert counts(kit.ingest(old, replaces="HS-1")[0]) == (0, 1, 0)
    assert kit.db.execute("select version from intake.facts").fetchall() == [(2,)]


def test_a_register_correction_sent_again_leaves_newer_ones_alone(kit: Kit) -> None:
    row = {"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02"} | person(1)
    first = kit.send([row]).dossier
    old = kit.file([row | {"effective_on": "2026-10-03", "action": "replace", "cites": f"{first}:2"}])
    kit.ingest(old)
    assert counts(kit.send([row | {"action": "replace", "cites": f"{first}:2@2"}])) == (1, 0, 0)
    kit.log.restart()
    (again,) = kit.ingest(old)
    assert counts(again) == (0, 1, 0)
    assert kit.log.read() == []


def test_a_dossier_that_replaced_another_can_be_replaced_itself(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    kit.send([declared(1, 1, "TM", "09/2026", dossier_no="P2"), declared(2, 2, "TM", dossier_no="P2")], replaces="HS-1")
    receipt = kit.send([declared(1, 1, "TM", "08/2026", dossier_no="P3")], replaces="P2")
    assert counts(receipt) == (1, 0, 0)
    assert kit.db.execute("select dossier, line, version, live from intake.facts order by line").fetchall() == [
        ("HS-1", "1", 3, True),
        ("HS-1", "2", 2, False),
    ]
    receipt = kit.send(
        [{"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02"} | person(1)], replaces="P2"
    )
    assert receipt.refused[0].reason == "unknown-dossier", "of another source"


def line_said_last(news: list[Record]) -> str:
    """The citation that ``explain`` prints: the line and version of what stands on the log."""
    last = max(news, key=lambda record: record.data["version"])
    return f"{last.data['dossier']}:{last.data['line']}@{last.data['version']}"


def test_the_line_that_stated_a_fact_last_can_be_cited(kit: Kit) -> None:
    """First statement, after a correction from another dossier, to another person, and after a restatement."""
    _, news = kit.news([declared(1, 1, "TM")])
    seen = [line_said_last(news)]
    fixes = [(1, "09/2026", "HS-2"), (1, "08/2026", "HS-3"), (2, "08/2026", "HS-4"), (2, "07/2026", "HS-5")]
    for who, month, dossier in fixes:
        fix = declared(6, who, "TM", month, dossier_no=dossier, action="replace", cites=seen[-1])
        receipt, news = kit.news([fix])
        assert counts(receipt) == (1, 0, 0), (seen, receipt.refused)
        seen.append(line_said_last(news))
        assert counts(kit.send([fix])) == (0, 1, 0), "sent again it means the same line"
    assert seen == ["HS-1:1@1", "HS-2:6@2", "HS-3:6@3", "HS-4:6@5", "HS-5:6@6"]
    _, news = kit.news([declared(1, 2, "TM", "06/2026", dossier_no="HS-6")], replaces="HS-1")
    assert line_said_last(news) == "HS-6:1@7"
    gone = declared(1, 2, "TM", dossier_no="HS-7", action="cancel", cites="HS-6:1@7")
    assert counts(kit.send([gone])) == (1, 0, 0)
    assert kit.db.execute("select fact, version, live from intake.facts").fetchall()[0][1:] == (8, False)


def test_both_lines_of_a_correction_mean_the_same_also_within_a_file(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    rows = [
        declared(1, 1, "TM", "09/2026", dossier_no="HS-2", action="replace", cites="HS-1:1"),
        declared(2, 1, "TM", "08/2026", dossier_no="HS-2", action="replace", cites="HS-2:1@2"),
        declared(3, 1, "TM", "07/2026", dossier_no="HS-2", action="replace", cites="HS-1:1@3"),
    ]
    assert counts(kit.send(rows)) == (3, 0, 0)
    late = kit.send([declared(1, 1, "TM", "06/2026", dossier_no="HS-3", action="replace", cites="HS-2:3@2")])
    assert reasons(late) == [("1", "stale-citation")]
    assert "HS-2:3@4" in late.refused[0].message
    other = kit.send([declared(1, 1, "TM", tax_code=OTHER, dossier_no="HS-3", action="replace", cites="HS-2:3@4")])
    assert reasons(other) == [("1", "unknown-citation")], "of another unit"


def test_a_citation_that_fits_two_lines_is_told_apart_by_its_version_or_refused(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    kit.send([declared(1, 1, "TM", "09/2026", dossier_no="HS-2", action="replace", cites="HS-1:1")])
    kit.send([declared(1, 2, "TM", "03/2026", dossier_no="HS-2")])
    fix = declared(1, 2, "TM", "04/2026", dossier_no="HS-3", action="replace", cites="HS-2:1")
    unsure = kit.send([fix])
    assert reasons(unsure) == [("1", "ambiguous-citation")]
    assert all(cites in unsure.refused[0].message for cites in ("HS-2:1@1", "HS-1:1@2"))
    assert counts(kit.send([fix | {"cites": "HS-2:1@1"}])) == (1, 0, 0)
    assert kit.db.execute("select dossier, version from intake.facts order by dossier").fetchall() == [
        ("HS-1", 2),
        ("HS-2", 2),
    ]


def test_a_restated_register_row_is_cited_by_either_file(kit: Kit) -> None:
    row = {"tax_code": FIRM, "name": "Một", "effective_on": "2026-01-01"}
    first = kit.send([row])
    second, news = kit.news([row | {"name": "Hai"}], replaces=first.sha256)
    assert line_said_last(news) == f"{second.dossier}:2@2"
    fix = row | {"name": "Ba", "action": "replace"}
    third, news = kit.news([fix | {"cites": line_said_last(news)}])
    assert (counts(third), said(news)) == ((1, 0, 0), [("replaced", "enterprise_stated", 3)])
    assert counts(kit.send([fix | {"name": "Bốn", "cites": f"{first.dossier}:2@3"}])) == (1, 0, 0)
