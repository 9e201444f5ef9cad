"""Records that the step people publishes, as CloudEvents. Ids follow from the fact that caused them."""

from typing import Final

import msgspec

from schemas.envelope import event_type
from schemas.ids import movement_id as movement_identity
from streams import days
from streams.people.moves import Move
from streams.people.spells import Delta
from streams.step import Output

__all__ = ["Cause", "effect", "movement", "movement_identity"]

_EFFECT: Final = event_type("unit", "effect")
_MOVEMENT: Final = {what: event_type("movement", what) for what in ("joined", "transferred", "departed", "withdrawn")}
_encode = msgspec.json.Encoder().encode


class Cause(msgspec.Struct, frozen=True, gc=False):
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


class MovementData(msgspec.Struct, gc=False):
    """``schemas.states.Movement`` as this step writes it."""

    movement_id: str
    version: int
    supersedes: int
    person: str
    what: str
    from_unit: str = ""
    to_unit: str = ""
    left_on: str = ""
    started_on: str = ""
    facts: tuple[str, ...] = ()


class Event(msgspec.Struct, gc=False):
    """``schemas.envelope.CloudEvent`` as this step writes it."""

    id: str
    type: str
    subject: str
    time: str
    data: EffectData | MovementData
    specversion: str = "1.0"
    source: str = "/streams/people"
    datacontenttype: str = "application/json"


def effect(cause: Cause, number: int, at: tuple[str, int], delta: Delta, *, more: bool) -> Output:
    """A dated effect, keyed by its unit; the ``number``-th that this fact's arrival caused."""
    unit, day = at
    workers, present, members = delta
    fact = cause.fact
    data = EffectData("effect", cause.person, days.text(day), fact, workers, present, members, cause.correction, more)
    return unit.encode(), _encode(Event(f"{fact}@{cause.version}.{number}", _EFFECT, unit, cause.time, data))


def movement(cause: Cause, identity: str, version: int, move: Move) -> Output:
    """A movement in its next version; neither a leave nor a start any more: withdrawn."""
    leave, start = move.leave, move.start
    person = cause.person
    what, from_unit, to_unit, left_on, started_on = "withdrawn", "", "", "", ""
    facts: tuple[str, ...] = ()
    if leave is not None:
        what, from_unit, left_on = "departed", leave.unit, days.text(leave.day)
        facts = (leave.fact.hex(),)
    if start is not None:
        what, to_unit, started_on = "transferred" if leave is not None else "joined", start.unit, days.text(start.day)
        facts = (*facts, start.fact.hex())
    data = MovementData(identity, version, version - 1, person, what, from_unit, to_unit, left_on, started_on, facts)
    event = Event(f"{identity}@{version}", _MOVEMENT[what], person, cause.time, data)
    return person.encode(), _encode(event)
