"""How a command ends that was interrupted, that nobody reads, or that a folder or file stops."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import click
import psycopg
import pytest

from mobility import __main__ as start
from mobility import main as command_line
from mobility.sentences import sentence_of
from tests.unit.commands.test_errors_for_scripts import mobility

SLEEPS = """
import sys, time
import mobility.main
from mobility.output import json_option
import click
@click.command()
@json_option
def status(as_json):
    sys.stderr.write("begun\\n"); sys.stderr.flush()
    time.sleep(60)
mobility.main.mobility.get_command = lambda ctx, name: status
sys.argv = ["mobility", "status", "--json"]
mobility.main.main()
"""


def test_ctrl_c_is_an_object_too_and_ends_with_130() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", f"import signal; signal.signal(2, signal.default_int_handler)\n{SLEEPS}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    error = json.loads(out)["error"]
    assert (process.returncode, error["kind"], error["exit_code"]) == (130, "interrupted", 130)
    assert "Interrupted." in err
    assert "Traceback" not in err


def test_ctrl_c_while_a_command_is_imported_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line.importlib, "import_module", interrupted)
    monkeypatch.setattr(sys, "argv", ["mobility", "status", "--json"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 130
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "interrupted"


def test_ctrl_c_that_a_package_makes_an_error_of_is_one_still(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def swallowed(_: str) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise TypeError("SchemaError: KeyboardInterrupt") from None

    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        monkeypatch.setattr(command_line.importlib, "import_module", swallowed)
        monkeypatch.setattr(sys, "argv", ["mobility", "status", "--json"])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
    finally:
        signal.signal(signal.SIGINT, kept)
    assert ended.value.code == 130
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "interrupted"


def test_ctrl_c_before_anything_is_imported_is_none_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "main", interrupted)
    monkeypatch.setattr(sys, "argv", ["mobility", "status", "--json"])
    with pytest.raises(SystemExit) as ended:
        start.run()
    assert ended.value.code == 130
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "interrupted"


def test_a_closed_pipe_finds_nothing_wrong(tmp_path: Path) -> None:
    for words in ("--help", f"template d02 --json --out {tmp_path / 'd02.csv'}"):
        done = subprocess.run(
            ["bash", "-c", f"exec 3>&1; {{ sleep 1; {sys.executable} -m mobility {words}; echo $? >&3; }} | true"],
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout == "141\n", done.stderr


def test_a_file_that_can_t_be_written_is_a_sentence(tmp_path: Path) -> None:
    code, out, err = mobility(tmp_path, "template", "d02", "--out", "/proc/d02.csv", "--json")
    assert code in (1, 2)
    assert "/proc/d02.csv" in json.loads(out)["error"]["message"]
    assert "Traceback" not in err


def test_errors_of_the_system_and_of_values_are_sentences() -> None:
    assert sentence_of(FileNotFoundError(2, "No such file or directory", "a.csv")) == (
        "a.csv: No such file or directory.",
        1,
    )
    assert sentence_of(OSError(28, "No space left on device")) == ("No space left on device.", 1)
    assert sentence_of(ConnectionRefusedError(111, "Connection refused")) == ("Connection refused.", 3)
    told = sentence_of(psycopg.errors.NumericValueOutOfRange("value 031185001234 is out of range"))
    assert told is not None
    assert told[1] == 2
    assert "031185001234" not in told[0], "the value may be a personal number"
    assert sentence_of(ZeroDivisionError()) is None


def test_a_no_is_no_interruption(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def asks() -> None:
        raise click.Abort

    monkeypatch.setattr(command_line.mobility, "get_command", lambda *_: asks)
    monkeypatch.setattr(sys, "argv", ["mobility", "rebuild"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 130
    assert "nothing was done" in capsys.readouterr().err
