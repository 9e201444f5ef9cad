"""What a step is: a pure function over a chunk of records."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

State = Mapping[bytes, bytes]
"""Keyed state as it stands before the chunk: key -> the very bytes of the changelog."""

Writes = dict[bytes, bytes | None]
"""What the chunk changed: one entry a key; None removes it (a tombstone in the changelog)."""

Output = tuple[bytes, bytes]
"""Key and value of a record to publish."""


class Record(Protocol):
    """One consumed record; the engine hands over the client's own objects."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


class Result(NamedTuple):
    """What a chunk leads to: changed state and, for each topic, its records in order."""

    writes: Writes
    outputs: dict[str, list[Output]]


class Step(Protocol):
    """``step(state, records) -> result``. Raises on a record that it can't process; then nothing has happened."""

    def __call__(self, state: State, records: Sequence[Record]) -> Result: ...


class StateFormatError(RuntimeError):
    """State in a format that this version can't read. The worker stops: no record is at fault."""


class PoisonRecordError(ValueError):
    """The record can't be processed: it is not of the form that its topic's schema asks for."""
