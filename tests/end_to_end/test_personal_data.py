"""Members by command; nothing personal of them outside of the vault: not on the log, in log files, metrics or words."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mobility.log import read_topics
from schemas.topics import topic_table
from tests.end_to_end.command_line import Answer, Home, temporary_home
from tests.integration.intake_kit import FIRM, OTHER, declared, listed, person, write
from tests.integration.person_kit import member

pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]

NAMES = {n: person(n)["full_name"] for n in range(1, 60)}
METRICS = 4
"""Ports that may have metrics: workers, store and whatever else the supervisor starts."""


@dataclass(frozen=True)
class Measured(Home):
    """A home whose processes tell metrics."""

    port: int = 0

    def environment(self) -> dict[str, str]:
        return super().environment() | {"MOBILITY_METRICS_PORT": str(self.port), "MOBILITY_LOG_LEVEL": "DEBUG"}

    def typed(self, line: str, *words: object) -> Answer:
        """A command with a line on stdin."""
        done = subprocess.run(
            [sys.executable, "-m", "mobility", *map(str, words)],
            env=self.environment(), input=line + "\n", capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with temporary_home() as made:
        measured = Measured(made.folder, port)
        measured.well("up", "--detach")
        folder = tmp_path_factory.mktemp("files")
        workers = [declared(n, n, "TM", "09/2026", job_title=f"Thợ số{n}") for n in range(1, 30)]
        bad = declared(40, 40, "TM", "09/2026") | {"insurance_number": "12", "personal_number": "005185000001"}
        measured.mobility("ingest", write(folder / "d02.csv", [*workers, declared(41, 41, "GX"), bad]))
        measured.well("ingest", write(folder / "roster.csv", [listed(n, OTHER) for n in range(30, 36)]))
        rows = [member(n, day="2026-10-02", phone=f"09123450{n:02d}", address=f"{n} Lê Lợi") for n in range(1, 10)]
        measured.well("ingest", write(folder / "members.csv", rows))
        named = f"{NAMES[2]} {person(2)['personal_number']}.csv"
        astray = [declared(1, 42, "TM", dossier_no="HS-N"), declared(2, 43, "TM", dossier_no=f"{NAMES[2]} 1")]
        measured.mobility("ingest", write(folder / named, astray))
        measured.mobility("ingest", write(folder / "late.csv", astray), "--dossier", NAMES[2])
        measured.well("clock", "--to", "2026-11-05")
        yield measured


def who_has(home: Measured, n: int) -> str:
    answer = home.typed(person(n)["insurance_number"], "person", "find", "--number", "-", "--why", "test", "--json")
    assert answer.code == 0, answer.err
    (found,) = answer.json["persons"]
    return str(found)


def workers_of(home: Measured, code: str) -> int:
    (row,) = (one for one in home.well("status")["enterprises"] if one["tax_code"] == code)
    return int(row["workers"])


def test_a_record_is_seen_corrected_and_exported(home: Measured, tmp_path: Path) -> None:
    who = who_has(home, 1)
    home.well("person", "edit", who, "--set", "workplace=Xưởng 3", "--why", "told by the member")
    typed = home.typed("0999999999", "person", "edit", who, "--set", "phone=-", "--why", "told", "--json")
    assert (typed.code, typed.json["changed"]) == (0, ["phone"])
    home.well(
        *("person", "position", who, "--union", "CD1", "--position", "Chủ tịch"),
        *("--since", "2024-03-01", "--why", "x"),
    )
    said = home.well("person", "show", who, "--why", "at the counter")
    assert (said["record"]["workplace"], said["record"]["phone"]) == ("Xưởng 3", "0999999999")
    assert [one["change"] for one in said["memberships"]] == ["admitted"]
    assert said["positions"][0]["position"] == "Chủ tịch"
    out = tmp_path / "ho-so.html"
    home.well("person", "export", who, "--out", out, "--why", "asked for")
    assert NAMES[1] in out.read_text("utf-8")
    assert out.stat().st_mode & 0o777 == 0o600
    reads = home.well("person", "reads", who)["reads"]
    assert [one["what"] for one in reads] == ["find", "edit", "edit", "edit", "person", "export"]
    assert home.mobility("person", "show", who).code == 2, "a read without a reason is refused"
    assert home.mobility("person", "show", "0" * 32, "--why", "x").code == 1


def test_nobody_who_is_counted_somewhere_is_erased(home: Measured) -> None:
    who = who_has(home, 2)
    answer = home.mobility("erase", who, "--why", "asked for", "--yes")
    assert answer.code == 1
    assert f"e{FIRM}" in answer.err
    assert "uCD1" in answer.err
    assert who_has(home, 2) == who


def test_who_has_left_is_erased_and_counts_stay(home: Measured, tmp_path: Path) -> None:
    who = who_has(home, 20)
    leave = write(tmp_path / "leave.csv", [declared(1, 20, "GH", "10/2026", dossier_no="HS-2")])
    home.well("ingest", leave, "--wait")
    before = home.figures()
    done = home.well("erase", who, "--why", "asked for", "--yes")
    assert (done["erased"], done["before"]) == ([who], False)
    assert home.well("erase", who, "--why", "asked for", "--yes")["before"] is True
    assert home.figures() == before
    assert home.well("verify")["ok"] is True
    found = home.typed(person(20)["insurance_number"], "person", "find", "--number", "-", "--why", "x", "--json")
    assert (found.code, found.json["persons"]) == (1, [])


def test_a_new_key_and_a_backup_while_all_runs(home: Measured, tmp_path: Path) -> None:
    who = who_has(home, 3)
    home.well("vault", "rotate")
    assert who_has(home, 3) == who
    rows = home.well("vault", "backup", "--out", tmp_path / "vault.zip")["rows"]
    assert rows["persons"] > 30


def test_two_ids_of_one_person_count_once_after_a_merge(home: Measured) -> None:
    loser, winner = who_has(home, 5), who_has(home, 6)
    before = workers_of(home, FIRM)
    home.well("person", "merge", loser, winner, "--why", "same person, looked at both cards")
    home.well("ingest", write(home.folder / "late.csv", [declared(90, 30, "GH", dossier_no="HS-3")]), "--wait")
    assert who_has(home, 5) == winner
    assert workers_of(home, FIRM) == before - 1
    assert home.well("verify")["ok"] is True
    assert home.mobility("person", "merge", loser, winner, "--why", "again").code == 1


def words_of_persons() -> list[bytes]:
    """Every number and name that the files of this test have, and what clerks typed."""
    found = ["0999999999", "Xưởng 3", "same person, looked at both cards", "told by the member"]
    for n in (*range(1, 36), 40, 41):
        found += [*person(n).values(), f"09123450{n:02d}", f"Thợ số{n}", f"{n} Lê Lợi"]
    return [word.encode() for word in found]


def holding(text: bytes, words: list[bytes]) -> list[bytes]:
    """The words that stand in a text, a number only where it is not part of a longer one or of a hash."""
    import re

    return [
        word
        for word in words
        if word in text and (not word.isdigit() or re.search(rb"(?<![0-9a-f])" + word + rb"(?![0-9a-f])", text))
    ]


def test_nothing_personal_is_on_the_log_in_log_files_or_in_metrics(home: Measured) -> None:
    words = words_of_persons()
    assert holding(b'{"x": "0999999999"}', words), "the test finds what is there"
    broker = home.well("up", "--detach")["kafka"]
    seen = 0
    for topic, _, records in read_topics(broker, *topic_table()):
        for record in records:
            seen += 1
            assert not holding((record.key or b"") + b" " + (record.value or b""), words), topic
    assert seen > 100
    logs = [path for path in home.folder.rglob("*.log*") if path.is_file()]
    assert logs
    for path in logs:
        assert not holding(path.read_bytes(), words), path
    told: dict[int, Any] = {}
    for number in range(METRICS):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{home.port + number}/metrics", timeout=5) as answer:
                told[number] = answer.read()
        except OSError:
            continue
    assert told
    for text in told.values():
        assert not holding(text, words)
