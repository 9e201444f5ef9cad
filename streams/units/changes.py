"""What the step units reads of a record on ``unit.changes``."""

import msgspec

from streams import days
from streams.step import PoisonRecordError


class Data(msgspec.Struct, gc=False):
    """All four kinds in one shape; the fields of the others keep their defaults (see ``schemas.changes``)."""

    kind: str
    day: str = ""
    workers: int = 0
    present: int = 0
    members: int = 0
    correction: bool = False
    sign: int = 0
    about: str = ""
    key: str = ""
    branch: str = ""
    on: bool = True
    detail: dict[str, str] = {}
    alert: str = ""
    action: str = ""
    by: str = ""
    until: str = ""
    partition: int = 0
    more: bool = False


class Event(msgspec.Struct, gc=False):
    """The record without what the step has no use for."""

    time: str
    data: Data


_event = msgspec.json.Decoder(Event)

KINDS = frozenset({"effect", "mark", "alert", "clock"})


def read_event(value: bytes | None) -> Event:
    """Raises PoisonRecordError with what is wrong."""
    try:
        event = _event.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PoisonRecordError(str(error)) from error
    if event.data.kind not in KINDS:
        raise PoisonRecordError(f"kind {event.data.kind!r} is not known to the step units")
    return event


def ordinal_of(text: str) -> int:
    """A day of a record as ordinal; raises PoisonRecordError."""
    try:
        return days.ordinal(text)
    except ValueError as error:
        raise PoisonRecordError(str(error)) from error
