"""The watched folder as clerks and power cuts treat it: `mobility up --drop`, files of all kinds, kills meanwhile."""

import csv
import io
import json
import os
import signal
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mobility.log import read_topics
from tests.end_to_end.command_line import Home, temporary_home
from tests.integration.intake_kit import FIRM, OTHER

pytestmark = [pytest.mark.services, pytest.mark.timeout(600)]

KILLED, ROWS = 20, 2_000
"""Files that are taken in while the watcher is killed, and the rows of each."""


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with temporary_home() as home:
        home.well("up", "--detach", "--drop", home.folder / "Thư mục nhận")
        home.well("clock", "--to", "2026-11-01")
        yield home


@pytest.fixture
def drop(home: Home) -> Path:
    return home.folder / "Thư mục nhận"


def dossier(name: str, persons: range, firm: str = FIRM) -> bytes:
    """A D02 as CSV: every one of these persons starts in September."""
    text = io.StringIO()
    columns = ("tax_code", "dossier_no", "form", "line", "full_name", "insurance_number", "movement_code", "from_month")
    writer = csv.writer(text)
    writer.writerow(columns)
    for line, person in enumerate(persons, 1):
        writer.writerow((firm, name, "D02", line, f"Trần Thị Số {person}", f"79{person:08d}", "TM", "09/2026"))
    return text.getvalue().encode()


