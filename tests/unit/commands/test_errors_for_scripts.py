"""With --json, wrong usage and a service that is away are an object on stdout; templates need no service."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def mobility(home: Path, *words: str) -> tuple[int, str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOBILITY_")}
    done = subprocess.run(
        [sys.executable, "-m", "mobility", *words],
        env={**kept, "MOBILITY_HOME": str(home / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (("status",), 3, "unreachable"),
        (("quarantine", "groups"), 3, "unreachable"),
        (("quarantine", "resend"), 2, "usage"),
        (("no-such-command",), 2, "usage"),
        (("template", "no-such-template"), 2, "usage"),
        (("drop", "status"), 2, "usage"),
        (("findings", "--what", "nonsense"), 2, "usage"),
        (("clock", "--to", "0001-01-01"), 2, "usage"),
        (("clock", "--to", "1999-12-31"), 2, "usage"),
        (("rebuild",), 2, "usage"),
    ],
)
def test_an_error_is_an_object_with_json_and_a_sentence_always(
    tmp_path: Path, words: tuple[str, ...], code: int, kind: str
) -> None:
    returned, out, err = mobility(tmp_path, *words, "--json")
    error: dict[str, Any] = json.loads(out)["error"]
    assert (returned, error["exit_code"], error["kind"]) == (code, code, kind)
    assert error["message"].split(".")[0].strip("'\"") in " ".join(err.split())
    returned, out, err = mobility(tmp_path, *words)
    assert (returned, out) == (code, "")
    assert err


def test_a_day_is_told_with_a_year_of_four_digits_and_a_rebuild_is_not_asked_of_nobody(tmp_path: Path) -> None:
    assert "0001-01-01" in mobility(tmp_path, "clock", "--to", "0001-01-01")[2]
    assert "--yes" in mobility(tmp_path, "rebuild")[2]


def test_a_template_is_written_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "unions.xlsx"
    returned, out, _ = mobility(tmp_path, "template", "union-register", "--out", str(path), "--json")
    assert returned == 0
    assert {column["name"] for column in json.loads(out)["columns"]} >= {"union_code", "tax_codes"}
    before = path.read_bytes()
    assert mobility(tmp_path, "template", "union-register", "--out", str(path))[0] == 2
    assert path.read_bytes() == before
    assert mobility(tmp_path, "template", "union-register", "--out", str(path), "--force")[0] == 0


def test_a_drop_folder_is_told_of_without_a_service(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "a.csv").write_text("x")
    (drop / "b.csv.part").write_text("x")
    returned, out, _ = mobility(tmp_path, "drop", "status", str(drop), "--json")
    assert returned == 0
    assert json.loads(out)["waiting"] == ["a.csv"]
    (drop / "link.csv").symlink_to(drop / "a.csv")
    assert mobility(tmp_path, "drop", "status", str(drop), "--json")[0] == 1
