"""Runs a pure step over chunks as the engine does: writes enter the state once the whole chunk is through."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from schemas.envelope import CloudEvent
from streams.step import Step
from tests.build import Rec

State = dict[bytes, bytes]
Log = dict[str, list[tuple[bytes, bytes]]]


def commit(step: Step, state: State, log: Log, chunk: Sequence[Rec]) -> None:
    """One transaction: state and outputs together."""
    result = step(state, chunk)
    for key, value in result.writes.items():
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value
    for topic, outputs in result.outputs.items():
        log.setdefault(topic, []).extend(outputs)


def run(step: Step, records: Sequence[Rec], chunks: Iterable[slice] | None = None) -> tuple[State, Log]:
    """All records, in these chunks; without any, one by one."""
    state: State = {}
    log: Log = {}
    for chunk in chunks if chunks is not None else [slice(at, at + 1) for at in range(len(records))]:
        commit(step, state, log, records[chunk])
    return state, log


def as_input(outputs: Iterable[tuple[bytes, bytes]]) -> list[Rec]:
    """What a step wrote, as the next one reads it."""
    return [Rec(offset, key, value) for offset, (key, value) in enumerate(outputs)]


def data_of(value: bytes) -> dict[str, Any]:
    """The ``data`` of a record."""
    data: dict[str, Any] = json.loads(value)["data"]
    return data


def check(outputs: Iterable[tuple[bytes, bytes]], *models: type[BaseModel]) -> None:
    """Every record is a CloudEvent of one of these models, its subject is its key and no id comes twice."""
    seen = set()
    for key, value in outputs:
        kind = data_of(value).get("kind")
        model = models[-1] if key.startswith(b"clock/") else models[0]
        if len(models) > 1 and kind in {"effect", "mark"}:
            model = next(one for one in models if one.model_fields["kind"].default == kind)
        event = CloudEvent[model].model_validate_json(value)  # type: ignore[valid-type]
        assert event.subject.encode() == key
        assert (event.source, event.id) not in seen
        seen.add((event.source, event.id))
