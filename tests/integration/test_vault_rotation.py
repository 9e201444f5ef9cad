"""A new key for the vault: nothing is lost and nobody becomes two, whatever is killed and whatever runs meanwhile."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local import Endpoints
from producers.errors import IntakeError, KeyUnfit
from producers.ingest import ingest
from producers.intake import open_intake
from producers.quarantine import held_rows
from producers.session import LOCK
from producers.vault import keyfile, rotating
from producers.vault.keys import VaultKeys, parse_keys, refreshed
from producers.vault.reading import read_codes, read_person
from producers.vault.resealing import PLACES
from tests.integration.intake_kit import NOW, Kit, counts, declared, person
from tests.integration.person_kit import empty_kit, id_of, merge, record_of

pytestmark = pytest.mark.services


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    with empty_kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


def home(kit: Kit) -> Path:
    return kit.folder / "home"


def in_file(kit: Kit) -> tuple[VaultKeys, VaultKeys | None]:
    return parse_keys(keyfile.read(home(kit) / keyfile.FILE), "file")


def rotate(kit: Kit, **options: bool) -> rotating.Rotation:
    return rotating.rotate(kit.db, kit.intake.current_keys(), say=print, **options)


def check_all(kit: Kit, ids: dict[int, str]) -> None:
    """Everybody is found by each number, opens, and is nobody else; nothing is under another secret."""
    with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=home(kit)) as intake:
        keys = intake.keys
        assert not keys.former_identifiers
        for n, who in ids.items():
            for name in ("insurance_number", "personal_number"):
                assert id_of(kit, person(n)[name]) == who
            found = read_person(intake.connection, keys, who, who="a", why="b")
            assert found
            assert found["full_name"] == person(n)["full_name"]
        assert kit.db.execute(
            "select count(*) from vault.persons where generation <> %s", (keys.generation,)
        ).fetchone() == (0,)
        assert kit.db.execute("select count(*), count(number) from vault.aliases").fetchone() == (2 * len(ids),) * 2
        for held in held_rows(intake.connection, keys, who="a", why="b"):
            assert held.values["full_name"]


@pytest.mark.parametrize("only", ["both", "numbers", "master"])
def test_a_new_key_changes_every_hash_and_seal_and_loses_nobody(kit: Kit, only: str) -> None:
    kit.send([declared(1, 1, "TM"), declared(2, 2, "TS"), declared(3, 3, "TM"), declared(9, 9, "GX")])
    ids = {n: id_of(kit, person(n)["insurance_number"]) for n in (1, 2, 3)}
    text = "select array_agg(hash order by person, kind), count(*) from vault.aliases"
    seals = "select array_agg(wrapped_key order by id), count(*) from vault.persons"
    before = kit.db.execute(text).fetchone(), kit.db.execute(seals).fetchone(), in_file(kit)[0]
    done = rotate(kit, numbers=only != "master", master=only != "numbers")
    assert (done.persons, done.sealed, done.finished_earlier) == (3, 0 if only == "numbers" else 1, False)
    after = kit.db.execute(text).fetchone(), kit.db.execute(seals).fetchone(), in_file(kit)[0]
    assert before[0] and after[0]
    assert set(before[0][0]).isdisjoint(after[0][0]) == (only != "master")
    assert before[1] != after[1]
    assert (before[2].identifiers != after[2].identifiers) == (only != "master")
    assert (before[2].master != after[2].master) == (only != "numbers")
    assert before[2].content == after[2].content, "what the index compares facts by stays"
    assert in_file(kit)[1] is None
    check_all(kit, ids)
    assert list(read_codes(kit.db, kit.intake.current_keys(), ids[2], who="a", why="b").values()) == ["TS"]
    assert counts(kit.send([declared(1, 1, "TM"), declared(2, 2, "TS"), declared(4, 3, "GH")])) == (1, 2, 0)


def test_the_old_key_opens_nothing_afterwards(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    who, old = id_of(kit, person(1)["insurance_number"]), (home(kit) / keyfile.FILE).read_text()
    rotate(kit)
    row = kit.db.execute("select wrapped_key from vault.persons").fetchone()
    assert row
    from producers.vault.sealing import unseal

    with pytest.raises(KeyUnfit):
        unseal(parse_keys(old, "old")[0].master, bytes(row[0]), who.encode())
    (home(kit) / keyfile.FILE).write_text(old)
    with pytest.raises(KeyUnfit), open_intake(dsn=kit.dsn, kafka=kit.kafka, home=home(kit)):
        pass


def test_merged_persons_and_a_second_rotation(kit: Kit) -> None:
    kit.send([declared(n, n, "TM") for n in (1, 2, 3)])
    merge(kit, id_of(kit, person(2)["insurance_number"]), id_of(kit, person(1)["insurance_number"]))
    rotate(kit)
    rotate(kit)
    who = id_of(kit, person(2)["insurance_number"])
    assert who == id_of(kit, person(1)["insurance_number"])
    assert len(record_of(kit, who).aliases) == 4


class Killed(BaseException):
    """Stands for SIGKILL between two steps."""


@pytest.mark.parametrize("step", ["_begin", "_write_again", "reseal_places", "end", "file"])
def test_cut_short_anywhere_the_intake_goes_on_and_the_next_run_finishes(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kit.send([declared(n, n, "TM") for n in range(1, 8)] + [declared(9, 99, "GX")])
    ids = {n: id_of(kit, person(n)["insurance_number"]) for n in range(1, 8)}

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if step == "end":
            real = rotating.query
            patch.setattr(rotating, "query", lambda p, name: killed() if name == "end_rotation" else real(p, name))
        elif step == "file":
            write, times = keyfile.write, []

            def second(*words: object) -> None:
                times.append(1)
                if len(times) == 2:
                    raise Killed
                write(*words)  # type: ignore[arg-type]

            patch.setattr(keyfile, "write", second)
        elif step == "_write_again":
            real_page, pages = rotating.reseal_persons, []

            def page(*words: object) -> object:
                pages.append(1)
                if len(pages) == 3:
                    raise Killed
                return real_page(*words)  # type: ignore[arg-type]

            patch.setattr(rotating, "reseal_persons", page)
        else:
            patch.setattr(rotating, step, killed)
        with pytest.raises(Killed):
            rotating.rotate(kit.db, kit.intake.current_keys(), say=print, batch=2)
    assert in_file(kit)[1] is not None
    with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=home(kit)) as intake:
        receipts = ingest(
            intake, [kit.file([declared(8, 8, "TM"), *(declared(n, n, "TM") for n in range(1, 8))])], now=NOW
        )
        assert counts(receipts[0]) == (1, 7, 0)
        assert [held.values["insurance_number"] for held in held_rows(intake.connection, intake.keys, who="a", why="b")]
    for n, who in ids.items():
        assert id_of(kit, person(n)["personal_number"]) == who
    ids[8] = id_of(kit, person(8)["insurance_number"])
    assert rotate(kit).finished_earlier
    assert in_file(kit)[1] is None
    check_all(kit, ids)


def test_an_intake_that_was_open_before_goes_on_with_the_new_key(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=home(kit)) as other:
        rotate(kit)
        receipts = ingest(other, [kit.file([declared(1, 1, "TM"), declared(2, 2, "TM")])], now=NOW)
    assert counts(receipts[0]) == (1, 1, 0)
    check_all(kit, {n: id_of(kit, person(n)["insurance_number"]) for n in (1, 2)})


def test_it_begins_when_the_intake_is_done_and_two_at_once_are_refused(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    told: list[str] = []
    with psycopg.connect(kit.dsn, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", (rotating.ROTATION,))
        with pytest.raises(IntakeError, match="Somebody else"):
            rotate(kit)
        other.execute("select pg_advisory_unlock(%s)", (rotating.ROTATION,))
        other.execute("select pg_advisory_lock(%s)", (LOCK,))

        def say(text: str) -> None:
            told.append(text)
            other.execute("select pg_advisory_unlock(%s)", (LOCK,))

        rotating.rotate(kit.db, kit.intake.current_keys(), say=say)
    assert len(told) == 1


def test_who_seals_without_the_intakes_lock_holds_a_change_off(kit: Kit) -> None:
    kit.send([declared(1, 1, "TM")])
    before = kit.intake.keys
    kit.db.execute("set lock_timeout = '300ms'")
    with psycopg.connect(kit.dsn) as other:
        assert refreshed(other, before, hold=True) == before
        with pytest.raises(psycopg.errors.LockNotAvailable):
            rotate(kit)
        other.commit()
        assert rotate(kit).finished_earlier
        assert refreshed(other, before, hold=True) != before


def test_numbers_that_an_earlier_vault_did_not_keep_are_found_in_records_or_told(kit: Kit) -> None:
    path = kit.file([declared(1, 1, "TM"), declared(2, 2, "TM")])
    kit.ingest(path)
    kit.db.execute("update vault.aliases set number = null")
    kit.db.execute("update vault.persons set record = null where id = %s", (id_of(kit, person(2)["personal_number"]),))
    with pytest.raises(IntakeError, match="Ingest the files again"):
        rotate(kit)
    assert counts(*kit.ingest(path)) == (0, 2, 0)
    rotate(kit)
    assert kit.db.execute("select count(*) from vault.aliases where number is null").fetchone() == (0,)
    assert id_of(kit, person(2)["insurance_number"]) == id_of(kit, person(2)["personal_number"])


def test_every_column_that_the_master_key_seals_is_sealed_again(kit: Kit) -> None:
    """A new table with a column ``sealed`` must be named in ``PLACES``, or a new key would lose it."""
    found = kit.db.execute(
        "select table_schema || '.' || table_name from information_schema.columns"
        " where column_name = 'sealed' and table_schema in ('vault', 'intake')"
    ).fetchall()
    assert {row[0] for row in found} == {place.table for place in PLACES}


ROTATE = """
import sys
from pathlib import Path
from producers.intake import open_intake
from producers.vault.rotating import rotate
dsn, kafka, home = sys.argv[1:]
with open_intake(dsn=dsn, kafka=kafka, home=Path(home)) as intake:
    rotate(intake.connection, intake.keys, batch=25, say=print)
