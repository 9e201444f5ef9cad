"""The watched folder: every file once, filed with its receipt, whatever is killed, and nothing that is half written."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

import producers.dropfolder.watching
from deploy.local import Endpoints
from producers.dropfolder.claims import Claims, FolderUnfit
from producers.dropfolder.looking import look
from producers.dropfolder.places import plain_name, remove_emptied
from producers.dropfolder.status import drop_status
from producers.dropfolder.watching import ATTEMPTS, Filed, Watcher
from producers.errors import KafkaAway
from producers.intake import Intake, open_intake
from schemas.topics import MOVEMENTS_IN, RECEIPTS
from tests.integration.intake_kit import FIRM, NOW, Kit, declared, person, write

pytestmark = pytest.mark.services

DAY = "2026-11-05"


@pytest.fixture
def kit(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(fresh_database, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(fresh_database, endpoints.kafka, tmp_path) as made:
        yield made


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@contextmanager
def watcher(kit: Kit, drop: Path, kafka: str = "") -> Iterator[Watcher]:
    def opened() -> Any:
        return open_intake(dsn=kit.dsn, kafka=kafka or kit.kafka, home=kit.folder / "home")

    with Watcher(drop, opened=opened, now=lambda: NOW) as made:
        yield made


def taken(kit: Kit, drop: Path) -> list[Filed]:
    """Two looks."""
    with watcher(kit, drop) as one:
        return one.step() + one.step()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def receipt_of(drop: Path, name: str, where: str = "done") -> dict[str, Any]:
    return json.loads((drop / where / DAY / f"{name}.receipt.json").read_text())  # type: ignore[no-any-return]


def test_a_file_is_taken_in_and_filed_with_its_receipt(kit: Kit, drop: Path) -> None:
    write(drop / "d02.csv", [declared(1, 1, "TM"), declared(2, 2, "GX")])
    (filed,) = taken(kit, drop)
    assert filed.path == drop / "done" / DAY / "d02.csv"
    names = {f"done/{DAY}/d02.csv{ending}" for ending in ("", ".receipt.json", ".receipt.html")}
    modes = {path.stat().st_mode & 0o777 for path in (drop / "done" / DAY).glob("*.receipt.*")}
    assert modes == {0o600}, "a receipt tells what a file is called"
    assert files(drop) == names
    (receipt,) = receipt_of(drop, "d02.csv")["receipts"]
    assert (receipt["dossier"], receipt["accepted"], receipt["refused_total"]) == ("HS-1", 1, 1)
    page = (drop / "done" / DAY / "d02.csv.receipt.html").read_text()
    assert "GX" in page
    assert not any(value in page for number in (1, 2) for value in person(number).values())
    assert len(kit.log.read(MOVEMENTS_IN)) == 1
    assert taken(kit, drop) == []


def test_a_refused_file_is_filed_apart_with_the_sentence(kit: Kit, drop: Path) -> None:
    (drop / "letter.csv").write_text("dear all,\nhello\n")
    (filed,) = taken(kit, drop)
    assert filed.refused
    assert filed.path == drop / "refused" / DAY / "letter.csv"
    (receipt,) = receipt_of(drop, "letter.csv", "refused")["receipts"]
    assert "no known header" in receipt["refused"][0]["message"]


def test_a_file_that_is_still_being_written_is_left_alone(kit: Kit, drop: Path) -> None:
    rows = [declared(n, n, "TM") for n in range(1, 4)]
    whole = write(kit.folder / "whole.csv", rows).read_bytes()
    for name in ("~$d02.xlsx", "d02.csv.part", "d02.csv.crdownload", ".hidden.csv", "d02.tmp"):
        (drop / name).write_bytes(whole)
    growing = drop / "d02.csv"
    with watcher(kit, drop) as one:
        for end in (100, 200, len(whole)):
            growing.write_bytes(whole[:end])
            assert one.step() == []
        (filed,) = one.step()
    assert filed.receipts[0].accepted == 3
    assert len(look(drop).waiting) == 0


def test_subfolders_zips_and_decomposed_names(kit: Kit, drop: Path) -> None:
    (drop / "Quý 4" / "sâu").mkdir(parents=True)
    name = unicodedata.normalize("NFD", "Hồ sơ tháng 10.csv")
    write(drop / "Quý 4" / "sâu" / name, [declared(1, 1, "TM")])
    inner = write(kit.folder / "a.csv", [declared(2, 2, "TM")])
    with zipfile.ZipFile(drop / "gói.zip", "w") as archive:
        archive.write(inner, "a.csv")
        archive.writestr("b.csv", "x,y\n1,2\n")
    filed = taken(kit, drop)
    assert sorted((one.path.name, one.refused) for one in filed) == [("Hồ sơ tháng 10.csv", False), ("gói.zip", True)]
    assert unicodedata.is_normalized("NFC", filed[0].path.name)
    assert receipt_of(drop, "Hồ sơ tháng 10.csv")["came_as"].startswith("Quý 4/sâu/")
    assert sorted(one["accepted"] for one in receipt_of(drop, "gói.zip", "refused")["receipts"]) == [0, 1]
    assert len(kit.log.read(MOVEMENTS_IN)) == 2


def registered_first(kit: Kit) -> bool:
    """No receipt says that no register names the enterprise."""
    return not any("not in the register yet" in note for one in kit.log.read(RECEIPTS) for note in one.data["notes"])


REGISTER = {"tax_code": FIRM, "name": "Một", "effective_on": "2020-01-01"}


def test_files_that_came_in_together_are_taken_in_by_kind(kit: Kit, drop: Path) -> None:
    (drop / "z").mkdir()
    write(drop / "a.csv", [declared(1, 1, "TM")])
    write(drop / "z" / "b.csv", [REGISTER])
    write(drop / "c.csv", [declared(2, 2, "TM", dossier_no="HS-2")])
    assert [one.path.name for one in taken(kit, drop)] == ["b.csv", "a.csv", "c.csv"]
    assert registered_first(kit)


def test_files_of_a_zip_are_taken_in_by_kind(kit: Kit, drop: Path) -> None:
    inner = [write(kit.folder / "a.csv", [declared(1, 1, "TM")]), write(kit.folder / "b.csv", [REGISTER])]
    with zipfile.ZipFile(drop / "gói.zip", "w") as archive:
        for path in inner:
            archive.write(path, path.name)
    (filed,) = taken(kit, drop)
    assert [receipt.file for receipt in filed.receipts] == ["gói.zip/b.csv", "gói.zip/a.csv"]
    assert registered_first(kit)


def test_a_file_that_ends_the_process_while_its_kind_is_looked_at_keeps_nobody_waiting(
    kit: Kit, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("a.csv", "b.csv"), 1):
        write(drop / name, [declared(number, number, "TM")])

    class Killed(BaseException):
        """Stands for SIGKILL."""

    def killed(path: Path) -> int:
        raise Killed

    opened = watcher(kit, drop)
    dead = opened.__enter__()
    dead.step()
    with monkeypatch.context() as patch:
        patch.setattr(producers.dropfolder.watching, "rank", killed)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Killed):
            dead.step()
    looked: list[str] = []
    monkeypatch.setattr(producers.dropfolder.watching, "rank", lambda path: looked.append(path.name) or 0)
    filed = _after_kill(kit, drop, dead._claims)
    assert [one.path.name for one in filed] == ["b.csv", "a.csv"]
    assert looked == ["b.csv"]


def test_a_zip_whose_files_all_came_in_is_done_also_with_refused_rows(kit: Kit, drop: Path) -> None:
    inner = [write(kit.folder / f"{name}.csv", rows) for name, rows in (
        ("a", [declared(1, 1, "TM"), declared(2, 2, "GX")]), ("b", [declared(3, 3, "TM") | {"dossier_no": "HS-2"}]),
    )]  # fmt: skip
    with zipfile.ZipFile(drop / "gói.zip", "w") as archive:
        for path in inner:
            archive.write(path, path.name)
    (filed,) = taken(kit, drop)
    assert (filed.refused, filed.path.parent) == (False, drop / "done" / DAY)


def test_a_subfolder_goes_with_its_last_file_and_stays_while_something_is_in_it(kit: Kit, drop: Path) -> None:
    for place in ("whole/deep", "kept/deep", "never used"):
        (drop / place).mkdir(parents=True)
    write(drop / "whole" / "deep" / "a.csv", [declared(1, 1, "TM")])
    write(drop / "kept" / "deep" / "b.csv", [declared(2, 2, "TM")])
    (drop / "kept" / "c.csv.part").write_text("half")
    assert len(taken(kit, drop)) == 2
    folders = {str(path.relative_to(drop)) for path in drop.rglob("*") if path.is_dir()}
    assert folders == {"kept", "never used", "done", f"done/{DAY}", ".working"}


@pytest.mark.parametrize("came_as", ["/x/a.csv", "../x/a.csv", "done/a.csv", "a.csv", "gone/a.csv"])
def test_nothing_but_a_subfolder_of_its_own_is_ever_removed(tmp_path: Path, came_as: str) -> None:
    for place in ("x", "drop/done", "drop/refused"):
        (tmp_path / place).mkdir(parents=True)
    remove_emptied(tmp_path / "drop", came_as.replace("/x/", f"{tmp_path}/x/") if came_as[0] == "/" else came_as)
    assert all((tmp_path / place).is_dir() for place in ("x", "drop/done", "drop/refused"))


def test_files_of_one_name_keep_their_receipts_apart_and_a_copy_says_that_it_is_one(kit: Kit, drop: Path) -> None:
    for line in (1, 2):
        write(drop / "d02.csv", [declared(line, line, "TM")])
        taken(kit, drop)
    (drop / "d02.csv").write_bytes((drop / "done" / DAY / "d02.csv").read_bytes())
    taken(kit, drop)
    assert {"d02.csv", "d02 (2).csv", "d02 (3).csv"} <= {path.name for path in (drop / "done" / DAY).iterdir()}
    again = receipt_of(drop, "d02 (3).csv")
    assert (again["receipts"][0]["unchanged"], again["taken_before"][0]["accepted"]) == (1, 1)
    assert len(kit.log.read(MOVEMENTS_IN)) == 2


def test_names_that_are_no_text_or_too_long_are_made_plain() -> None:
    assert plain_name(os.fsdecode(b"a\xff.csv")) == "a_.csv"
    assert len(plain_name("ă" * 150 + ".csv").encode()) <= 200
    assert plain_name("ă" * 150 + ".csv").endswith(".csv")


def test_links_are_told_and_not_followed(kit: Kit, drop: Path, caplog: pytest.LogCaptureFixture) -> None:
    outside = write(kit.folder / "secret.csv", [declared(1, 1, "TM")])
    (drop / "link.csv").symlink_to(outside)
    (drop / "Phạm Thị Lộ 031185000790").symlink_to(kit.folder)
    assert taken(kit, drop) == []
    assert caplog.text.count("a link is not taken in") == 2
    assert not any(name in caplog.text for name in ("link.csv", "Phạm", "031185000790")), "a log names nobody"
    problems = drop_status(drop).problems
    assert len(problems) == 2
    assert all("a link is not taken in" in problem for problem in problems)
    assert any("Phạm Thị Lộ" in problem for problem in problems), "the command tells which one"
    assert outside.exists()


def test_what_is_passed_over_is_listed(kit: Kit, drop: Path) -> None:
    os.mkfifo(drop / "pipe.csv")
    (drop / "half.csv.part").touch()
    (drop / ".DS_Store").touch()
    assert not taken(kit, drop)
    status = drop_status(drop)
    assert [one.partition(":")[0] for one in status.passed_over] == ["half.csv.part", "pipe.csv"]
    assert not status.waiting
    assert not status.problems


def test_what_can_not_be_moved_is_told_and_the_others_go_on(
    kit: Kit, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(drop / "a.csv", [declared(1, 1, "TM")])
    write(drop / "b.csv", [declared(2, 2, "TM")])
    rename = Path.rename

    def denied(self: Path, target: Path) -> Path:
        if self.name == "a.csv" and self.parent == drop:
            raise PermissionError(13, "Permission denied", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", denied)
    with watcher(kit, drop) as one:
        one.step()
        (filed,) = one.step()
        assert filed.path.name == "b.csv"
        status = drop_status(drop)
        assert (status.waiting, status.watchers) == (["a.csv"], 1)
        assert any("Permission denied" in problem for problem in status.problems)
    assert drop_status(drop).watchers == 0


def test_while_kafka_is_away_the_file_stays_claimed_and_goes_in_afterwards(kit: Kit, drop: Path) -> None:
    write(drop / "a.csv", [declared(1, 1, "TM")])
    with watcher(kit, drop, kafka="127.0.0.1:1") as away:
        away.step()
        for _ in range(ATTEMPTS + 1):
            with pytest.raises(KafkaAway):
                away.step()
        assert drop_status(drop).working == ["a.csv"]
        assert any("MOBILITY_KAFKA" in problem for problem in drop_status(drop).problems)
    (filed,) = taken(kit, drop)
    assert filed.receipts[0].accepted == 1
    assert files(drop) == {f"done/{DAY}/a.csv{ending}" for ending in ("", ".receipt.json", ".receipt.html")}


def test_a_file_that_ends_the_process_again_and_again_is_refused_in_the_end(kit: Kit, drop: Path) -> None:
    write(drop / "a.csv", [declared(1, 1, "TM")])
    write(drop / "b.csv", [declared(2, 2, "TM")])
    with Claims(drop) as dead:
        claim = dead.take(look(drop).waiting[0], DAY)
        assert claim is not None
        for _ in range(ATTEMPTS):
            claim = dead.begin(claim)
        filed = {one.path.name: one.refused for one in _after_kill(kit, drop, dead)}
    assert filed == {"a.csv": True, "b.csv": False}


def test_what_was_published_of_a_file_that_is_given_up_is_told(kit: Kit, drop: Path) -> None:
    path = write(drop / "a.csv", [declared(1, 1, "TM")])
    kit.ingest(path)
    with Claims(drop) as dead:
        claim = dead.take(look(drop).waiting[0], DAY)
        assert claim is not None
        for _ in range(ATTEMPTS):
            claim = dead.begin(claim)
        (filed,) = _after_kill(kit, drop, dead)
    assert filed.refused
    receipt = json.loads(filed.path.with_name("a.csv.receipt.json").read_text("utf-8"))
    assert [one["accepted"] for one in receipt["taken_before"]] == [1]


def _after_kill(kit: Kit, drop: Path, dead: Claims) -> list[Filed]:
    """As if the watcher had been killed: the kernel has dropped its lock."""
    assert dead._lock is not None
    os.close(dead._lock)
    dead._lock = None
    return taken(kit, drop)


CHILD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from producers.dropfolder.watching import Watcher
from producers.intake import open_intake
dsn, kafka, home, drop = sys.argv[1:]
def opened():
    return open_intake(dsn=dsn, kafka=kafka, home=Path(home))
with Watcher(Path(drop), opened=opened, now=lambda: datetime(2026, 11, 5, 3, tzinfo=UTC)) as watcher:
    while True:
        watcher.step()
        time.sleep(0.05)
"""


