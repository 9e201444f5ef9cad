"""A step that counts the records of each key, and the worker that runs it.

``python -m tests.integration.engine.counting BROKER NAME PARTITIONS [max_records] [session_seconds] [metrics_port]``
"""

import sys
from collections.abc import Sequence

from streams.engine import ChunkApp, Stage, add_stage, create_app, run_worker
from streams.step import PoisonRecordError, Record, Result, State, StateFormatError, Step, Writes

POISON = b"poison"
FORMAT = b"state of another format"
LARGE = b"a state of two megabytes"
FORGET = b"forget"


def counting(out: str) -> Step:
    """The step, which publishes each key's new count on ``out``; ``FORGET`` removes the key."""

    def step(state: State, records: Sequence[Record]) -> Result:
        writes: Writes = {}
        outputs: list[tuple[bytes, bytes]] = []
        for record in records:
            key = record.key or b""
            if record.value == POISON:
                raise PoisonRecordError("it says a name, Nguyễn Văn A")
            if record.value == FORMAT:
                raise StateFormatError("state of the step counting in format 9: written by a newer version")
            if record.value == LARGE:
                writes[key] = bytes(range(256)) * 8192
            elif record.value == FORGET:
                writes[key] = None
            else:
                known = writes[key] if key in writes else state.get(key)
                count = str(int(known or b"0") + 1).encode()
                writes[key] = count
                outputs.append((key, count))
        return Result(writes, {out: outputs})

    return step


def app(broker: str, name: str, partitions: int, max_records: int = 4000, session_seconds: float = 4.0) -> ChunkApp:
    """``NAME.in`` -> ``NAME.out``, with ``NAME.state`` and ``NAME.dead``; the group is NAME."""
    made = create_app(
        name, broker, max_records=max_records, session_seconds=session_seconds, heartbeat_seconds=session_seconds / 5
    )
    stage = Stage(
        name="counting",
        step=counting(f"{name}.out"),
        source=f"{name}.in",
        changelog=f"{name}.state",
        dead=f"{name}.dead",
        routed={f"{name}.out": partitions},
    )
    add_stage(made, stage)
    return made


def main(arguments: list[str]) -> None:
    """A worker."""
    broker, name, partitions, *more = arguments
    max_records = int(more[0]) if more else 4000
    session_seconds = float(more[1]) if len(more) > 1 else 4.0
    port = int(more[2]) if len(more) > 2 else None
    run_worker(app(broker, name, int(partitions), max_records, session_seconds), metrics_port=port)


if __name__ == "__main__":
    main(sys.argv[1:])
