"""A subject's facts as the step keeps them (changelog bytes: a format byte, then MessagePack)."""

from typing import Annotated, Final

import msgspec

from streams import days
from streams.step import PoisonRecordError, StateFormatError

FORMAT: Final = b"\x01"


class Place(msgspec.Struct, frozen=True, gc=False):
    """An enterprise, or one branch of it."""

    unit: str
    branch: str = ""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """The latest version of one register fact; fields as in ``schemas.registry.RegistryFact``."""

    fact: str
    version: Annotated[int, msgspec.Meta(ge=1, lt=1 << 62)]
    change: str
    subject: str
    day: str
    name: str = ""
    tax_code: str = ""
    unit_code: str = ""
    union_code: str = ""
    ownership: str = ""
    area_code: str = ""
    park: str = ""
    eligible_agreement: str = ""
    eligible_party: str = ""
    upper_union: str = ""
    places: list[Place] = []
    ends_on: str = ""
    complete: bool = False


class Event(msgspec.Struct):
    """What the step reads of a record on ``registry.events``."""

    subject: str
    time: str
    data: Fact


_event = msgspec.json.Decoder(Event)
_facts = msgspec.msgpack.Decoder(dict[str, Fact])
_encoder = msgspec.msgpack.Encoder()

CHANGES: Final = frozenset(
    {
        "enterprise_stated",
        "enterprise_dissolved",
        "union_stated",
        "union_dissolved",
        "agreement_signed",
        "party_founded",
        "party_ended",
        "roster_stated",
        "cancelled",
    }
)


_SUBJECTS: Final = {"enterprise": "e", "union": "u", "agreement": "a", "party": "p", "roster": "e"}
"""First word of a change -> what the id of its subject begins with."""


def read_event(value: bytes | None) -> Event:
    """Raises PoisonRecordError with what is wrong: not the schema's form, an unknown change, a day that is none."""
    try:
        event = _event.decode(value or b"")
        days.ordinal(event.data.day)
        if event.data.ends_on:
            days.ordinal(event.data.ends_on)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise PoisonRecordError(str(error)) from error
    fact = event.data
    if fact.change not in CHANGES:
        raise PoisonRecordError("a change that the step registry does not know")
    if not fact.subject.startswith(_SUBJECTS.get(fact.change.partition("_")[0], ("e", "u", "a", "p"))):
        raise PoisonRecordError(f"change {fact.change!r} does not speak of a subject {fact.subject[:1]!r}...")
    if not all(place.unit.startswith("e") for place in fact.places):
        raise PoisonRecordError("a place is the id of an enterprise (e...)")
    return event


def load(value: bytes | None) -> dict[str, Fact]:
    """Changelog bytes -> facts by id."""
    if value is None:
        return {}
    if value[:1] != FORMAT:
        raise StateFormatError(
            f"state of the step registry in format {value[0]}: written by a newer version of this program"
        )
    return _facts.decode(memoryview(value)[1:])


def dump(facts: dict[str, Fact]) -> bytes:
    """Facts by id -> changelog bytes."""
    return FORMAT + _encoder.encode(facts)
