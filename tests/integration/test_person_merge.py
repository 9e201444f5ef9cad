"""Two ids that are one person: the vault, the index of facts and the log, also after a crash (meaning, rule 7)."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Endpoints
from producers.ingest import settle_past
from producers.members import merging
from producers.members.errors import MemberError, UnknownPerson
from producers.publish.log import Log
from producers.vault.reading import read_codes
from schemas.persons import PersonFact
from schemas.topics import MOVEMENTS_IN, RECEIPTS
from tests.integration.intake_kit import FIRM, NOW, OTHER, Kit, Record, counts, declared, listed, person, reasons
from tests.integration.person_kit import empty_kit, id_of, member, merge, record_of

pytestmark = pytest.mark.services

ONE, TWO, THREE = (person(n)["insurance_number"] for n in (1, 2, 3))


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def merged_facts(kit: Kit) -> list[Record]:
    """Facts ``identity_merged`` that are on the log."""
    return [record for record in kit.log.read(MOVEMENTS_IN) if record.data["change"] == "identity_merged"]


def test_the_fact_goes_out_once_on_the_losing_id_and_numbers_lead_to_the_winner(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM", job_title="Thợ điện")])
    winner, loser = id_of(kit, ONE), id_of(kit, TWO)
    merge(kit, loser, winner)
    (record,) = merged_facts(kit)
    fact = PersonFact.model_validate(record.data)
    assert (record.key, fact.winner, fact.unit, fact.version) == (loser, winner, "", 1)
    assert "same person" not in record.raw.decode()
    (receipt,) = (one for one in kit.log.read(RECEIPTS) if one.data["feed"] == "vault")
    assert (receipt.data["dossier"], receipt.data["accepted"]) == (f"merge/{loser}", 1)
    assert id_of(kit, TWO) == id_of(kit, ONE) == winner
    kept = record_of(kit, winner)
    assert kept.record["full_name"] == person(1)["full_name"]
    assert kept.record["job_title"] == "Thợ điện", "what the winner's record lacks comes from the loser's"
    assert {alias.number for alias in kept.aliases} == {
        *(person(1)[name] for name in ("insurance_number", "personal_number")),
        *(person(2)[name] for name in ("insurance_number", "personal_number")),
    }
    with pytest.raises(MemberError, match=winner):
        record_of(kit, loser)
    _, (later,) = kit.news([declared(3, 2, "GH")])
    assert later.key == winner


def test_health_codes_of_the_loser_open_under_the_winner(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TS")])
    winner, loser = id_of(kit, ONE), id_of(kit, TWO)
    merge(kit, loser, winner)
    assert list(read_codes(kit.db, kit.intake.keys, winner, who="a", why="b").values()) == ["TS"]


def test_files_of_before_are_unchanged_after_it(kit: Kit) -> None:
    dossier = kit.file([declared(1, 1, "TM"), declared(2, 2, "TM")])
    members = kit.file([member(2), member(1, day="2026-10-05")])
    roster = kit.file([listed(2), listed(3)])
    for path in (dossier, members, roster):
        kit.ingest(path)
    merge(kit, id_of(kit, TWO), id_of(kit, ONE))
    kit.log.restart()
    assert [counts(*kit.ingest(path)) for path in (dossier, members, roster)] == [(0, 2, 0)] * 3
    copies = (kit.file([declared(1, 1, "TM"), declared(2, 2, "TM")]), kit.file([member(2)]))
    assert [counts(*kit.ingest(path))[2] for path in copies] == [0, 0]
    assert kit.log.read(MOVEMENTS_IN) == []


def test_a_correction_of_the_losers_fact_goes_to_the_winner_with_the_next_version(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM"), declared(3, 2, "ON")])
    winner, loser = id_of(kit, ONE), id_of(kit, TWO)
    before = {record.data["line"]: record for record in kit.log.read(MOVEMENTS_IN)}
    merge(kit, loser, winner)
    fix = declared(2, 2, "TM", "09/2026", action="replace", cites="HS-1:2@1")
    receipt, (replaced,) = kit.news([fix])
    assert counts(receipt) == (1, 0, 0)
    assert (replaced.key, replaced.data["version"]) == (winner, 2)
    assert replaced.data["fact"] == before["2"].data["fact"]
    gone = {"tax_code": FIRM, "dossier_no": "HS-2", "line": "1", "movement_code": "", "insurance_number": ""}
    _, (cancelled,) = kit.news([gone | {"from_month": "", "action": "cancel", "cites": "HS-1:3@1"}])
    assert (cancelled.key, cancelled.data["change"], cancelled.data["version"]) == (winner, "cancelled", 2)


def test_somebody_listed_under_the_old_id_is_not_unlisted_by_a_late_fact(kit: Kit) -> None:
    kit.send([listed(2), listed(3)])
    kit.send([declared(1, 1, "TM", "05/2026", dossier_no="HS-7", tax_code=OTHER)])
    merge(kit, id_of(kit, TWO), id_of(kit, ONE))
    _, news = kit.news([declared(9, 2, "TM", "03/2026", dossier_no="HS-8")])
    assert [record.data["change"] for record in news] == ["joined"]


def test_chains_end_at_the_last_winner_and_nothing_is_merged_twice_or_in_a_circle(kit: Kit) -> None:
    kit.send([declared(n, n, "TM") for n in (1, 2, 3)])
    one, two, three = (id_of(kit, number) for number in (ONE, TWO, THREE))
    with pytest.raises(MemberError, match="itself"):
        merge(kit, one, one)
    with pytest.raises(UnknownPerson):
        merge(kit, one, "0" * 32)
    merge(kit, one, two)
    for pair in ((one, two), (one, three), (two, one), (three, one)):
        with pytest.raises(MemberError, match="before"):
            merge(kit, *pair)
    merge(kit, two, three)
    assert {id_of(kit, number) for number in (ONE, TWO, THREE)} == {three}
    assert [(r.key, r.data["winner"]) for r in sorted(merged_facts(kit), key=lambda r: r.event["id"])] == sorted(
        [(one, two), (two, three)], key=lambda pair: merging.fact_of(*pair)
    )
    assert counts(kit.send([declared(n, n, "TM") for n in (1, 2, 3)])) == (0, 3, 0)
    keys = dict(kit.db.execute("select change, array_agg(distinct key) from intake.facts group by change").fetchall())
    assert keys["joined"] == [three]
    assert sorted(keys["identity_merged"]) == sorted([one, two])


def test_two_identities_in_one_row_are_settled_by_a_merge(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM") | {"personal_number": ""}, declared(2, 2, "TM") | {"insurance_number": ""}])
    mixed = declared(3, 1, "GH") | {"personal_number": person(2)["personal_number"]}
    assert reasons(kit.send([mixed])) == [("3", "two-identities")]
    merge(kit, id_of(kit, person(2)["personal_number"]), id_of(kit, ONE))
    assert counts(kit.send([mixed])) == (1, 0, 0)


class Killed(BaseException):
    """Stands for SIGKILL between two steps."""


@pytest.mark.parametrize("moment", ["vault", "committed"])
def test_a_crash_between_vault_and_log_is_healed_by_the_next_run(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    winner, loser = id_of(kit, ONE), id_of(kit, TWO)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "vault":
            patch.setattr(Log, "publish", killed)
        else:
            real = Log.publish
            patch.setattr(Log, "publish", lambda *words: (real(*words), killed()))
        with pytest.raises(Killed):
            merge(kit, loser, winner)
    assert len(merged_facts(kit)) == (0 if moment == "vault" else 1)
    settle_past(kit.intake, now=NOW)
    settle_past(kit.intake, now=NOW)
    assert [record.key for record in merged_facts(kit)] == [loser]
    assert kit.db.execute("select count(*) from vault.merges where not published").fetchone() == (0,)


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from producers.intake import open_intake
from producers.members.desk import identity_desk
from producers.members.merging import merge
dsn, kafka, home, *ids = sys.argv[1:]
now = datetime(2026, 11, 5, tzinfo=UTC)
with open_intake(dsn=dsn, kafka=kafka, home=Path(home)) as intake:
    for pair in ids:
        with identity_desk(intake, now=now, today="2026-11-05", say=print) as desk:
            loser, winner = pair.split(":")
            merge(intake.connection, desk.keys, desk.log, loser, winner, who="a", why="b", now=now, today="2026-11-05")
"""


