"""Refused rows as work: corrected rows become facts of their dossier and line, once, whatever is killed."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from aiokafka import AIOKafkaProducer

import producers.session
from deploy.local import Endpoints
from producers.errors import IntakeBusy
from producers.ingest import settle_past
from producers.intake import open_intake
from producers.publish.log import Log
from producers.quarantine import held_counts, resending
from producers.quarantine.correcting import NotCorrected, discard, edit
from producers.quarantine.reading import Wanted, done_with, fates, held_groups, held_months, opened_rows, seen_rows
from producers.quarantine.resending import Resent, resend
from producers.session import Session
from schemas.ids import line_fact_id
from schemas.topics import MOVEMENTS_IN, RECEIPTS, REGISTRY_IN
from tests.integration.intake_kit import FIRM, NOW, OTHER, Kit, counts, declared, listed, person, reasons

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def again(kit: Kit, *ids: int, reason: str = "") -> Resent:
    return resend(kit.intake, who="clerk", now=NOW, ids=ids or None, reason=reason)


def fix(kit: Kit, held: int, **changes: str) -> list[str]:
    return edit(kit.db, kit.intake.keys, held, changes, who="clerk", now=NOW)


def waiting(kit: Kit, **asked: object) -> list[int]:
    return [row.id for row in reversed(seen_rows(kit.db, Wanted(**asked)))]  # type: ignore[arg-type]


def test_a_corrected_row_becomes_a_fact_of_its_dossier_and_line_and_the_first_receipt_tells_so(kit: Kit) -> None:
    first = kit.send([declared(1, 1, "TM"), declared(2, 2, "GX"), declared(3, 3, "TM", "99/2026")])
    two, three = waiting(kit)
    assert fix(kit, two, PA="TM") == ["movement_code"]
    kit.log.restart()
    done = again(kit, two, three)
    assert (done.fixed, [one.reason for one in done.again]) == ([two], ["bad-month"])
    (receipt,) = done.receipts
    assert (receipt.dossier, counts(receipt), receipt.fixed) == ("HS-1", (1, 0, 1), ["2"])
    assert any("corrected in quarantine, lines 2" in note for note in receipt.notes)
    (fact,) = kit.log.read(MOVEMENTS_IN)
    assert fact.data["fact"] == line_fact_id("bhxh", "e" + FIRM, "HS-1", "D02", "2")
    assert (fact.data["dossier"], fact.data["line"], fact.data["version"]) == ("HS-1", "2", 1)
    (said,) = kit.log.read(RECEIPTS)
    assert said.data["batch"] == receipt.batch
    told = {fate.line: (fate.state, fate.reason) for fate in fates(kit.db, first.batch)}
    assert told == {"2": ("fixed", "unknown-movement-code"), "3": ("waiting", "bad-month")}
    assert [one.did for one in done_with(kit.db, two)] == ["edited", "resent"]
    assert kit.db.execute("select count(*) from intake.batches where state = 'done'").fetchone() == (2,)


def corrected(kit: Kit, month: str = "09/2026") -> None:
    """Line 1 of HS-1 stands as version 2, for another month than the first."""
    kit.send([declared(1, 1, "TM")])
    kit.send([declared(1, 1, "TM", month, dossier_no="HS-2", action="replace", cites="HS-1:1@1")])


@pytest.mark.parametrize("month", ["10/2026", "08/2026"])
def test_a_stale_row_is_published_once_its_citation_is_corrected(kit: Kit, month: str) -> None:
    """Also when it says again what the first version said."""
    corrected(kit)
    stale = kit.send([declared(1, 1, "TM", month, dossier_no="HS-3", action="replace", cites="HS-1:1@1")])
    assert reasons(stale) == [("1", "stale-citation")]
    (held,) = waiting(kit)
    fix(kit, held, cites="HS-1:1@2")
    kit.log.restart()
    (receipt,) = again(kit, held).receipts
    assert counts(receipt) == (1, 0, 0)
    (fact,) = kit.log.read(MOVEMENTS_IN)
    assert (fact.data["version"], fact.data["line"]) == (3, "1")


@pytest.mark.parametrize("cleared", [True, False])
def test_a_held_row_that_says_what_was_corrected_is_in_conflict_not_unchanged(kit: Kit, cleared: bool) -> None:
    """It was never taken in, so nobody has corrected it: refused for its citation, which is cleared, or without one."""
    corrected(kit)
    citing = {"action": "replace", "cites": "HS-1:1@1"} if cleared else {"action": ""}
    kit.send([declared(1, 1, "TM", **citing)])
    (held,) = waiting(kit)
    if cleared:
        fix(kit, held, action="", cites="")
    kit.log.restart()
    done = again(kit, held)
    assert (done.fixed, [one.reason for one in done.again]) == ([], ["conflict"])
    assert "HS-1:1@2" in done.again[0].message
    assert kit.log.read(MOVEMENTS_IN) == []
    fix(kit, held, action="replace", cites="HS-1:1@2")
    assert counts(again(kit, held).receipts[0]) == (1, 0, 0)


def test_a_stale_row_whose_content_stands_already_is_unchanged_and_its_receipt_says_so(kit: Kit) -> None:
    corrected(kit)
    kit.send([declared(1, 1, "TM", "08/2026", dossier_no="HS-3", action="replace", cites="HS-1:1@1")])
    kit.send([declared(1, 1, "TM", "08/2026", dossier_no="HS-4", action="replace", cites="HS-1:1@2")])
    (held,) = waiting(kit)
    fix(kit, held, cites="HS-1:1@3")
    kit.log.restart()
    done = again(kit, held)
    (receipt,) = done.receipts
    assert (done.fixed, counts(receipt), kit.log.read()) == ([held], (0, 1, 0), [])
    assert any("lines 1 from quarantine say what stands already" in note for note in receipt.notes)
    assert not any("corrected in quarantine" in note for note in receipt.notes)


def test_a_file_sent_again_does_not_hide_the_stale_row_that_never_came_in(kit: Kit) -> None:
    corrected(kit)
    path = kit.file([
        declared(1, 1, "TM", dossier_no="HS-3", action="replace", cites="HS-1:1@1"),
        declared(5, 5, "TM", dossier_no="HS-3"),
    ])  # fmt: skip
    for found in ((1, 0, 1), (0, 1, 1)):
        (receipt,) = kit.ingest(path)
        assert (counts(receipt), reasons(receipt)) == (found, [("1", "stale-citation")])
    (held,) = waiting(kit)
    fix(kit, held, cites="HS-1:1@2")
    again(kit, held)
    kit.send([declared(1, 1, "TM", "07/2026", dossier_no="HS-5", action="replace", cites="HS-1:1@3")])
    (receipt,) = kit.ingest(path)
    assert counts(receipt) == (0, 2, 0), "it came in, and was corrected since"


def test_resending_twice_or_the_file_again_publishes_nothing_more(kit: Kit) -> None:
    path = kit.file([declared(1, 1, "TM"), declared(2, 2, "GX")])
    kit.ingest(path)
    (held,) = waiting(kit)
    fix(kit, held, movement_code="TM")
    again(kit, held)
    kit.log.restart()
    done = again(kit, held)
    assert (done.fixed, done.receipts, done.passed_over) == ([], [], [held])
    (repeated,) = kit.ingest(path)
    assert counts(repeated) == (0, 1, 1)
    assert any("1 were corrected and taken in since" in note for note in repeated.notes)
    assert kit.log.read() == []
    assert held_counts(kit.db) == {}


def test_a_row_that_a_corrected_file_brought_first_is_settled_without_a_second_fact(kit: Kit) -> None:
    kit.send([declared(2, 2, "GX")])
    kit.send([declared(2, 2, "TM")])
    (held,) = waiting(kit)
    fix(kit, held, movement_code="TM")
    kit.log.restart()
    done = again(kit, held)
    assert (done.fixed, counts(done.receipts[0])) == ([held], (0, 1, 0))
    assert kit.log.read() == []
    assert seen_rows(kit.db, Wanted(ids=[held], state=""))[0].settled_batch == ""


def test_only_rows_that_still_fail_stay_with_their_new_reason(kit: Kit) -> None:
    kit.send([declared(n, n, "GX", "99/2026" if n % 2 else "10/2026") for n in range(1, 7)])
    for held in waiting(kit):
        fix(kit, held, movement_code="TM")
    done = again(kit, reason="unknown-movement-code")
    assert len(done.fixed) == 3
    assert held_counts(kit.db) == {"bad-month": 3}
    (group,) = held_groups(kit.db)
    assert (group.reason, group.rows, group.sources) == ("bad-month", 3, ["bhxh"])


class Killed(BaseException):
    """Stands for SIGKILL between two steps: nothing of the program runs after it."""


@pytest.mark.parametrize("moment", ["staged", "sent but not committed", "committed"])
def test_a_crash_while_resending_is_settled_by_the_receipt_on_the_log(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "GX")])
    (held,) = waiting(kit)
    fix(kit, held, movement_code="TM")
    kit.log.restart()
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise Killed

        if moment == "committed":
            patch.setattr(producers.session, "mark_done", killed)
        elif moment == "staged":
            patch.setattr(Log, "publish", killed)
        else:
            patch.setattr(AIOKafkaProducer, "commit_transaction", killed)
        with pytest.raises(Killed):
            again(kit, held)
    settle_past(kit.intake, now=NOW)
    assert waiting(kit) == ([] if moment == "committed" else [held])
    again(kit, held)
    assert len(kit.log.read(MOVEMENTS_IN)) == 1
    assert waiting(kit) == []


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from producers.intake import open_intake
from producers.quarantine.resending import resend
dsn, kafka, home = sys.argv[1:]
with open_intake(dsn=dsn, kafka=kafka, home=Path(home)) as intake:
    resend(intake, who="clerk", now=datetime(2026, 11, 5, tzinfo=UTC), reason="unknown-movement-code")
"""


