"""``mobility up`` and ``down`` as processes, on services that run already: what they print and what they leave."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass(frozen=True)
class Place:
    """A home folder. ``settings``: what else of MOBILITY_… is set."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def begin(self, *words: str, **more: str) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOBILITY_")}
        ours = {"MOBILITY_HOME": str(self.folder), "MOBILITY_CLOCK": "manual", "MOBILITY_VERIFY_SHARE": "0"}
        return subprocess.Popen(
            [sys.executable, "-m", "mobility", *words],
            env={**kept, **ours, **self.settings, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **more: str) -> tuple[int, Any, str]:
        """Exit code, the JSON of stdout, stderr."""
        return ended(self.begin(*words, "--json", **more))

    def roles(self) -> dict[int, str]:
        """Process id → role of all that run for this home, whoever started them."""
        found = {}
        for process in psutil.process_iter():
            try:
                words = process.cmdline()[1:5]
                if words[:3] != ["-m", "mobility", "run"] or process.status() == psutil.STATUS_ZOMBIE:
                    continue
                if process.environ().get("MOBILITY_HOME") == str(self.folder):
                    found[process.pid] = words[3]
            except psutil.Error:
                continue
        return found

    def supervisors(self) -> list[int]:
        return [pid for pid, role in self.roles().items() if role == "supervisor"]


def ended(process: "subprocess.Popen[str]") -> tuple[int, Any, str]:
    out, err = process.communicate(timeout=150)
    assert "Traceback" not in err, err
    return process.returncode, json.loads(out) if out.strip() else None, err


def until(holds: Callable[[], Any], *, seconds: float = 60.0) -> Any:
    """What it gives once that is true; looks without a pause."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found