def until(done: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def filed(drop: Path, where: str = "done") -> dict[str, Path]:
    """Filed files by name, whatever the day."""
    receipts = (".receipt.json", ".receipt.html")
    return {
        path.name: path
        for path in (drop / where).rglob("*")
        if path.is_file() and not path.name.endswith(receipts) and not path.name.startswith(".")
    }


def receipt(path: Path) -> Any:
    """What is filed beside it; the page for people must be there, too."""
    assert path.with_name(path.name + ".receipt.html").read_text("utf-8").startswith("<!doctype html>")
    return json.loads(path.with_name(path.name + ".receipt.json").read_text("utf-8"))


def watcher(home: Home) -> int:
    """Process id of the role, which the supervisor starts again when it ends."""
    (pid, _) = json.loads((home.folder / "run.json").read_text())["children"]["drop"]
    return int(pid)


def test_a_file_that_is_copied_slowly_goes_in_once_it_is_whole(home: Home, drop: Path) -> None:
    whole = dossier("CHAM-1", range(1, 301))
    step = len(whole) // 8 + 1
    with (drop / "chậm.csv").open("wb", buffering=0) as file:
        for start in range(0, len(whole), step):
            file.write(whole[start : start + step])
            time.sleep(0.8)
            assert not filed(drop)
            assert not filed(drop, "refused")
    until(lambda: "chậm.csv" in filed(drop), "the whole file is filed")
    assert filed(drop)["chậm.csv"].read_bytes() == whole
    (one,) = receipt(filed(drop)["chậm.csv"])["receipts"]
    assert (one["dossier"], one["accepted"], one["refused_total"]) == ("CHAM-1", 300, 0)


def test_names_with_marks_and_spaces_a_copy_a_refused_file_and_a_zip(home: Home, drop: Path) -> None:
    composed = "Hồ sơ điều chỉnh tháng 10 (bản cuối).csv"
    one = dossier("TEN-1", range(1_001, 1_051))
    folder = drop / "Quý 4" / "Công ty Đông Á"
    folder.mkdir(parents=True)
    (folder / unicodedata.normalize("NFD", composed)).write_bytes(one)
    (drop / "thư ngỏ.csv").write_text("kính gửi công đoàn,\nxin chào\n", "utf-8")
    with zipfile.ZipFile(drop / "gói hồ sơ.zip", "w") as archive:
        archive.writestr("tháng 9/a.csv", dossier("ZIP-1", range(2_001, 2_021)))
        archive.writestr("tháng 9/b.csv", dossier("ZIP-2", range(2_021, 2_031), OTHER))
    until(lambda: {composed, "gói hồ sơ.zip"} <= set(filed(drop)), "both are filed")
    until(lambda: "thư ngỏ.csv" in filed(drop, "refused"), "the letter is refused")
    said = receipt(filed(drop)[composed])
    assert said["came_as"].startswith("Quý 4/Công ty Đông Á/")
    assert [(got["dossier"], got["accepted"]) for got in said["receipts"]] == [("TEN-1", 50)]
    inner = receipt(filed(drop)["gói hồ sơ.zip"])["receipts"]
    assert sorted((got["dossier"], got["accepted"]) for got in inner) == [("ZIP-1", 20), ("ZIP-2", 10)]
    (refusal,) = receipt(filed(drop, "refused")["thư ngỏ.csv"])["receipts"]
    assert "no known header" in refusal["refused"][0]["message"]

    (drop / "bản sao của hồ sơ.csv").write_bytes(one)
    until(lambda: "bản sao của hồ sơ.csv" in filed(drop), "the copy is filed")
    again = receipt(filed(drop)["bản sao của hồ sơ.csv"])
    assert [(got["accepted"], got["unchanged"]) for got in again["receipts"]] == [(0, 50)]
    assert [(got["dossier"], got["accepted"]) for got in again["taken_before"]] == [("TEN-1", 50)]


def test_a_watcher_killed_in_the_middle_loses_and_doubles_nothing(home: Home, drop: Path) -> None:
    names = [f"dồn dập {number}.csv" for number in range(KILLED)]
    for number, name in enumerate(names):
        first = 100_000 + number * ROWS
        aside = drop / f"{name}.part"
        aside.write_bytes(dossier(f"KILL-{number}", range(first, first + ROWS), OTHER))
        aside.rename(drop / name)

    def in_work() -> bool:
        return any((drop / ".working").glob("watcher-*/*/*.csv"))

    def all_filed() -> bool:
        return set(names) <= set(filed(drop))

    killed = 0
    for wait in (0.05, 0.4, 0.9):
        pid = watcher(home)
        until(lambda: in_work() or all_filed(), "a file is in work")
        time.sleep(wait)
        if not all_filed():
            os.kill(pid, signal.SIGKILL)
            killed += 1
            until(lambda pid=pid: watcher(home) != pid, "the supervisor started it again")
    assert killed >= 2
    until(all_filed, "all are filed", 180)
    for name in names:
        said = receipt(filed(drop)[name])
        published = [one["accepted"] for one in [*said["receipts"], *said["taken_before"]]]
        assert max(published) == ROWS, name


def test_in_the_end_every_event_is_on_the_log_once_and_the_folder_is_clear(home: Home, drop: Path) -> None:
    wanted = {"CHAM-1": 300, "TEN-1": 50, "ZIP-1": 20, "ZIP-2": 10} | {f"KILL-{n}": ROWS for n in range(KILLED)}
    ids: Counter[str] = Counter()
    dossiers: Counter[str] = Counter()
    for _, _, records in read_topics(home.well("up")["kafka"], "mobility.events"):
        for record in records:
            event = msgspec.json.decode(record.value or b"")
            ids[event["id"]] += 1
            dossiers[event["data"]["dossier"]] += 1
    assert dict(dossiers) == wanted
    assert set(ids.values()) == {1}
    status = home.well("drop", "status")
    assert (status["waiting"], status["working"], status["problems"], status["watchers"]) == ([], [], [], 1)
    assert (sum(status["done"].values()), sum(status["refused"].values())) == (KILLED + 4, 1)
    assert not [path for path in drop.rglob("*.csv") if "done" not in path.parts and "refused" not in path.parts]

    def counted() -> bool:
        rows = {row["tax_code"]: row["workers"] for row in home.well("status")["enterprises"]}
        return rows == {FIRM: 370, OTHER: 10 + KILLED * ROWS}

    until(counted, "the counts follow")
    assert home.well("verify")["ok"] is True