def test_sigkill_at_any_moment_gives_every_merge_once(kit: Kit) -> None:
    rows = 24
    kit.send([declared(n, n, "TM") for n in range(1, 2 * rows + 1)])
    ids = [id_of(kit, person(n)["insurance_number"]) for n in range(1, 2 * rows + 1)]
    left = [f"{ids[n]}:{ids[n + rows]}" for n in range(rows)]
    words = [sys.executable, "-c", CHILD, kit.dsn, kit.kafka, str(kit.folder / "home")]
    chance = random.Random(7)
    states: Counter[str] = Counter()
    while left:
        child = subprocess.Popen([*words, *left], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted = rows - len(left) + chance.randint(1, 3)
        while child.poll() is None and len(merges(kit)) < wanted:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.04))
        child.send_signal(signal.SIGKILL)
        child.wait()
        gone = merges(kit)
        states["open" if False in gone.values() else "settled"] += 1
        left = [pair for pair in left if pair.partition(":")[0] not in gone]
    assert states["open"] > 1, states
    settle_past(kit.intake, now=NOW)
    assert Counter(record.key for record in merged_facts(kit)) == Counter(ids[:rows])
    assert {json.loads(record.raw)["data"]["winner"] for record in merged_facts(kit)} == set(ids[rows:])


def merges(kit: Kit) -> dict[str, bool]:
    """Losing id -> whether it is known to be on the log."""
    return {row[0].hex: row[1] for row in kit.db.execute("select loser, published from vault.merges")}
