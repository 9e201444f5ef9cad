"""The pure steps over the whole log, in this process: what the live system should have arrived at."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec

from mobility.log import read_topics
from schemas import topics
from streams import people, registry, units
from streams.engine.poison import run_step
from streams.step import Output, Record, Step

Emit = Callable[[str, list[Output]], None]


def run_over(broker: str, topic: str, step: Step, emit: Emit) -> None:
    """Run a step over a topic as its owners do, partition by partition, and hand its outputs to ``emit``."""
    states: dict[int, dict[bytes, bytes]] = defaultdict(dict)
    for _, partition, records in read_topics(broker, topic):
        state = states[partition]
        result = run_step(step, state, records).result
        for key, value in result.writes.items():
            if value is None:
                state.pop(key, None)
            else:
                state[key] = value
        for name, outputs in result.outputs.items():
            emit(name, outputs)


def effects_of_facts(broker: str, take: Callable[[str, dict[str, Any]], None]) -> None:
    """Every effect and mark that follows from the facts on the log: ``take(unit, data)``."""

    def emit(topic: str, outputs: list[Output]) -> None:
        if topic == topics.CHANGES:
            for key, value in outputs:
                take(key.decode(), msgspec.json.decode(value)["data"])

    run_over(broker, topics.MOVEMENTS_IN, people.step, emit)
    run_over(broker, topics.REGISTRY_IN, registry.step, emit)


def alerts_of_changes(broker: str) -> dict[str, dict[str, Any]]:
    """The alerts that follow from ``unit.changes`` in its order, by id."""
    alerts: dict[str, dict[str, Any]] = {}

    def emit(topic: str, outputs: list[Output]) -> None:
        if topic == topics.ALERTS:
            for key, value in outputs:
                alerts[key.decode()] = msgspec.json.decode(value)["data"]

    run_over(broker, topics.CHANGES, units.step, emit)
    return alerts


def latest(broker: str, topic: str) -> dict[str, dict[str, Any]]:
    """The last record of each key of a compacted topic."""
    found: dict[str, dict[str, Any]] = {}
    for _, _, records in read_topics(broker, topic):
        for record in records:
            if record.key is not None and record.value is not None:
                found[record.key.decode()] = msgspec.json.decode(record.value)["data"]
    return found


def data_of(record: Record) -> dict[str, Any] | None:
    """A record's ``data``, None if it has none that can be read."""
    try:
        data = msgspec.json.decode(record.value or b"")["data"]
    except (msgspec.DecodeError, KeyError, TypeError, UnicodeDecodeError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