def test_two_watchers_killed_at_any_moment_take_every_file_once(kit: Kit, drop: Path) -> None:
    chance = random.Random(20261105)
    words = [sys.executable, "-c", CHILD, kit.dsn, kit.kafka, str(kit.folder / "home"), str(drop)]
    names = [f"f{number}.csv" for number in range(24)]
    for number, name in enumerate(names):
        rows = [declared(number * 10 + n, number * 10 + n, "TM") for n in range(10)]
        write(drop / name, rows)
    deadline = time.monotonic() + 50
    children: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(8):
            children = [child for child in children if child.poll() is None]
            children += [subprocess.Popen(words) for _ in range(2 - len(children))]
            time.sleep(chance.uniform(0.9, 2.0))
            chance.choice(children).send_signal(signal.SIGKILL)
        while {path.name for path in (drop / "done" / DAY).glob("*.csv")} != set(names):
            assert time.monotonic() < deadline, files(drop)
            children = [child for child in children if child.poll() is None]
            children += [subprocess.Popen(words) for _ in range(2 - len(children))]
            time.sleep(0.2)
    finally:
        for child in children:
            child.kill()
            child.wait()
    taken(kit, drop)
    events = Counter(record.event["id"] for record in kit.log.read(MOVEMENTS_IN))
    assert len(events) == 240
    assert set(events.values()) == {1}
    assert len(kit.log.read(RECEIPTS)) == len(names)
    for name in names:
        said = receipt_of(drop, name)
        published = [one["accepted"] for one in [*said["receipts"], *said["taken_before"]]]
        assert max(published) == 10
    assert {name for name in files(drop) if not name.startswith("done")} == set()


