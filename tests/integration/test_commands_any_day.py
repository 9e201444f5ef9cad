"""``mobility status`` by area and by month, ``mobility areas``: shapes, exit codes, sentences."""

import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from consumers.store import checking, explain, reset
from mobility.commands.demo import compared
from mobility.instants import local
from mobility.main import main
from schemas.envelope import event_type
from schemas.ids import digest
from schemas.states import Finding
from schemas.topics import CHANGES, FINDINGS
from tests.build import person_id
from tests.integration import store_records as make
from tests.integration.store_kit import Kit, Put, kit
from tests.services import endpoints

__all__ = ["endpoints", "kit"]
pytestmark = pytest.mark.services

FIRM = "e0200000001"


class Line:
    """The command line on a kit's services."""

    def __init__(self, kit: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("MOBILITY_KAFKA", kit.kafka)
        monkeypatch.setenv("MOBILITY_POSTGRES", kit.dsn)
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        self.monkeypatch.setattr(sys, "argv", ["mobility", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capsys.readouterr()
        return int(ended.value.code or 0), out, err

    def json(self, *words: str) -> Any:
        code, out, err = self.run(*words, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def line(kit: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    kit.start()
    return Line(kit, monkeypatch, capsys)


def story() -> list[Any]:
    return [
        *make.ticks("2026-02-10"),
        make.mark(FIRM, "described", "2026-01-01", detail={"name": "Một", "area_code": "10507"}),
        *(make.effect(FIRM, f"p{n}", "2026-01-05") for n in range(20)),
        *make.ticks("2026-03-02"),
        make.effect(FIRM, "late", "2026-01-31"),
        *make.passed("2026-03-02"),
    ]


def test_status_by_area(kit: Kit, line: Line) -> None:
    kit.take(story())
    found = line.json("status", "--by", "area")
    assert (found["boundaries"], found["day"]) == ("2025", "2026-03-02")
    (area,) = found["areas"]
    assert (area["area"], area["workers"], found["totals"]["workers"]) == ("10507", 21, 21)
    assert found["totals"]["density"] == {"numerator": 0, "denominator": 21, "percent": 0.0}
    assert found["totals"]["agreement"]["denominator"] is None
    then = line.json("status", "--by", "area", "--boundaries", "parks", "--valid-at", "2026-01-30")
    assert [(row["area"], row["workers"]) for row in then["areas"]] == [(None, 20)]
    code, out, _ = line.run("status", "--by", "area")
    assert code == 0
    assert "Phường Thành Đông" in out
    assert "denominator unknown (1 not stated)" in out
    assert "Boundary set 2025, on 2026-03-02" in out


def test_status_by_month(kit: Kit, line: Line) -> None:
    kit.take(story())
    found = line.json("status", "--month", "2026-01")
    assert (found["published"]["workers"], found["now"]["workers"], found["difference"]["workers"]) == (20, 21, 1)
    code, out, _ = line.run("status", "--month", "2026-01")
    assert code == 0
    assert "published on 2026-03-02" in out
    code, _, err = line.run("status", "--month", "2026-02")
    assert code == 1
    assert "Published: 2026-01" in err


def test_wrong_usage_is_told(kit: Kit, line: Line) -> None:
    for words in (
        ("--month", "January"),
        ("--month", "2026-01", "--unions"),
        ("--boundaries", "2025"),
        ("--by", "area", "0200000001"),
        ("--known-at", "2026-10-05T00:00:00"),
    ):
        code, _, err = line.run("status", *words)
        assert code == 2, (words, err)
    code, _, err = line.run("status", "--by", "area")
    assert (code, "clock has not started" in err) == (1, True)


def city() -> list[Any]:
    """Two enterprises, the larger without a union, and a union: each has only a code of its own."""
    two, union = "e0200000002", "uCD-0000001"
    return [
        *make.ticks("2026-05-01"),
        *(make.effect(FIRM, f"p{n}", "2026-01-05") for n in range(5)),
        make.effect(two, "q", "2026-01-05"),
        make.effect(union, "p1", "2026-02-01", (0, 0, 1)),
        make.status(FIRM, 1, workers=5, present=5),
        make.status(two, 1, workers=1, present=1),
        make.status(union, 1, members=1),
        *make.passed("2026-05-01"),
    ]


def test_a_code_is_that_of_the_unit_asked_for_or_of_nobody(kit: Kit, line: Line) -> None:
    kit.take(city())
    firm = FIRM[1:]
    assert line.json("explain", f" {firm} ")["unit"] == line.json("explain", f"{firm}-001")["unit"] == FIRM
    assert line.json("explain", "CD-0000001")["unit"] == "uCD-0000001"
    assert [row["tax_code"] for row in line.json("status", f"{firm}-001")["enterprises"]] == [firm]
    assert [row["tax_code"] for row in line.json("status", f" {firm}", firm)["enterprises"]] == [firm]
    then = ("--valid-at", "2026-04-30")
    assert [row["tax_code"] for row in line.json("status", *then, f"{firm}-001")["enterprises"]] == [firm]
    assert line.json("findings", "--enterprise", f"{firm}-001")["findings"] == []
    for nobody in (f"{firm}garbage", f"{firm}-01", "CD-00000012", "CD-000000"):
        for words in (("explain", nobody), ("findings", "--enterprise", nobody), ("status", nobody)):
            code, out, err = line.run(*words)
            assert (code, f"Not known: {nobody}" in err) == (1, True), (words, out)
            assert firm not in out
    for words in (("explain", ""), ("findings", "--enterprise", " "), ("status", "")):
        assert line.run(*words)[:2] == (2, ""), words
    with kit.connect() as connection:
        assert explain.unit_of(connection, "") is None


def test_the_largest_numbers_that_are_taken_are_no_fault(line: Line) -> None:
    assert line.run("findings", "--limit", str(2**31 - 1), "--skip", str(2**31 - 1))[0] == 0


def test_what_is_not_there_is_1_and_a_password_may_come_by_a_pipe(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = line.run("key", "revoke", "nosuch", "--json")
    assert (code, json.loads(out)["error"]["kind"]) == (1, "wrong"), err
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password of some length\n"))
    code, out, _ = line.run("account", "front-desk", "--role", "clerk", "--json")
    assert (code, json.loads(out)) == (0, {"account": "front-desk", "role": "clerk"})


def test_areas_list_and_load(kit: Kit, line: Line, tmp_path: Any) -> None:
    found = line.json("areas", "list", "--at", "2025-06-30", "--boundaries", "before-2025")
    assert len(found["areas"]) == 403
    file = tmp_path / "groups.csv"
    file.write_text("group_code,group_name,ward_code\nkcn,Cụm một,10507\n", encoding="utf-8")
    loaded = line.json("areas", "load", str(file))["loaded"]
    assert loaded == [{"file": "groups.csv", "areas": 1, "links": 0, "members": 1}]
    file.write_text("a\n1\n", encoding="utf-8")
    code, _, err = line.run("areas", "load", str(file))
    assert code == 1
    assert "groups.csv, line 1" in err


def test_status_tells_what_the_check_in_the_background_found_last(kit: Kit, line: Line) -> None:
    kit.take(story())
    assert line.json("status")["check"] is None
    assert "Check in the background" not in line.run("status")[1]
    with psycopg.connect(kit.dsn, autocommit=True) as connection:
        number, _ = checking.begin_round(connection)
        checking.keep(connection, checking.Slice("units", 0, 0, 1), checking.Look(3, 0, 0.1, [{"key": FIRM}]))
        assert line.json("status")["check"] == {"ended_at": None, "differences": 1}
        checking.end_round(connection, number)
        checking.keep(connection, checking.Slice("units", 0, 0, 1), checking.Look(3, 0, 0.1, []))
    told = line.json("status")["check"]
    assert told["differences"] == 0
    ended = datetime.fromisoformat(told["ended_at"])
    assert (ended.tzinfo is not None, told["ended_at"][10]) == (True, "T"), "RFC 3339"
    assert f"last full round {local(ended)}, 0 differences" in line.run("status")[1]


def test_an_empty_folder_is_an_error_object_and_a_document_stays_alone(line: Line, tmp_path: Path) -> None:
    code, out, err = line.run("ingest", str(tmp_path), "--json")
    error = json.loads(out)["error"]
    assert (code, error["exit_code"], error["kind"]) == (1, 1, "wrong")
    assert str(tmp_path) in error["message"]
    assert error["message"] in err
    assert line.run("ingest", str(tmp_path))[:2] == (1, "")
    code, out, _ = line.run("status", "0299999999", "--json")
    assert (code, "enterprises" in json.loads(out)) == (1, True)


def test_an_earlier_day_is_said_to_be_ignored_and_a_poison_record_does_not_stop_the_clock(kit: Kit, line: Line) -> None:
    deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
    kit.take([*make.ticks("2026-03-02"), Put(CHANGES, b"clock", deep, 0), Put(CHANGES, FIRM.encode(), deep)])
    day = line.json("clock")["day"]
    code, _, err = line.run("clock", "--to", "2026-01-01")
    assert (code, f"2026-01-01 was ignored: the clock stands at {day}" in err) == (1, True)
    assert line.json("clock")["day"] == day


def test_while_the_store_is_read_again_status_says_so(kit: Kit, line: Line) -> None:
    kit.take(story())
    assert line.json("status")["behind"] is False
    kit.stop()
    reset(kit.dsn)
    code, out, err = line.run("status", "--json")
    assert (code, json.loads(out)["behind"], "behind" in err) == (1, True, True)
    code, out, err = line.run("status")
    assert (code, "mobility clock" in out, "0 %" in err) == (1, False, True)
    assert line.run("status", "--by", "area")[0] == 1
    kit.start()
    kit.wait()
    assert line.json("status")["behind"] is False


def test_dissolved_units_tell_what_was_left_open_and_explain_counts_as_status_does(kit: Kit, line: Line) -> None:
    union = "uCD77"
    kit.take(
        [
            *make.ticks("2026-05-01"),
            make.mark(FIRM, "dissolved", "2026-04-10"),
            make.mark(union, "dissolved", "2026-04-11"),
            *(make.effect(FIRM, f"p{n}", "2026-01-05") for n in range(2)),
            *(make.effect(union, f"p{n}", "2026-01-05", (0, 0, 1)) for n in range(3)),
            make.status(FIRM, 9, dissolved_on="2026-04-10", unclosed=2),
            make.status(union, 9, dissolved_on="2026-04-11", unclosed=3),
            *make.passed("2026-05-01"),
        ]
    )
    for code, which, ended, left in (
        (FIRM[1:], (), "2026-04-10", "2 spells"),
        ("CD77", ("--unions",), "2026-04-11", "3 memberships"),
    ):
        told = f"dissolved {ended}, {left} left open"
        for when in ((), ("--valid-at", "2026-04-30")):
            assert told in line.run("status", *which, *when, code)[1]
            (row,) = line.json("status", *which, *when, code)["unions" if which else "enterprises"]
            assert (row["members"], row["dissolved_on"], row["unclosed"]) == (0, ended, int(left[0]))
        out = line.run("explain", code)[1]
        assert told in out
        assert "0 workers, 0 present, 0 members" in out
        head = line.json("explain", code)
        assert head["counts"] == {"workers": 0, "present": 0, "members": 0}
        assert (head["dissolved_on"], head["unclosed"], len(head["persons"])) == (ended, int(left[0]), int(left[0]))
        lived = line.json("explain", code, "--valid-at", "2026-04-09")
        assert (max(lived["counts"].values()), "dissolved_on" in lived) == (int(left[0]), False)


def test_the_demo_compares_the_day_of_its_city_wherever_the_clock_is(kit: Kit, line: Line) -> None:
    """Somebody starts after that day, and an alert of that day is resolved since."""
    history = [{"on": "2026-02-01", "state": "open"}, {"on": "2026-04-20", "state": "resolved"}]
    kit.take(
        [
            *city(),
            make.effect(FIRM, "later", "2026-04-15"),
            make.status(FIRM, 2, workers=6, present=6),
            make.alert(FIRM, 2, "resolved", resolved_on="2026-04-20", history=history),
        ]
    )
    totals = {"enterprises": 2, "workers": 6, "persons": 6, "members": 1}
    expected = {"day": "2026-04-10", "totals": totals, "open_alerts": [FIRM[1:]]}
    assert line.json("status")["totals"]["workers"] == 7
    with kit.connect() as connection:
        told = compared(connection, expected)
        assert (told["differences"], told["as_expected"], told["day"]) == ([], True, "2026-04-10")
        assert (told["totals"], told["open_alerts"]) == (totals, 1)
        later = compared(connection, {**expected, "day": "2026-05-01"})
    assert later["differences"] == [
        "workers: 7, expected 6",
        "persons: 7, expected 6",
        f"{FIRM[1:]} has no open alert, expected one",
    ]


def test_alerts_give_their_history(kit: Kit, line: Line) -> None:
    kit.take([make.alert(FIRM, 1)])
    (alert,) = line.json("alerts")["alerts"]
    assert [step["state"] for step in alert["history"]] == ["open"]


def test_an_enterprise_of_which_only_a_finding_tells_is_known(kit: Kit, line: Line) -> None:
    """A leave of somebody never reported there changed no count: the clerk who is to act finds it by the code."""
    told = Finding(
        person=person_id("chi"),
        fact=digest("fact", "c1"),
        what="leave-without-start",
        unit="e0200000009",
        day="2026-01-20",
        open=True,
        cause=digest("fact", "c1"),
    )
    kit.take([*story(), make.said(FINDINGS, person_id("chi"), event_type("finding", "changed"), told)])
    (found,) = line.json("findings", "--enterprise", "0200000009")["findings"]
    assert (found["what"], found["unit"], found["tax_code"]) == ("leave-without-start", "e0200000009", "0200000009")
    explained = line.json("explain", "0200000009-001")
    assert (explained["counts"], explained["persons"]) == ({"workers": 0, "present": 0, "members": 0}, [])
    assert [one["what"] for one in explained["findings"]] == ["leave-without-start"]
    for then in ((), ("--valid-at", "2026-01-30")):
        shown = line.json("status", *then, "0200000009")
        assert [(row["tax_code"], row["workers"]) for row in shown["enterprises"]] == [("0200000009", 0)]
    assert line.run("status", "--unions", "0200000009")[0] == 1
    assert "Not known: 0200000008" in line.run("findings", "--enterprise", "0200000008")[2]
