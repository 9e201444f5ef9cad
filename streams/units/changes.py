"""What the step units reads of a record on ``unit.changes``."""

from typing import Annotated, Final

import msgspec

from streams import days
from streams.rules.history import Inherited, Step
from streams.step import PoisonRecordError

Figure = Annotated[int, msgspec.Meta(ge=-1, le=1)]
"""One person more, one less, or none."""


class Lived(msgspec.Struct, gc=False):
    """``schemas.states.AlertStep``"""

    on: str
    state: str
    reason: str = ""
    workers: int = 0
    by: str = ""


class Swap(msgspec.Struct, gc=False):
    """``schemas.swap.Swap``"""

    id: str
    part: int
    parts: int


class Data(msgspec.Struct, gc=False):
    """All five kinds in one shape; the fields of the others keep their defaults (see ``schemas.changes``)."""

    kind: str
    day: str = ""
    workers: Figure = 0
    present: Figure = 0
    members: Figure = 0
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
    partition: int = -1
    more: bool = False
    swap: Swap | None = None
    unit: str = ""
    sender: str = ""
    left_on: str = ""
    opened_on: str = ""
    confirmed_on: str = ""
    month_ends: int = 0
    history: tuple[Lived, ...] = ()


class Event(msgspec.Struct, gc=False):
    """The record without what the step has no use for."""

    subject: str
    time: str
    data: Data


_event = msgspec.json.Decoder(Event)

ABOUT: Final = frozenset({"described", "cover", "agreement", "party", "dissolved", "edge", "baseline"})
ACTIONS: Final = frozenset({"acknowledge", "snooze", "reopen"})


def read_event(value: bytes | None) -> Event:
    """Raises PoisonRecordError with what is wrong."""
    try:
        event = _event.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PoisonRecordError(str(error)) from error
    data = event.data
    match data.kind:
        case "effect":
            return event
        case "mark":
            if data.sign not in (1, -1) or data.about not in ABOUT:
                raise PoisonRecordError("a mark whose subject or sign is none")
        case "alert":
            if data.action not in ACTIONS:
                raise PoisonRecordError("an action that the step units does not know")
        case "inherited":
            if data.sign not in (1, -1) or not data.alert:
                raise PoisonRecordError("an inherited alert whose sign or id is none")
        case "clock":
            if data.partition < 0:
                raise PoisonRecordError("a tick names the partition that it was sent to")
        case _:
            raise PoisonRecordError("a kind of change that the step units does not know")
    return event


def ordinal_of(text: str) -> int:
    """A day of a record as ordinal; raises PoisonRecordError."""
    try:
        return days.ordinal(text)
    except ValueError as error:
        raise PoisonRecordError(str(error)) from error


def inherited_of(data: Data) -> Inherited:
    """What a predecessor left, of a record of that kind; raises PoisonRecordError."""
    return Inherited(
        alert=data.alert,
        unit=data.unit,
        on=ordinal_of(data.left_on),
        opened_on=ordinal_of(data.opened_on) if data.opened_on else 0,
        confirmed_on=ordinal_of(data.confirmed_on) if data.confirmed_on else 0,
        large=data.month_ends,
        history=tuple(Step(ordinal_of(one.on), one.state, one.reason, one.workers, one.by) for one in data.history),
    )