def test_sigkill_while_resending_many_rows_gives_each_of_them_once(kit: Kit) -> None:
    kit.send([declared(n, n, "GX") for n in range(1, 401)])
    for held in waiting(kit):
        fix(kit, held, movement_code="TM")
    kit.log.restart()
    words = [sys.executable, "-c", CHILD, kit.dsn, kit.kafka, str(kit.folder / "home")]
    staged = "select 1 from intake.batches where state = 'staged'"
    for look in range(3):
        child = subprocess.Popen(words)
        while child.poll() is None and kit.db.execute(staged).fetchone() is None:
            pass
        if look:
            child.kill()
        child.wait()
    again(kit, reason="unknown-movement-code")
    events = [record.event["id"] for record in kit.log.read(MOVEMENTS_IN)]
    assert len(events) == len(set(events)) == 400
    assert waiting(kit) == []


def test_a_discarded_row_needs_a_reason_and_never_goes_out(kit: Kit) -> None:
    first = kit.send([declared(1, 1, "GX")])
    (held,) = waiting(kit)
    with pytest.raises(NotCorrected, match="why"):
        discard(kit.db, [held], who="clerk", why=" ", now=NOW)
    assert discard(kit.db, [held, 999], who="clerk", why="khai trùng", now=NOW) == [held]
    assert discard(kit.db, [held], who="clerk", why="again", now=NOW) == []
    assert again(kit, held).passed_over == [held]
    with pytest.raises(NotCorrected, match="discarded"):
        fix(kit, held, movement_code="TM")
    assert [(fate.state, fate.why) for fate in fates(kit.db, first.batch)] == [("discarded", "khai trùng")]


