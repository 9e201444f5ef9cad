"""Opening rosters: who is listed, who is not, and what comes in later (meaning, rule 10)."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local import Endpoints
from producers.quarantine.correcting import discard, edit
from producers.quarantine.resending import resend
from schemas.ids import register_fact_id
from schemas.topics import MOVEMENTS_IN, REGISTRY_IN
from tests.integration.intake_kit import FIRM, NOW, OTHER, THIRD, Kit, Record, counts, declared, listed, reasons

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def changes(records: list[Record]) -> list[tuple[str, str]]:
    """(change, day), sorted."""
    return sorted((record.data["change"], record.data["day"]) for record in records)


def test_a_row_is_a_start_and_a_listing_and_the_enterprise_has_a_baseline(kit: Kit) -> None:
    receipt, news = kit.news([listed(1), listed(2, since="2025-03")])
    assert counts(receipt) == (2, 0, 0)
    assert changes(news) == [
        *(("joined", "2025-01-01"), ("joined", "2025-03-01")),
        *(("listed", "2026-10-01"), ("listed", "2026-10-01"), ("roster_stated", "2026-10-01")),
    ]
    stated = next(record for record in news if record.data["change"] == "roster_stated")
    assert (stated.key, stated.data["complete"]) == ("e" + FIRM, True)
    one = next(record for record in news if record.data["change"] == "listed")
    assert one.data["fact"] == register_fact_id("opening-roster", "e" + FIRM, one.key, "listed", "2026-10-01")
    assert receipt.dossier == receipt.sha256


def test_a_complete_roster_unlists_whom_the_index_knew_there_and_only_there(kit: Kit) -> None:
    kit.send(
        [
            declared(1, 1, "TM", "05/2026"),
            declared(2, 2, "TM", "05/2026"),
            declared(3, 3, "TM", "05/2026", tax_code=OTHER),
        ]
    )
    kit.send([declared(1, 4, "TM", "11/2026", dossier_no="HS-later")])
    _, news = kit.news([listed(1)])
    (gone,) = [record for record in news if record.data["change"] == "unlisted"]
    assert (gone.data["day"], gone.data["unit"], gone.data["precision"]) == ("2026-10-01", "e" + FIRM, "day")
    known = {row[0] for row in kit.db.execute("select key from intake.facts where dossier = 'HS-1' and line = '2'")}
    assert known == {gone.key}


def test_a_roster_that_is_not_complete_unlists_nobody(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM", "05/2026")])
    _, news = kit.news([listed(2, complete="no")])
    assert changes(news) == [("joined", "2025-01-01"), ("listed", "2026-10-01"), ("roster_stated", "2026-10-01")]
    assert not any(record.data.get("complete") for record in news)


def test_a_later_start_dated_before_the_roster_brings_its_unlisting(kit: Kit) -> None:
    kit.send([listed(1)])
    early, late = declared(1, 5, "TM", "03/2026"), declared(2, 6, "TM", "11/2026")
    _, news = kit.news([early, late, declared(3, 1, "TM", "04/2026"), declared(4, 7, "GH", "04/2026")])
    assert changes(news) == [
        *(("departed", "2026-04-01"), ("joined", "2026-03-01"), ("joined", "2026-04-01")),
        *(("joined", "2026-11-01"), ("unlisted", "2026-10-01")),
    ]
    assert changes(kit.news([declared(9, 5, "ON", "06/2026")])[1]) == [("returned", "2026-06-01")]


def test_being_listed_after_all_takes_the_unlisting_back(kit: Kit) -> None:
    kit.send([declared(1, 2, "TM", "05/2026")])
    kit.send([listed(1)])
    receipt, news = kit.news([listed(1), listed(2)])
    assert counts(receipt) == (1, 1, 0)
    assert changes(news) == [("cancelled", "2026-10-01"), ("joined", "2025-01-01"), ("listed", "2026-10-01")]


def test_a_roster_with_a_refused_row_is_complete_only_once_that_row_is_in(kit: Kit) -> None:
    kit.send([declared(1, 9, "TM", "05/2026")])
    receipt, news = kit.news([listed(1), listed(2, since=""), listed(3, firm=OTHER)])
    assert reasons(receipt) == [("3", "missing-month")]
    stated = {
        record.key: record.data.get("complete", False) for record in news if record.data["change"] == "roster_stated"
    }
    assert stated == {"e" + FIRM: False, "e" + OTHER: True}
    assert "unlisted" not in dict(changes(news))
    _, news = kit.news([listed(2)])
    assert changes(news) == [
        *(("joined", "2025-01-01"), ("listed", "2026-10-01")),
        *(("roster_stated", "2026-10-01"), ("unlisted", "2026-10-01")),
    ]
    restated = next(record for record in news if record.data["change"] == "roster_stated")
    assert (restated.data["version"], restated.data["complete"]) == (2, True)


def test_rows_of_a_unit_must_agree_on_completeness(kit: Kit) -> None:
    receipt, news = kit.news([listed(1), listed(2, complete="no")])
    assert reasons(receipt) == [("3", "complete-differs")]
    assert not any(record.data.get("complete") for record in news)


def test_withdrawing_a_listed_row_unlists_a_person_known_otherwise(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM", "05/2026")])
    first = kit.send([listed(1), listed(2)])
    gone = listed(1) | {"action": "cancel", "cites": f"{first.dossier}:2"}
    _, news = kit.news([gone])
    assert [row[0] for row in changes(news)] == ["cancelled", "cancelled", "unlisted"]


def test_a_second_complete_roster_of_the_day_tells_whom_it_leaves_out(kit: Kit) -> None:
    first = kit.send([listed(1), listed(2)])
    path = kit.file([listed(2), listed(3)])
    (second,) = kit.ingest(path)
    (note,) = [said for said in second.notes if "--replaces" in said]
    assert "a complete roster of 2026-10-01 is known already; 1 person on it is not listed here and stays" in note
    assert f"--replaces {first.sha256}" in note
    (again,) = kit.ingest(path)
    assert not [said for said in again.notes if "--replaces" in said]
    (instead,) = kit.ingest(path, replaces=first.sha256)
    assert instead.notes[:1] == ["1 dòng không được khai lại nên đã bị hủy: 2 / 1 line not restated was withdrawn: 2"]
    live = kit.db.execute("select count(distinct key) from intake.facts where live and change = 'listed'").fetchone()
    assert live == (2,)


def test_a_roster_that_leaves_nobody_out_or_replaces_whole_says_nothing(kit: Kit) -> None:
    first = kit.send([listed(1), listed(2)])
    assert not [said for said in kit.send([listed(1), listed(2), listed(3)]).notes if "--replaces" in said]
    assert not [said for said in kit.send([listed(4, firm=OTHER)]).notes if "--replaces" in said]
    assert not [said for said in kit.send([listed(1, as_of="2026-11-01")]).notes if "--replaces" in said]
    assert not [said for said in kit.send([listed(1, complete="no")]).notes if "--replaces" in said]
    whole = kit.send([listed(1), listed(2), listed(5)], replaces=first.sha256)
    assert not [said for said in whole.notes if "withdrawn" in said], "the roster itself is no line"


@pytest.mark.parametrize("stated", ["", FIRM[:-1] + str((int(FIRM[-1]) + 1) % 10), THIRD])
def test_a_refused_row_that_names_no_roster_of_the_file_may_belong_to_any(kit: Kit, stated: str) -> None:
    kit.send([declared(1, 9, "TM", "05/2026")])
    lost = listed(9, firm=stated) | ({"from_month": ""} if stated == THIRD else {})
    receipt, news = kit.news([listed(1), lost, listed(3, firm=OTHER)])
    assert counts(receipt) == (2, 0, 1)
    assert not any(record.data.get("complete") for record in news)
    assert "unlisted" not in dict(changes(news))
    (note,) = [said for said in receipt.notes if "counts as incomplete" in said]
    assert note.endswith(f"until the last of them has come in: {FIRM}, {OTHER}")
    held = [row[0] for row in kit.db.execute("select id from intake.quarantine where state = 'waiting'")]
    edit(kit.db, kit.intake.keys, held[0], {"tax_code": FIRM, "from_month": "01/2025"}, who="an", now=NOW)
    kit.log.restart()
    assert resend(kit.intake, who="an", now=NOW, ids=held).fixed == held
    complete = [record.key for record in kit.log.read(REGISTRY_IN) if record.data.get("complete")]
    assert sorted(complete) == ["e" + FIRM, "e" + OTHER], "also the rosters that the row turned out not to be of"


@pytest.mark.parametrize("typed", ["2024-10-01", "01/10/1926", ""])
def test_a_refused_row_of_a_day_that_is_no_rosters_may_belong_to_any_of_its_unit(kit: Kit, typed: str) -> None:
    kit.send([declared(1, 9, "TM", "05/2026")])
    receipt, news = kit.news([listed(1), listed(9, as_of=typed), listed(3, firm=OTHER)])
    assert counts(receipt) == (2, 0, 1)
    assert [record.key for record in news if record.data.get("complete")] == ["e" + OTHER]
    assert "unlisted" not in dict(changes(news))
    (note,) = [said for said in receipt.notes if "counts as incomplete" in said]
    assert note.endswith(f"until the last of them has come in: {FIRM}")
    (held,) = [row[0] for row in kit.db.execute("select id from intake.quarantine where state = 'waiting'")]
    edit(kit.db, kit.intake.keys, held, {"as_of": "2026-10-01"}, who="an", now=NOW)
    kit.log.restart()
    assert resend(kit.intake, who="an", now=NOW, ids=[held]).fixed == [held]
    news = kit.log.read(REGISTRY_IN)
    assert [record.key for record in news if record.data.get("complete")] == ["e" + FIRM]


def test_a_refused_row_of_another_roster_of_its_unit_leaves_the_first_complete(kit: Kit) -> None:
    later = "2026-11-01"
    _, news = kit.news([listed(1), listed(1, as_of=later), listed(2, since="", as_of=later)])
    assert [record.data["day"] for record in news if record.data.get("complete")] == ["2026-10-01"]


def test_a_mistyped_day_in_a_complete_roster_is_told_and_can_be_put_right(kit: Kit) -> None:
    rows = [listed(1), listed(2), listed(3, as_of="2026-10-11"), listed(4, firm=OTHER)]
    path = kit.file(rows)
    kit.log.restart()
    (receipt,) = kit.ingest(path)
    assert [row for row in changes(kit.log.read(MOVEMENTS_IN)) if row[0] == "unlisted"] == [
        *(("unlisted", "2026-10-01"), ("unlisted", "2026-10-11"), ("unlisted", "2026-10-11")),
    ]
    (note,) = [said for said in receipt.notes if "several days" in said]
    assert f"in this file: {FIRM} (2026-10-01, 2026-10-11);" in note
    assert note.endswith(f"--replaces {receipt.sha256}")
    assert not [said for said in kit.ingest(path)[0].notes if "several days" in said]
    kit.send([declared(1, 9, "TM", "11/2025")])
    right = kit.send([*rows[:2], listed(3), rows[3], listed(5)], replaces=receipt.sha256)
    assert not [said for said in right.notes if "several days" in said]
    live = kit.db.execute("select change, day::text, count(*) from intake.facts where live group by 1, 2 order by 1, 2")
    assert live.fetchall() == [
        ("joined", "2025-01-01", 5),
        ("joined", "2025-11-01", 1),
        ("listed", "2026-10-01", 5),
        ("roster_stated", "2026-10-01", 2),
        ("unlisted", "2026-10-01", 1),
    ]


def test_a_waiting_row_that_names_its_unit_doubts_no_other(kit: Kit) -> None:
    kit.send([listed(1), listed(2, firm=""), listed(3, firm=OTHER), listed(4, firm=OTHER, since="")])
    lost, late = [row[0] for row in kit.db.execute("select id from intake.quarantine order by id")]
    edit(kit.db, kit.intake.keys, lost, {"tax_code": FIRM}, who="an", now=NOW)
    kit.log.restart()
    assert resend(kit.intake, who="an", now=NOW, ids=[lost]).fixed == [lost]
    assert [record.key for record in kit.log.read(REGISTRY_IN) if record.data.get("complete")] == ["e" + FIRM]
    edit(kit.db, kit.intake.keys, late, {"from_month": "01/2025"}, who="an", now=NOW)
    kit.log.restart()
    assert resend(kit.intake, who="an", now=NOW, ids=[late]).fixed == [late]
    assert [record.key for record in kit.log.read(REGISTRY_IN) if record.data.get("complete")] == ["e" + OTHER]


def test_a_roster_that_says_it_is_incomplete_stays_so_when_its_file_is_settled(kit: Kit) -> None:
    kit.send([listed(1), listed(2, firm=""), listed(3, firm=OTHER, complete="no")])
    (lost,) = [row[0] for row in kit.db.execute("select id from intake.quarantine")]
    edit(kit.db, kit.intake.keys, lost, {"tax_code": FIRM}, who="an", now=NOW)
    kit.log.restart()
    assert resend(kit.intake, who="an", now=NOW, ids=[lost]).fixed == [lost]
    assert [record.key for record in kit.log.read(REGISTRY_IN) if record.data.get("complete")] == ["e" + FIRM]


def test_a_roster_whose_last_refused_row_was_discarded_becomes_complete_when_sent_without_it(kit: Kit) -> None:
    kit.send([declared(1, 9, "TM", "05/2026")])
    kit.send([listed(1), listed(2, since="")])
    (held,) = [row[0] for row in kit.db.execute("select id from intake.quarantine")]
    kit.log.restart()
    assert discard(kit.db, [held], who="an", why="dòng thừa", now=NOW) == [held]
    assert kit.log.read(REGISTRY_IN) == []
    _, news = kit.news([listed(1)])
    assert changes(news) == [("roster_stated", "2026-10-01"), ("unlisted", "2026-10-01")]
