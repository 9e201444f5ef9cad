"""How long a worker takes from its start until it is at work, by the size of the state that it has to read back.

Beside it how long the reading of the state alone took, by the worker's own log, and what a bare consumer needs for the
same changelogs right afterwards.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import logs
from bench.child import Child, repository_on_path
from bench.measure import Broker
from bench.participants import Participant, Start
from bench.workload import Workload

LONGEST_SECONDS = 180.0
CHANGELOGS = ("people.state", "units.state")
NEW_FACTS = 40
"""Facts that are waiting when the worker starts: enough for every partition to have one."""

_OWNED = re.compile(r"owned from offset \d+, (\d+) keys from (\d+) entries in ([\d.]+) s")


@dataclass(frozen=True, slots=True)
class Recovery:
    """From the start of the process until the waiting facts are committed; peak megabytes.

    ``entries`` of the changelogs became ``keys`` of state in ``state_seconds``; ``bare_seconds``: a bare consumer.
    """

    facts: int
    seconds: float
    rss_mb: float
    entries: int
    keys: int
    state_seconds: float
    bare_seconds: float


def recovery(broker: Broker, participant: Participant, start: Start, facts: int, folder: Path) -> Recovery:
    """Start one process on the state that a run of ``facts`` facts has left; it must take what waits."""
    asyncio.run(logs.load(broker.address, start.source, list(Workload(NEW_FACTS, seed=facts).facts())[:NEW_FACTS]))
    ends = logs.last_offsets(broker.address, start.source)
    begun = time.monotonic()
    env = repository_on_path(participant.env or os.environ)
    child = Child(participant.command(start), log=folder / f"{start.run}.log", env=env)
    positions = logs.Positions(broker.address, start.run)
    peak = 0.0
    try:
        while True:
            now, offsets = positions.read()
            peak = max(peak, child.usage()[1])
            if all(offsets.get((start.source, number), 0) >= end for number, end in enumerate(ends)):
                break
            if now - begun > LONGEST_SECONDS:
                raise RuntimeError(f"{child.log}: not at work again after {now - begun:.0f} s")
            child.raise_if_ended()
            time.sleep(0.05)
    finally:
        child.stop()
        positions.close()
    owned = [tuple(map(float, found)) for found in _OWNED.findall(child.log.read_text(encoding="utf-8"))]
    return Recovery(
        facts,
        now - begun,
        peak,
        int(sum(entries for _, entries, _ in owned)),
        int(sum(keys for keys, _, _ in owned)),
        max(seconds for _, _, seconds in owned),  # its partitions are read side by side
        _bare(broker, start, env),
    )


def _bare(broker: Broker, start: Start, env: dict[str, str]) -> float:
    topics = [f"{start.run}.{name}" for name in CHANGELOGS]
    argv = [sys.executable, "-m", "bench.peers.bare_reader", broker.address, *topics]
    return float(subprocess.run(argv, env=env, check=True, capture_output=True, text=True).stdout)
