"""The step people with its own output coming back to it, and the worker that runs it.

``python -m tests.integration.engine.forwarding BROKER NAME PARTITIONS``
"""

import sys
from collections.abc import Sequence

from schemas.topics import CHANGES, MOVEMENTS_IN
from streams import people
from streams.engine import ChunkApp, Stage, add_stage, create_app, run_worker
from streams.step import Record, Result, State


def app(broker: str, name: str, partitions: int) -> ChunkApp:
    """``NAME.in`` -> ``NAME.in`` (facts of merged identities) and ``NAME.out`` (effects); the group is NAME."""

    def step(state: State, records: Sequence[Record]) -> Result:
        writes, outputs = people.step(state, records)
        return Result(writes, {f"{name}.in": outputs[MOVEMENTS_IN], f"{name}.out": outputs[CHANGES]})

    made = create_app(name, broker, max_records=50, session_seconds=4.0, heartbeat_seconds=0.8)
    stage = Stage(
        name="people",
        step=step,
        source=f"{name}.in",
        changelog=f"{name}.state",
        dead=f"{name}.dead",
        routed={f"{name}.in": partitions, f"{name}.out": partitions},
    )
    add_stage(made, stage)
    return made


def main(arguments: list[str]) -> None:
    """A worker."""
    broker, name, partitions = arguments
    run_worker(app(broker, name, int(partitions)))


if __name__ == "__main__":
    main(sys.argv[1:])
