"""Records that the step people publishes, as CloudEvents. Ids follow from the fact that caused them."""

from typing import NamedTuple

import msgspec

from schemas.envelope import event_type
from schemas.ids import movement_id as movement_identity
from streams import days
from streams.people.moves import Move
from streams.people.spells import Delta
from streams.step import Output

__all__ = ["Cause", "effect", "movement", "movement_identity"]

_EFFECT = event_type("unit", "effect")
_SOURCE = "/streams/people"
_encode = msgspec.json.Encoder().encode


class Cause(NamedTuple):
    """The record whose arrival changes something: whose fact it is, when it was recorded, which version of it."""

    person: str
    time: str
    fact: str
    version: int
    correction: bool


class EffectData(msgspec.Struct, gc=False, omit_defaults=True):
    """``schemas.changes.Effect`` as this step writes it."""

    kind: str
    person: str
    day: str
    fact: str
    workers: int = 0
    present: int = 0
    members: int = 0
    correction: bool = False
    more: bool = False


class _Envelope(msgspec.Struct, gc=False):
    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    data: EffectData | dict[str, object]


def effect(cause: Cause, number: int, at: tuple[str, int], delta: Delta, *, more: bool) -> Output:
    """A dated effect, keyed by its unit; the ``number``-th that this fact's arrival caused."""
    unit, day = at
    data = EffectData("effect", cause.person, days.text(day), cause.fact, *delta, cause.correction, more)
    identity = f"{cause.fact}@{cause.version}.{number}"
    value = _encode(_Envelope("1.0", identity, _SOURCE, _EFFECT, unit, cause.time, "application/json", data))
    return unit.encode(), value


def movement(cause: Cause, identity: str, version: int, move: Move) -> Output:
    """A movement in its next version; neither a leave nor a start any more: withdrawn."""
    leave, start = move
    what = "transferred" if leave and start else "departed" if leave else "joined" if start else "withdrawn"
    data: dict[str, object] = {
        "movement_id": identity,
        "version": version,
        "supersedes": version - 1,
        "person": cause.person,
        "what": what,
        "from_unit": leave.unit if leave else "",
        "to_unit": start.unit if start else "",
        "left_on": days.text(leave.day) if leave else "",
        "started_on": days.text(start.day) if start else "",
        "facts": [turn.fact.hex() for turn in (leave, start) if turn],
    }
    kind = event_type("movement", what)
    event = _Envelope("1.0", f"{identity}@{version}", _SOURCE, kind, cause.person, cause.time, "application/json", data)
    return cause.person.encode(), _encode(event)
