"""Words that can't be meant are refused before anything is asked: exit code 2, a sentence, an object with --json."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from mobility.errors import UsageError
from mobility.instants import DAY, INSTANT
from mobility.main import main
from mobility.named import CODE, PERSON
from mobility.typed import secret_word

ID = "0123456789abcdef0123456789abcdef"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mobility(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, where nothing runs and nobody types."""
    for name in ("KAFKA", "POSTGRES"):
        monkeypatch.delenv(f"MOBILITY_{name}", raising=False)
    monkeypatch.setenv("MOBILITY_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mobility", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", ""), "tax code"),
        (("explain", b"\xff".decode(errors="surrogateescape")), "tax code"),
        (("status", " "), "tax code"),
        (("findings", "--enterprise", ""), "tax code"),
        (("explain", "0200000007", "--limit", "9" * 20), "--limit"),
        (("explain", "--person", "012345678901"), "32 hexadecimal"),
        (("findings", "--skip", "9" * 20), "--skip"),
        (("findings", "--person", "abc"), "32 hexadecimal"),
        (("quarantine", "show", "9" * 20, "--why", "x"), "range"),
        (("quarantine", "list", "--limit", "9" * 20), "--limit"),
        (("quarantine", "list", "--since", "1.10.2026"), "--since"),
        (("erase", "abc", "--why", "x"), "32 hexadecimal"),
        (("erase", ID, "--why", "x"), "say --yes"),
        (("person", "show", "abc", "--why", "x"), "32 hexadecimal"),
        (("person", "merge", ID, "abc", "--why", "x"), "32 hexadecimal"),
        (("person", "find", "--name", "Trần Thị Hoa", "--why", "x"), "--birth"),
        (("person", "find", "--name", "Trần Thị Hoa", "--birth", "abc", "--why", "x"), "--birth"),
        (("account", "front-desk"), "a line of stdin"),
        (("clock", "--to", "2026-02-30"), "2026-02-28"),
        (("areas", "list", "--at", "30.6.2025"), "2026-02-28"),
        (("key", "create", "x", "--feed", "d02", "--everywhere", "--expires", "soon"), "2026-02-28"),
        (("template", "d02", "--out", "/tmp", "--force"), "is a folder"),
        (("synth", "--out", "/dev/null"), "is no folder"),
        (("dead", "show", "mobility.events", "0", "9" * 20), "range"),
    ],
)
def test_it_is_a_sentence_and_an_object(mobility: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = mobility(*words, "--json")
    error = json.loads(out)["error"]
    assert (code, error["exit_code"], error["kind"]) == (2, 2, "usage"), err
    assert said in error["message"].replace("say --yes too", "say --yes")
    assert "Traceback" not in err
    assert not any(word in out + err for word in words if word.isdigit() and len(word) == 12), "a personal number"


@pytest.mark.parametrize("command", [("status",), ("explain", "0200000007"), ("findings",)])
def test_an_instant_has_an_offset_whatever_the_command(mobility: Run, command: tuple[str, ...]) -> None:
    for wrong in ("2026-10-05T00:00:00", "2026-10-05", "yesterday"):
        code, _, err = mobility(*command, "--known-at", wrong)
        assert (code, "'--known-at'" in err, "2026-10-05T00:00:00+07:00" in err) == (2, True, True), err
    code, _, err = mobility(*command, "--valid-at", "2026-02-30")
    assert (code, "'--valid-at': '2026-02-30' is no day; write YYYY-MM-DD" in err) == (2, True), err
    right = (*command, "--known-at", "2026-10-05T00:00:00+07:00", "--valid-at", "2026-02-28")
    assert mobility(*right)[0] == 3, "understood: nothing runs there"


@pytest.mark.parametrize("month", ["0001-01", "1999-12", "2100-01", "9999-12", "2026-13"])
def test_a_month_of_no_city_is_refused_before_anything_is_written(mobility: Run, tmp_path: Path, month: str) -> None:
    code, _, err = mobility("synth", "--size", "tiny", "--start", month, "--out", str(tmp_path / "city"))
    assert (code, month in err, "Traceback" in err) == (2, True, False)
    assert not (tmp_path / "city").exists()


def test_a_password_is_never_asked_on_stdout(mobility: Run) -> None:
    assert mobility("account", "front-desk")[:2] == (2, "")


def test_a_secret_word_is_a_line_of_stdin_and_an_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert secret_word("stated", "Number") == "stated"
    monkeypatch.setattr(sys, "stdin", io.StringIO(" 031185001234 \n\n"))
    assert [secret_word("-", "Number"), secret_word("-", "Phone")] == ["031185001234", ""]
    with pytest.raises(UsageError, match="a line of stdin"):
        secret_word("-", "Number")


@pytest.mark.parametrize("day", ["20261105", "2026-W45-4", "2026-11-5", "2026-11-31", "", "05/11/2026", "２026-11-05"])
def test_a_day_is_written_one_way(day: str) -> None:
    with pytest.raises(click.BadParameter, match="for example 2026-02-28"):
        DAY.convert(day, None, None)
    assert DAY.convert(" 2026-11-05 ", None, None).isoformat() == "2026-11-05"


def test_an_instant_in_utc_is_one_too() -> None:
    assert INSTANT.convert("2026-10-04T17:00:00Z", None, None) == INSTANT.convert(
        "2026-10-05T00:00:00+07:00", None, None
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" 0200000007 ", "0200000007"),
        ("0200000007-001", "0200000007"),
        ("0841046813garbage", "0841046813garbage"),
        ("0200000007-01", "0200000007-01"),
        ("0200000007-0011", "0200000007-0011"),
        ("CD-00000012", "CD-00000012"),
    ],
)
def test_only_a_branch_is_its_enterprise(typed: str, code: str) -> None:
    assert CODE.convert(typed, None, None) == code


def test_an_id_is_taken_with_dashes_and_in_capitals() -> None:
    assert PERSON.convert("01234567-89AB-CDEF-0123-456789abcdef ", None, None).hex == ID
    for wrong in ("{01234567-89ab-cdef-0123-456789abcdef}", ID[:-1], f"{ID}0", "012345678901"):
        with pytest.raises(click.BadParameter, match="32 hexadecimal") as refused:
            PERSON.convert(wrong, None, None)
        assert wrong not in refused.value.message
