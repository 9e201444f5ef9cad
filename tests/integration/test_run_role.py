"""``mobility run ROLE --json``: one line on stdout once the role is at work, then nothing but its work."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local import Endpoints

pytestmark = pytest.mark.services


@contextmanager
def role(name: str, home: Path, kafka: str, postgres: str) -> Iterator["subprocess.Popen[str]"]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOBILITY_")}
    settings = {"MOBILITY_HOME": str(home), "MOBILITY_KAFKA": kafka, "MOBILITY_POSTGRES": postgres}
    words = [sys.executable, "-m", "mobility", "run", name, "--json"]
    child = subprocess.Popen(words, env={**kept, **settings}, stdout=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)


@pytest.mark.parametrize("name", ["intake", "intake_worker"])
def test_a_role_tells_in_one_line_that_it_is_at_work(
    endpoints: Endpoints, fresh_database: str, tmp_path: Path, name: str
) -> None:
    with role(name, tmp_path / "home", endpoints.kafka, fresh_database) as child:
        assert child.stdout
        said = json.loads(child.stdout.readline())
        assert list(said) == ["role", "pid", "address", "home", "kafka", "postgres"]
        assert (said["role"], said["pid"], said["kafka"]) == (name, child.pid, endpoints.kafka)
        assert "password" not in said["postgres"]
        if name == "intake":
            with urllib.request.urlopen(said["address"] + "health", timeout=10) as answer:
                assert json.load(answer)["alive"]
        else:
            assert said["address"] is None
    assert child.stdout.read() == ""
    assert child.returncode in (0, -signal.SIGTERM), "a server of pages ends as its signal says"


def test_an_unknown_role_is_wrong_usage_as_json(endpoints: Endpoints, fresh_database: str, tmp_path: Path) -> None:
    with role("nobody", tmp_path / "home", endpoints.kafka, fresh_database) as child:
        assert child.stdout
        assert json.loads(child.stdout.readline())["error"]["kind"] == "usage"
        assert child.wait(30) == 2
