"""What the step reads of a record on ``mobility.events``, checked as far as the step relies on it."""

from binascii import unhexlify
from typing import Annotated

import msgspec

from streams import days
from streams.people.facts import KNOWN, Fact
from streams.step import PoisonRecordError


class Swap(msgspec.Struct, gc=False):
    """``schemas.swap.Swap``; goes out as it came in."""

    id: Annotated[str, msgspec.Meta(min_length=32, max_length=32)]
    part: Annotated[int, msgspec.Meta(ge=1, lt=1 << 62)]
    parts: Annotated[int, msgspec.Meta(ge=2, lt=1 << 62)]


class Data(msgspec.Struct, gc=False):
    """Of ``schemas.persons.PersonFact``, the fields that decide something."""

    fact: str
    version: Annotated[int, msgspec.Meta(ge=1, lt=1 << 62)]
    change: str
    unit: str
    day: str
    branch: str = ""
    precision: str = "month"
    short_contract: bool = False
    winner: str = ""
    through: tuple[str, ...] = ()
    swap: Swap | None = None


class Event(msgspec.Struct, gc=False):
    """Of ``schemas.envelope.CloudEvent``; the rest is for people and other systems."""

    subject: str
    time: str
    data: Data


_event = msgspec.json.Decoder(Event)


def read_event(value: bytes | None) -> Event:
    """Raises PoisonRecordError, which says what is wrong without showing the record."""
    if value is None:
        raise PoisonRecordError("a record without a value")
    try:
        return _event.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PoisonRecordError(str(error)) from error


def fact_of(data: Data) -> Fact:
    """Raises PoisonRecordError: an unknown change, a day that is none, a unit that can't have it, a malformed id."""
    known = KNOWN.get(data.change)
    if known is None:
        raise PoisonRecordError("a change that the step people does not know")
    change, unit_kind = known
    if not data.unit.startswith(unit_kind):
        raise PoisonRecordError(f"change {data.change!r} speaks of a unit {unit_kind}..., not of {data.unit[:1]!r}...")
    try:
        identity = unhexlify(data.fact)
        day = days.ordinal(data.day)
    except ValueError as error:
        raise PoisonRecordError(str(error)) from error
    if len(identity) != 16:
        raise PoisonRecordError("a fact id has 32 hex digits")
    return Fact(
        identity, data.version, change, data.unit, data.branch, day, data.precision == "day", data.short_contract
    )


def is_person(text: str | bytes) -> bool:
    """Whether it is a person's id: 32 hex digits."""
    try:
        return len(text) == 32 and len(unhexlify(text)) == 16
    except ValueError:
        return False


def person_of(key: bytes | None) -> tuple[str, bytes]:
    """The person's id that a record's key is, as text and as it stands; raises PoisonRecordError."""
    if key is not None and is_person(key):
        return key.decode(), key
    raise PoisonRecordError("the key of a record on mobility.events is a person id of 32 hex digits")