"""
INGEST = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from producers.ingest import ingest
from producers.intake import open_intake
dsn, kafka, home, *files = sys.argv[1:]
with open_intake(dsn=dsn, kafka=kafka, home=Path(home)) as intake:
    for file in files:
        for receipt in ingest(intake, [Path(file)], now=datetime(2026, 11, 5, tzinfo=UTC)):
            assert receipt.refused_total == 0, receipt
"""


def test_sigkill_at_any_moment_while_files_are_taken_in(kit: Kit) -> None:
    first = [declared(n, n, "TM") for n in range(1, 2001)]
    kit.send(first)
    late = [kit.file([declared(n, n, "TM") for n in range(m, m + 220)]) for m in range(1801, 2801, 200)]
    where = (kit.dsn, kit.kafka, str(home(kit)))
    taking = subprocess.Popen([sys.executable, "-c", INGEST, *where, *map(str, late)], stderr=subprocess.PIPE)
    chance = random.Random(3)
    cut = 0
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", ROTATE, *where], stdout=subprocess.DEVNULL)
        while child.poll() is None and not half_done(kit):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.2))
        child.send_signal(signal.SIGKILL)
        child.wait()
        cut += in_file(kit)[1] is not None
    assert taking.wait(120) == 0, taking.stderr and taking.stderr.read().decode()
    assert cut > 1
    if in_file(kit)[1] is not None:
        rotate(kit)
    wanted = set(range(1, 2821))
    rows = kit.db.execute("select count(*), count(distinct person) from vault.aliases").fetchone()
    assert rows == (2 * len(wanted), len(wanted))
    some = random.Random(4).sample(sorted(wanted), 60)
    ids = {n: id_of(kit, person(n)["insurance_number"]) for n in some}
    assert len(set(ids.values())) == 60
    for n, who in ids.items():
        assert id_of(kit, person(n)["personal_number"]) == who
        assert record_of(kit, who).record["full_name"] == person(n)["full_name"]


def half_done(kit: Kit) -> bool:
    """Some persons are under the newest generation and some are not."""
    row = kit.db.execute(
        "select exists (select from vault.persons p, vault.keyring k where p.generation < k.generation)"
        " and exists (select from vault.persons p, vault.keyring k where p.generation = k.generation)"
    ).fetchone()
    return bool(row and row[0])
