"""The promises of the command line on a small day: receipts, quarantine, alerts, members, kills."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mobility.log import read_topics
from tests.end_to_end.command_line import Home, temporary_home

pytestmark = [pytest.mark.services, pytest.mark.timeout(600)]


def tax_code(nine: str) -> str:
    """Nine digits and their check digit."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    return nine + str(10 - sum(int(d) * w for d, w in zip(nine, weights, strict=True)) % 11)


FIRM, OTHER = (tax_code(nine) for nine in ("020000001", "020000003"))


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with temporary_home() as home:
        home.well("up", "--detach")
        home.well("clock", "--to", "2026-11-01")
        yield home


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def line(number: int, person: int, code: str, month: str, firm: str, dossier: str) -> dict[str, Any]:
    return {
        "tax_code": firm,
        "dossier_no": dossier,
        "form": "D02",
        "line": number,
        "full_name": f"Nguyễn Văn {person}",
        "insurance_number": f"79{person:08d}",
        "movement_code": code,
        "from_month": month,
    }


def count(home: Home, firm: str = FIRM) -> dict[str, Any]:
    rows: list[dict[str, Any]] = home.well("status", firm)["enterprises"]
    return rows[0]


def alert(home: Home, firm: str = FIRM) -> dict[str, Any] | None:
    found = [one for one in home.well("alerts")["alerts"] if one["tax_code"] == firm]
    return found[-1] if found else None


def test_a_dossier_with_one_bad_row_is_taken_in_but_for_that_row(home: Home, tmp_path: Path) -> None:
    rows = [line(n, n, "TM", "09/2026", FIRM, "D-1") for n in range(1, 20)]
    rows.append(line(20, 20, "GX", "09/2026", FIRM, "D-1"))
    path = write(tmp_path / "d1.csv", rows)
    answer = home.mobility("ingest", path, "--wait", "--json")
    assert answer.code == 1
    (receipt,) = answer.json["receipts"]
    assert (receipt["dossier"], receipt["accepted"], receipt["unchanged"]) == ("D-1", 19, 0)
    (refused,) = receipt["refused"]
    assert (refused["line"], refused["field"]) == ("20", "movement_code")
    assert count(home)["workers"] == 19
    assert alert(home) is None
    again = home.mobility("ingest", path, "--json").json["receipts"][0]
    assert (again["accepted"], again["unchanged"], len(again["refused"])) == (0, 19, 1)


def test_the_twentieth_worker_without_a_union_opens_an_alert(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "d2.csv", [line(1, 20, "TM", "10/2026", FIRM, "D-2")])
    home.well("ingest", path, "--wait")
    found = alert(home)
    assert found is not None
    assert (found["state"], found["workers"], found["confirmed_on"]) == ("open", 20, None)


def test_two_month_ends_confirm_it(home: Home) -> None:
    home.well("clock", "--to", "2026-12-31")
    found = alert(home)
    assert found is not None
    assert (found["state"], found["confirmed_on"]) == ("open", "2026-11-30")


def test_founding_a_union_resolves_it(home: Home, tmp_path: Path) -> None:
    path = write(
        tmp_path / "unions.csv",
        [{"union_code": "CD1", "name": "CĐCS Một", "tax_codes": FIRM, "founded_on": "2026-12-15"}],
    )
    home.well("ingest", path, "--wait")
    found = alert(home)
    assert found is not None
    assert (found["state"], found["reason"]) == ("resolved", "covered")
    assert count(home)["unions"] == ["CD1"]


def test_members_follow_admissions_a_transfer_only_the_receiver_reported_and_a_leave(
    home: Home, tmp_path: Path
) -> None:
    def member(person: int, union: str, change: str, day: str) -> dict[str, Any]:
        return {
            "insurance_number": f"79{person:08d}",
            "full_name": f"Nguyễn Văn {person}",
            "union_code": union,
            "change": change,
            "effective_on": day,
        }

    rows = [member(person, "CD1", "admitted", "2026-12-16") for person in range(1, 11)]
    rows.append(member(1, "CD2", "transferred_in", "2026-12-20"))
    rows.append(member(2, "CD1", "left", "2026-12-21"))
    home.well("ingest", write(tmp_path / "members.csv", rows), "--wait")
    assert count(home)["members"] == 9
    leave = write(tmp_path / "d3.csv", [line(1, 3, "GH", "12/2026", FIRM, "D-3")])
    home.well("ingest", leave, "--wait")
    assert (count(home)["members"], count(home)["workers"]) == (8, 19)
    unions = {row["union_code"]: row["members"] for row in home.well("status", "--unions")["unions"]}
    assert (unions["CD1"], unions["CD2"]) == (8, 1)


def test_files_that_are_no_use_are_refused_whole_with_a_sentence(home: Home, tmp_path: Path) -> None:
    before = home.figures()
    cut = tmp_path / "cut.csv"
    full = write(tmp_path / "full.csv", [line(n, 900 + n, "TM", "09/2026", OTHER, "D-9") for n in range(1, 500)])
    cut.write_bytes(full.read_bytes()[:-25])
    nothing = tmp_path / "nothing.xlsx"
    nothing.write_bytes(b"PK\x03\x04 not a workbook")
    bomb = tmp_path / "bomb.xml"
    bomb.write_text('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Hoso>&b;</Hoso>')
    for path in (cut, nothing, bomb):
        answer = home.mobility("ingest", path, "--wait", "--json")
        assert answer.code == 1, path
        (receipt,) = answer.json["receipts"]
        assert receipt["accepted"] == 0
        assert path.name in receipt["refused"][0]["message"]
    assert home.figures() == before


def test_killing_ingest_at_any_moment_and_again_gives_every_event_once(home: Home, tmp_path: Path) -> None:
    rows = [line(n, 5000 + n, "TM", "09/2026", OTHER, f"K-{n // 1000}") for n in range(1, 4001)]
    path = write(tmp_path / "kill.csv", rows)
    words = [sys.executable, "-m", "mobility", "ingest", str(path), "--json"]
    chance = random.Random(7)
    for _ in range(8):
        process = subprocess.Popen(words, env=home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 2.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    home.well("ingest", path, "--wait")
    broker = home.well("up")["kafka"]
    seen: Counter[str] = Counter()
    for _, _, records in read_topics(broker, "mobility.events"):
        for record in records:
            event = msgspec.json.decode(record.value or b"")
            if event["data"]["dossier"].startswith("K-"):
                seen[event["id"]] += 1
    assert len(seen) == 4000
    assert set(seen.values()) == {1}
    assert count(home, OTHER)["workers"] == 4000
    assert home.well("verify")["ok"] is True


def test_a_killed_worker_and_store_come_back_and_count_the_same(home: Home, tmp_path: Path) -> None:
    import json

    roles = json.loads((home.folder / "run.json").read_text())["children"]
    for name in ("streams", "store"):
        os.kill(roles[name][0], signal.SIGKILL)
    rows = [line(n, 20_000 + n, "TM", "09/2026", OTHER, "K-after") for n in range(1, 101)]
    home.well("ingest", write(tmp_path / "after.csv", rows), "--wait")
    assert count(home, OTHER)["workers"] == 4100
    assert home.well("verify")["ok"] is True
