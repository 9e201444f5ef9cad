"""Settings that can't work are told before anything starts: exit code 2 and the setting's name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mobility import endpoints, home_lock
from mobility.errors import UnreachableError
from mobility.postgres import shown
from mobility.settings import Settings


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
    ("name", "value", "allowed"),
    [
        ("LOG_LEVEL", "LOUD", "DEBUG or INFO or WARNING or ERROR or CRITICAL is allowed"),
        ("KAFKA", "127.0.0.1:notaport", "127.0.0.1:notaport is not host:port"),
        ("KAFKA", "127.0.0.1", "127.0.0.1 is not host:port"),
        ("KAFKA", "kafka-1:9092,kafka-2:99999", "kafka-2:99999 is not host:port"),
        ("PAGE_PORT", "99999", "a whole number from 0 to 65535 is allowed"),
        ("INTAKE_PORT", "-1", "a whole number from 0 to 65535 is allowed"),
        ("METRICS_PORT", "65535", "a whole number from 0 to 65435 is allowed"),
        ("PARTITIONS", "4.5", "a whole number from 1 on is allowed"),
        ("VERIFY_SHARE", "nan", "a number from 0 to 1 is allowed"),
    ],
)
def test_a_setting_that_cannot_work_is_named_and_nothing_starts(
    tmp_path: Path, name: str, value: str, allowed: str
) -> None:
    code, message = answer(tmp_path / "home", **{f"MOBILITY_{name}": value})
    assert code == 2
    assert f"MOBILITY_{name}={value!r}: {allowed}." in message
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("below", ["", "home"])
def test_a_home_that_is_a_file_is_told(tmp_path: Path, below: str) -> None:
    file = tmp_path / "file"
    file.touch()
    code, message = answer(file / below)
    assert code == 2
    assert f"MOBILITY_HOME={str(file / below)!r}: {file} is a file, no folder" in message


def test_while_the_supervisor_heals_a_service_it_is_said_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "HEALING_SECONDS", 0.1)
    settings = Settings(home=tmp_path, kafka="", postgres="")
    lock = home_lock.take(tmp_path, pid=0)
    assert lock is not None
    with lock, pytest.raises(UnreachableError, match="Wait a minute and try again"):
        endpoints.running_services(settings)
    with pytest.raises(UnreachableError, match="Start it with: mobility up"):
        endpoints.running_services(settings)


def test_a_variable_that_is_set_but_empty_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MOBILITY_{name.upper()}", raising=False)
    unset = Settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"MOBILITY_{name.upper()}", "")
    assert Settings() == unset
    assert Settings().home == Path(".mobility")


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
