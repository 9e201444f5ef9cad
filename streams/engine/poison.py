"""Which records of a chunk can't be processed, and what they become."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from aiokafka import TopicPartition

from streams.step import Output, Record, Result, State, StateFormatError, Step, Writes

NOT_THE_RECORD = (StateFormatError, MemoryError)
"""Failures that no record is to blame for: the worker stops on them."""


class Outcome(NamedTuple):
    """The result of a chunk's good records, and its bad ones with their reasons."""

    result: Result
    dead: list[tuple[Record, str]]


def run_step(step: Step, state: State, records: Sequence[Record]) -> Outcome:
    """Run a step over a chunk. If it raises, go record by record, so that only the record at fault is set aside.

    A step is pure: the failed run left nothing behind.
    """
    try:
        return Outcome(step(state, records), [])
    except NOT_THE_RECORD:
        raise
    except Exception:
        return _one_by_one(step, state, records)


def _one_by_one(step: Step, state: State, records: Sequence[Record]) -> Outcome:
    overlay = _Overlay(state)
    outputs: dict[str, list[Output]] = {}
    dead: list[tuple[Record, str]] = []
    for record in records:
        try:
            result = step(overlay, [record])
        except NOT_THE_RECORD:
            raise
        except Exception as error:
            dead.append((record, f"{type(error).__name__}: {error}"))
            continue
        overlay.writes.update(result.writes)
        for topic, produced in result.outputs.items():
            outputs.setdefault(topic, []).extend(produced)
    return Outcome(Result(overlay.writes, outputs), dead)


class _Overlay(Mapping[bytes, bytes]):
    """State with the writes of the records before."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.writes: Writes = {}

    def __getitem__(self, key: bytes) -> bytes:
        value = self.writes[key] if key in self.writes else self._state[key]
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[bytes]:
        yield from (key for key in self._state if key not in self.writes)
        yield from (key for key, value in self.writes.items() if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def dead_record(stage: str, source: TopicPartition, record: Record, reason: str) -> Output:
    """The record for ``<topic>.dead``: where it stood, why it is there, and its bytes."""
    value = {
        "topic": source.topic,
        "partition": source.partition,
        "offset": record.offset,
        "step": stage,
        "reason": reason,
        "key": base64.b64encode(record.key or b"").decode(),
        "value": base64.b64encode(record.value or b"").decode(),
    }
    return record.key or b"", msgspec.json.encode(value)