def test_an_edit_takes_only_columns_of_the_feed_and_writes_names_never_values(kit: Kit) -> None:
    kit.send([declared(1, 1, "GX")])
    (held,) = waiting(kit)
    with pytest.raises(NotCorrected, match="columns"):
        fix(kit, held, salary="1")
    new = {"full_name": "Lê Thị Sửa", "insurance_number": "7900000099", "personal_number": ""}
    assert fix(kit, held, **new) == ["full_name", "insurance_number", "personal_number"]
    assert fix(kit, held, **new) == []
    stored = kit.db.execute("select (to_jsonb(q) - 'sealed')::text from intake.quarantine q").fetchone()
    logged = kit.db.execute("select string_agg(to_jsonb(l)::text, '') from intake.quarantine_log l").fetchone()
    assert stored is not None
    assert logged is not None
    for value in (*new.values(), *person(1).values()):
        assert not value or value not in stored[0] + logged[0]
    (row,) = opened_rows(kit.db, kit.intake.keys, Wanted(ids=[held]), who="clerk", why="test")
    assert (row.values["full_name"], "personal_number" in row.values) == ("Lê Thị Sửa", False)
    whats = [one[0] for one in kit.db.execute("select why from vault.reads where what = 'quarantine'").fetchall()]
    assert "test" in whats


def test_a_roster_becomes_complete_when_its_last_refused_row_comes_in(kit: Kit) -> None:
    kit.send([declared(9, 9, "TM", "01/2025")])  # works there and is on no roster
    kit.log.restart()
    kit.send([listed(1), listed(2, since="99/2025"), listed(3, since="98/2025")])
    assert [one.data["change"] for one in kit.log.read(MOVEMENTS_IN)].count("unlisted") == 0
    two, three = waiting(kit)
    fix(kit, two, from_month="01/2025")
    again(kit, two)
    assert [one.data["change"] for one in kit.log.read(MOVEMENTS_IN)].count("unlisted") == 0
    fix(kit, three, from_month="01/2025")
    again(kit, three)
    changes = [one.data["change"] for one in kit.log.read(MOVEMENTS_IN)]
    assert (changes.count("listed"), changes.count("unlisted")) == (3, 1)
    assert kit.log.read(REGISTRY_IN)[-1].data["complete"]


