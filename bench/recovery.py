"""How long a worker takes from its start until it is at work, by the size of the state that it has to read back."""

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from bench import logs
from bench.child import Child, repository_on_path
from bench.measure import Broker
from bench.participants import Participant, Start
from bench.workload import Workload

LONGEST_SECONDS = 180.0
NEW_FACTS = 40
"""Facts that are waiting when the worker starts: enough for every partition to have one."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """From the start of the process until the waiting facts are committed; peak megabytes."""

    facts: int
    seconds: float
    rss_mb: float


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
                return Recovery(facts, now - begun, peak)
            if now - begun > LONGEST_SECONDS:
                raise RuntimeError(f"{child.log}: not at work again after {now - begun:.0f} s")
            child.raise_if_ended()
            time.sleep(0.05)
    finally:
        child.stop()
        positions.close()
