"""Erasing: what leads to the person goes, facts stay under an id that leads to nobody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.members import erasing, finding
from producers.members.errors import MemberError, UnknownPerson
from tests.integration.intake_kit import FIRM, NOW, Kit, counts, declared, listed, person
from tests.integration.person_kit import empty_kit, id_of, member, merge

pytestmark = pytest.mark.services

ONE, TWO = (person(n)["insurance_number"] for n in (1, 2))
TABLES = ("persons", "aliases", "codes", "versions", "positions", "merges")


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def erase(kit: Kit, who: str) -> erasing.Erased:
    return erasing.erase(kit.db, kit.intake.keys, who, who="clerk", why="asked for", now=NOW)


def rows_about(kit: Kit, *ids: str) -> int:
    counted = 0
    for table in TABLES:
        column = {"persons": "id", "merges": "winner"}.get(table, "person")
        text = f"select count(*) from vault.{table} where {column} = any(%s::uuid[])"
        counted += (kit.db.execute(text, (list(ids),)).fetchone() or (0,))[0]
    return counted


def test_numbers_record_key_history_and_refused_rows_go(kit: Kit) -> None:
    kit.send([declared(1, 1, "TS", job_title="Thợ"), declared(2, 2, "TM")])
    kit.send([member(1, job_title="Tổ trưởng")])
    kit.send([declared(5, 1, "GX"), declared(6, 2, "GX")])
    who = id_of(kit, ONE)
    assert rows_about(kit, who) >= 4
    done = erase(kit, who)
    assert (done.ids, done.held, done.before) == ([who], 1, False)
    assert rows_about(kit, who) == 0
    assert finding.by_number(kit.db, kit.intake.keys, ONE, who="a", why="b") is None
    assert kit.db.execute("select line from intake.quarantine").fetchall() == [("6",)]
    assert kit.db.execute("select count(*) from intake.facts where key = %s", (who,)).fetchone() == (2,), "facts stay"
    assert rows_about(kit, id_of(kit, TWO)) == 3


def test_the_same_number_gets_another_id_and_erasing_again_does_nothing(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    who = id_of(kit, ONE)
    first = erase(kit, who)
    again = erase(kit, who)
    assert (again.before, again.at) == (True, first.at)
    listed = kit.folder / "home" / erasing.LIST
    assert listed.read_text().split() == [who]
    assert counts(kit.send([declared(2, 1, "TM", dossier_no="HS-2")])) == (1, 0, 0)
    assert id_of(kit, ONE) != who
    with pytest.raises(UnknownPerson):
        erase(kit, "0" * 32)


def test_ids_that_were_merged_into_the_person_go_with_it(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    winner, loser = id_of(kit, ONE), id_of(kit, TWO)
    merge(kit, loser, winner)
    with pytest.raises(MemberError, match=winner):
        erase(kit, loser)
    assert sorted(erase(kit, winner).ids) == sorted([winner, loser])
    assert rows_about(kit, winner, loser) == 0
    assert erase(kit, loser).before


def test_nothing_is_half_erased(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.send([declared(1, 1, "TM")])
    who = id_of(kit, ONE)
    before = rows_about(kit, who)
    real = erasing.query

    def failing(package: str, name: str) -> str:
        return "select 1 / 0 from unnest(%(ids)s::uuid[])" if name == "erase_persons" else real(package, name)

    monkeypatch.setattr(erasing, "query", failing)
    with pytest.raises(Exception, match="division"):
        erase(kit, who)
    assert rows_about(kit, who) == before


@pytest.mark.parametrize("roster", [False, True])
def test_a_register_sent_before_brings_nobody_back(kit: Kit, roster: bool) -> None:
    rows = [listed(1, complete="no"), listed(2, complete="no")] if roster else [member(1), member(2)]
    kit.send(rows)
    file = kit.file([row | {"job_title": ""} for row in rows])
    assert counts(kit.ingest(file)[0]) == (0, 2, 0), "nothing new, and a file of before from now on"
    who = id_of(kit, ONE)
    erase(kit, who)
    facts = kit.db.execute("select * from intake.facts order by fact").fetchall()
    kit.log.restart()
    for _ in range(2):
        (again,) = kit.ingest(file)
        assert counts(again) == (0, 2, 0)
        assert finding.by_number(kit.db, kit.intake.keys, ONE, who="a", why="b") is None
    assert (kit.log.read(), rows_about(kit, who)) == ([], 0)
    kit.now = NOW + timedelta(days=1)
    kit.send([member(1, "admitted", "2026-10-20", union_code="CD2")])
    assert id_of(kit, ONE) != who
    (again,) = kit.ingest(file)
    assert counts(again) == (0, 2, 0), "the number leads to an id that is newer than the file"
    assert len(kit.db.execute("select * from intake.facts").fetchall()) == len(facts) + 1


def test_a_dossier_sent_before_brings_nobody_back_but_its_corrected_rows_come_in(kit: Kit) -> None:
    coded = [declared(2, 2, "TM", tax_code="", unit_code="TA0001A")]
    file = kit.file([declared(1, 1, "TM", unit_code=""), *coded])
    (first,) = kit.ingest(file)
    assert counts(first) == (1, 0, 1)
    erase(kit, id_of(kit, ONE))
    kit.now = NOW + timedelta(days=1)
    kit.send([{"tax_code": FIRM, "unit_code": "TA0001A", "name": "Một", "effective_on": "2020-01-01"}])
    (again,) = kit.ingest(file)
    assert counts(again) == (1, 1, 0), "a row that was held is nobody's who was erased"
    assert finding.by_number(kit.db, kit.intake.keys, ONE, who="a", why="b") is None
    assert id_of(kit, TWO)