def test_rows_keep_what_the_command_said_for_their_file(kit: Kit) -> None:
    bare = [declared(n, n, "TM" if n == 1 else "GX", tax_code="", dossier_no="") for n in (1, 2)]
    receipt = kit.send(bare, unit=OTHER, dossier="HS-7")
    assert counts(receipt) == (1, 0, 1)
    (held,) = waiting(kit)
    fix(kit, held, movement_code="TM")
    kit.log.restart()
    (settled,) = again(kit, held).receipts
    assert (settled.dossier, settled.unit) == ("HS-7", "e" + OTHER)
    (fact,) = kit.log.read(MOVEMENTS_IN)
    assert fact.data["unit"] == "e" + OTHER
    assert counts(kit.send([{"change": "admitted", "effective_on": "2026-10-02", **person(5)}], unit="CD1")) == (
        1,
        0,
        0,
    )


def test_replaced_dossiers_keep_their_identity_and_lose_no_other_line(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TM")])
    kit.send([declared(1, 1, "TM", dossier_no="HS-2"), declared(2, 2, "GX", dossier_no="HS-2")], replaces="HS-1")
    (held,) = waiting(kit)
    fix(kit, held, movement_code="TD")
    kit.log.restart()
    again(kit, held)
    (fact,) = kit.log.read(MOVEMENTS_IN)
    assert fact.data["fact"] == line_fact_id("bhxh", "e" + FIRM, "HS-1", "D02", "2")
    assert (fact.data["change"], fact.data["version"]) == ("transferred_in", 2)


def test_who_does_not_want_to_wait_is_told_that_another_intake_publishes(kit: Kit) -> None:
    kit.send([declared(1, 1, "GX")])
    (held,) = waiting(kit)
    fix(kit, held, movement_code="TM")
    with psycopg.connect(kit.dsn, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", (producers.session.LOCK,))
        with pytest.raises(IntakeBusy):
            resend(kit.intake, who="clerk", now=NOW, ids=[held], patient=False)
    assert waiting(kit) == [held]


def test_two_clerks_at_once_publish_each_row_once(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.send([declared(n, n, "GX") for n in range(1, 101)])
    ids = waiting(kit)
    for held in ids:
        fix(kit, held, movement_code="TM")
    kit.log.restart()
    fixed: list[int] = []
    passed_over: list[int] = []
    both_have_looked = threading.Barrier(2)

    class Late(Session):
        def __enter__(self) -> Session:
            both_have_looked.wait(30)
            return super().__enter__()

    monkeypatch.setattr(resending, "Session", Late)

    def run() -> None:
        with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=kit.folder / "home") as intake:
            done = resend(intake, who="clerk", now=NOW, ids=ids)
            fixed.extend(done.fixed)
            passed_over.extend(done.passed_over)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fixed) == ids
    assert passed_over == ids, "who came second is told so"
    assert len(kit.log.read(MOVEMENTS_IN)) == 100


def test_counts_over_time_tell_source_reason_and_fate(kit: Kit) -> None:
    kit.send([declared(1, 1, "GX"), declared(2, 2, "GX"), declared(3, 3, "TM", "")])
    ids = waiting(kit)
    fix(kit, ids[0], movement_code="TM")
    again(kit, ids[0])
    discard(kit.db, [ids[1]], who="clerk", why="trùng", now=NOW)
    months = {
        (one.month, one.reason): (one.refused, one.waiting, one.fixed, one.discarded) for one in held_months(kit.db)
    }
    assert months == {("2026-11", "unknown-movement-code"): (2, 0, 1, 1), ("2026-11", "missing-month"): (1, 1, 0, 0)}


def test_units_that_no_register_names_are_told_on_the_receipt(kit: Kit) -> None:
    receipt = kit.send([declared(1, 1, "TM")])
    assert any(f"enterprises not in the register yet (1): {FIRM}" in note for note in receipt.notes)
    kit.send([{"tax_code": FIRM, "name": "Một", "effective_on": "2020-01-01"}])
    assert kit.send([declared(2, 2, "TM")]).notes == []
    member = {"union_code": "CD1", "change": "admitted", "effective_on": "2026-10-02"} | person(1)
    assert any("unions not in the register yet (1): CD1" in note for note in kit.send([member]).notes)
    kit.send([{"union_code": "CD1", "name": "CĐCS", "tax_codes": FIRM, "founded_on": "2020-05-01"}])
    assert kit.send([member | {"effective_on": "2026-10-03", "change": "left"}]).notes == []


def test_a_file_with_a_header_only_is_refused_with_a_sentence(kit: Kit) -> None:
    path = kit.folder / "empty.csv"
    path.write_text("tax_code,name,effective_on\n")
    (receipt,) = kit.ingest(path)
    assert reasons(receipt) == [("", "no-rows")]


def test_rows_without_a_line_number_are_told_on_the_receipt(kit: Kit) -> None:
    receipt = kit.send([declared(1, 1, "TM") | {"line": ""}, declared(2, 2, "TM")])
    assert any("1 rows state no line number" in note for note in receipt.notes)