def test_an_intake_is_opened_for_each_file_anew(kit: Kit, drop: Path) -> None:
    """A connection that the server closed between two files is not used again."""
    opened: list[Intake] = []

    @contextmanager
    def counted() -> Iterator[Intake]:
        with open_intake(dsn=kit.dsn, kafka=kit.kafka, home=kit.folder / "home") as intake:
            opened.append(intake)
            yield intake

    for number in (1, 2):
        write(drop / f"{number}.csv", [declared(number, number, "TM")])
    with Watcher(drop, opened=counted, now=lambda: NOW) as one:
        one.step()
        assert len(one.step()) == 2
    assert len(opened) == 2


def test_a_full_disk_is_told_and_the_file_is_filed_once_there_is_space(
    kit: Kit, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(drop / "a.csv", [declared(1, 1, "TM")])
    with watcher(kit, drop) as one:
        one.step()
        with monkeypatch.context() as patch:

            def full(*_: object) -> str:
                raise OSError(28, "No space left on device")

            patch.setattr(producers.dropfolder.watching, "as_html", full)
            for _ in range(ATTEMPTS + 1):
                assert one.step() == []
            assert any("No space left" in problem for problem in drop_status(drop).problems)
        (filed,) = one.step()
    assert (filed.refused, receipt_of(drop, "a.csv")["taken_before"][0]["accepted"]) == (False, 1)
    assert drop_status(drop).problems == []
    assert len(kit.log.read(MOVEMENTS_IN)) == 1


def test_a_folder_that_can_not_be_written_to_is_one_sentence(kit: Kit, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / ".working").write_text("in the way")
    with pytest.raises(FolderUnfit, match="read and write"), watcher(kit, folder):
        pass
