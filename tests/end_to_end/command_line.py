"""The command line as a user calls it: a process, its exit code, its JSON."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Home:
    """A home folder with embedded services of its own; the clock is moved by hand."""

    folder: Path

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOBILITY_")}
        cache = {name: value for name, value in os.environ.items() if name == "MOBILITY_CACHE"}
        return {**kept, **cache, "MOBILITY_HOME": str(self.folder), "MOBILITY_CLOCK": "manual"}

    def mobility(self, *words: object, timeout: float = 400) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "mobility", *map(str, words)],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def well(self, *words: object, timeout: float = 400) -> Any:
        """The JSON of a command that must end with 0."""
        answer = self.mobility(*words, "--json", timeout=timeout)
        assert answer.code == 0, f"{words}: exit code {answer.code}\n{answer.out}\n{answer.err}"
        return answer.json

    def figures(self) -> dict[str, Any]:
        """What `status` says of the counts: without the check in the background, which ends when it will."""
        answered: dict[str, Any] = self.well("status")
        return {key: value for key, value in answered.items() if key != "check"}


@contextmanager
def temporary_home() -> Iterator[Home]:
    """A home that is stopped and removed in the end.

    Not below pytest's own folder: another session of pytest makes that one private, and then PostgreSQL, which runs as
    another user where the tests run as root, can't reach its data any more.
    """
    home = Home(Path(tempfile.mkdtemp(prefix="mobility-test-")))
    try:
        yield home
    finally:
        home.mobility("down")
        shutil.rmtree(home.folder, ignore_errors=True)
