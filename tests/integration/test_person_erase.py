"""Erasing: what leads to the person goes, facts stay under an id that leads to nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.members import erasing, finding
from producers.members.errors import MemberError, UnknownPerson
from tests.integration.intake_kit import NOW, Kit, counts, declared, person
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
