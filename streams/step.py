"""What a step is: a pure function over a chunk of records."""

from collections.abc import Iterable, Iterator, Mapping
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


class Records(Protocol):
    """The records of a chunk. They are decoded while one goes through them, so they can't be indexed."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Record]: ...


class Result(NamedTuple):
    """What a chunk leads to: changed state and, for each topic, its records in order."""

    writes: Writes
    outputs: dict[str, list[Output]]


class Step(Protocol):
    """``step(state, records) -> result``; goes through the records once, in their order.

    Raises on a record that it can't process; then nothing has happened.
    """

    def __call__(self, state: State, records: Iterable[Record]) -> Result: ...


class StateFormatError(RuntimeError):
    """State in a format that this version can't read. The worker stops: no record is at fault."""


class PoisonRecordError(ValueError):
    """The record can't be processed: it is not of the form that its topic's schema asks for."""
