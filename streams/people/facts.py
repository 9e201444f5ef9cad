"""A person's facts as the step keeps them: compact, versioned, the bytes of the changelog.

One value a person: a format byte, then MessagePack. A fact takes some 40 bytes. A newer format reads the older ones.
"""

from binascii import unhexlify
from typing import Annotated, Final

import msgspec

from streams import days
from streams.step import PoisonRecordError, StateFormatError

FORMAT: Final = b"\x01"

# The numbers are written to the changelog: never renumber, only add.
JOINED: Final = 1
TRANSFERRED_IN: Final = 2
TRANSFERRED_OUT: Final = 3
DEPARTED: Final = 4
ABSENT: Final = 5
RETURNED: Final = 6
DIED: Final = 7
LISTED: Final = 8
UNLISTED: Final = 9
NOTED: Final = 10
ADMITTED: Final = 11
MEMBER_TRANSFERRED: Final = 12
MEMBER_LEFT: Final = 13
SUSPENDED: Final = 14
REINSTATED: Final = 15
CANCELLED: Final = 17

_KNOWN: Final = {
    "joined": (JOINED, "e"),
    "transferred_in": (TRANSFERRED_IN, "e"),
    "transferred_out": (TRANSFERRED_OUT, "e"),
    "departed": (DEPARTED, "e"),
    "absent": (ABSENT, "e"),
    "returned": (RETURNED, "e"),
    "died": (DIED, ""),
    "listed": (LISTED, "e"),
    "unlisted": (UNLISTED, "e"),
    "noted": (NOTED, ""),
    "admitted": (ADMITTED, "u"),
    "member_transferred": (MEMBER_TRANSFERRED, "u"),
    "member_left": (MEMBER_LEFT, "u"),
    "suspended": (SUSPENDED, "u"),
    "reinstated": (REINSTATED, "u"),
    "cancelled": (CANCELLED, ""),
}
"""Change -> its number, and what the id of its unit begins with: an enterprise, a union, or either."""


class Fact(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The latest version of one declared fact; ``day`` is an ordinal, ``exact`` tells a day from a month."""

    id: bytes
    version: int
    change: int
    unit: str
    branch: str
    day: int
    exact: bool
    short: bool = False


class Person(msgspec.Struct, array_like=True, gc=False):
    """All live facts of a person (withdrawn ones too: they outrank their earlier versions), in order of arrival.

    ``revised`` holds the version of each movement that has been published more than once.
    """

    facts: list[Fact] = []
    revised: dict[bytes, int] = {}


class _Data(msgspec.Struct, gc=False):
    fact: str
    version: Annotated[int, msgspec.Meta(ge=1, lt=1 << 62)]
    change: str
    unit: str
    day: str
    branch: str = ""
    precision: str = "month"
    short_contract: bool = False


class Event(msgspec.Struct, gc=False):
    """What the step reads of a record on ``mobility.events``; the rest is for people and other systems."""

    time: str
    data: _Data


_event = msgspec.json.Decoder(Event)
_person = msgspec.msgpack.Decoder(Person)
_encoder = msgspec.msgpack.Encoder()


def read_event(value: bytes | None) -> Event:
    """Raises PoisonRecordError, which says what is wrong without showing the record."""
    if value is None:
        raise PoisonRecordError("a record without a value")
    try:
        return _event.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PoisonRecordError(str(error)) from error


def fact_of(data: _Data) -> Fact:
    """Raises PoisonRecordError: an unknown change, a day that is none, a unit that can't have it, a malformed id."""
    known = _KNOWN.get(data.change)
    if known is None:
        raise PoisonRecordError(f"change {data.change!r} is not known to the step people")
    change, unit_kind = known
    if not data.unit.startswith(unit_kind):
        raise PoisonRecordError(f"change {data.change!r} speaks of a unit {unit_kind}..., not of {data.unit[:1]!r}...")
    try:
        identity = bytes.fromhex(data.fact)
        day = days.ordinal(data.day)
    except ValueError as error:
        raise PoisonRecordError(str(error)) from error
    if len(identity) != 16 or len(data.fact) != 32:
        raise PoisonRecordError("a fact id has 32 hex digits")
    return Fact(
        identity, data.version, change, data.unit, data.branch, day, data.precision == "day", data.short_contract
    )


def person_of(key: bytes | None) -> str:
    """The person's id that a record's key is; raises PoisonRecordError."""
    try:
        person = b"" if key is None else key
        if len(person) == 32 and len(unhexlify(person)) == 16:
            return person.decode()
    except ValueError:
        pass  # told below, with everything else that is no id
    raise PoisonRecordError("the key of a record on mobility.events is a person id of 32 hex digits")


def load(value: bytes | None) -> Person:
    """Changelog bytes -> person; None is somebody not seen before."""
    if value is None:
        return Person([], {})
    if value[:1] != FORMAT:
        raise StateFormatError(
            f"state of the step people in format {value[0]}: written by a newer version of this program"
        )
    return _person.decode(memoryview(value)[1:])


def dump(person: Person) -> bytes:
    """Person -> changelog bytes."""
    return FORMAT + _encoder.encode(person)
