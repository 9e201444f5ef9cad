"""One partition of the registers: statements on the log -> step -> state, beside the changelog.

Registers are small beside persons: a city's 48,000 enterprises and their unions are some hundred thousand statements.
"""

from typing import Any

from psycopg import Connection

from consumers.store.checking import Slice
from mobility.rolling.ranges import Ranges
from schemas import topics
from streams import registry
from streams.engine.poison import run_step

CHANGELOG = "registry.state"
_AT_A_TIME = 20_000
_LARGEST = 1 << 40

Difference = dict[str, Any]


def look(ranges: Ranges, connection: Connection[Any], at: Slice, partitions: int) -> tuple[int, int, list[Difference]]:
    """(compared, passed over, differences). The changelog says up to where the log is read: nothing can be moving."""
    live, position = ranges.changelog(CHANGELOG, at.partition, lambda key: not key.startswith(b"\x00"))
    state: dict[bytes, bytes] = {}
    batch = []
    for record in ranges.records(topics.REGISTRY_IN, at.partition, 0, position or 0, at_most=_LARGEST):
        batch.append(record)
        if len(batch) == _AT_A_TIME:
            _run(state, batch)
            batch = []
    _run(state, batch)
    keys = live.keys() | state.keys()
    differing = sorted(key for key in keys if live.get(key) != state.get(key))
    return (
        len(live.keys() | state.keys()),
        0,
        [_difference(key.decode(), state.get(key), live.get(key)) for key in differing],
    )


def _run(state: dict[bytes, bytes], batch: list[Any]) -> None:
    if not batch:
        return
    for key, value in run_step(registry.step, state, batch).result.writes.items():
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value


def _difference(key: str, log: bytes | None, live: bytes | None) -> Difference:
    sizes = [None if value is None else len(value) for value in (log, live)]
    return {"kind": "registry", "key": key, "figure": "state", "log": sizes[0], "live": sizes[1], "store": None}
