"""Settings that can't work are told before anything starts: exit code 2 and the setting's name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mobility.postgres import shown


def answer(folder: Path, **settings: str) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOBILITY_")}
    done = subprocess.run(
        [sys.executable, "-m", "mobility", "up", "--detach", "--json"],
        env=environment | {"MOBILITY_HOME": str(folder)} | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("KAFKA", "127.0.0.1:notaport"),
        ("KAFKA", "127.0.0.1"),
        ("KAFKA", "kafka-1:9092,kafka-2:99999"),
        ("PAGE_PORT", "99999"),
        ("INTAKE_PORT", "-1"),
        ("METRICS_PORT", "65535"),
    ],
)
def test_a_setting_that_cannot_work_is_named_and_nothing_starts(tmp_path: Path, name: str, value: str) -> None:
    code, message = answer(tmp_path / "home", **{f"MOBILITY_{name}": value})
    assert code == 2
    assert f"MOBILITY_{name}" in message
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("dsn", "printed"),
    [
        ("postgresql://u@h:5432/d?sslmode=require", "postgresql://u@h:5432/d?sslmode=require"),
        ("postgresql://u:hidden@h:5432/d", "user=u dbname=d host=h port=5432"),
        ("host=h password=hidden dbname=d", "dbname=d host=h"),
    ],
)
def test_a_dsn_is_printed_without_its_password(dsn: str, printed: str) -> None:
    assert shown(dsn) == printed
