"""Which records of a chunk can't be processed, and what they become."""

import base64
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from aiokafka import TopicPartition

from streams.step import Output, Record, Records, Result, State, StateFormatError, Step, Writes

NOT_THE_RECORD = (StateFormatError, MemoryError)
"""Failures that no record is to blame for: the worker stops on them."""


LARGEST_COPY = 512 << 10
"""Bytes of a record up to which its dead record holds a copy: in base64, with key and reason, it must fit a batch."""


class Verdict(NamedTuple):
    """The result of a chunk's good records, and its bad ones with their reasons."""

    result: Result
    dead: list[tuple[Record, str]]


def run_step(step: Step, state: State, records: Records) -> Verdict:
    """Run a step over a chunk. If it raises, run its halves, and theirs, so that only the record at fault is set aside.

    A step is pure: a failed run left nothing behind. Halving matters: record by record, a chunk of a backlog would hold
    the loop, and so a stop, for seconds.
    """
    overlay = _Overlay(state)
    outputs: dict[str, list[Output]] = {}
    dead: list[tuple[Record, str]] = []
    parts: list[Records] = [records]  # still to run, the first one last
    while parts:
        part = parts.pop()
        try:
            result = step(overlay if overlay.writes else state, part)
        except NOT_THE_RECORD:
            raise
        except Exception as error:
            decoded = list(part)
            half = len(decoded) // 2
            if half:
                parts += [decoded[half:], decoded[:half]]
            else:
                dead.append((decoded[0], f"{type(error).__name__}: {error}"))
            continue
        if part is records:
            return Verdict(result, [])
        overlay.writes.update(result.writes)
        for topic, produced in result.outputs.items():
            outputs.setdefault(topic, []).extend(produced)
    return Verdict(Result(overlay.writes, outputs), dead)


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
    """The record for ``<topic>.dead``: where it stood, why it is there, and its bytes unless they are too many.

    A replay takes the bytes from the source; these are for whoever looks.
    """
    if len(record.key or b"") + len(record.value or b"") > LARGEST_COPY:
        reason += f" (its {len(record.value or b'')} bytes are not copied: read them at the source)"
        return b"", _encoded(stage, source, record.offset, reason, b"", b"")
    return record.key or b"", _encoded(stage, source, record.offset, reason, record.key, record.value)


def _encoded(
    stage: str, source: TopicPartition, offset: int, reason: str, key: bytes | None, value: bytes | None
) -> bytes:
    fields = {
        "topic": source.topic,
        "partition": source.partition,
        "offset": offset,
        "step": stage,
        "reason": reason,
        "key": base64.b64encode(key or b"").decode(),
        "value": base64.b64encode(value or b"").decode(),
    }
    return msgspec.json.encode(fields)
