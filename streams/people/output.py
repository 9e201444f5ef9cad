"""Records that the step people publishes, as CloudEvents. Ids follow from the fact that caused them.

The text is put together by hand, which takes a third of the time of encoding objects: ids and days need no escaping,
and what somebody else has written (a unit, a time) goes through ``quoted``. Tests read each against its model.
"""

from functools import lru_cache
from typing import Final

import msgspec

from schemas.envelope import event_type
from schemas.ids import movement_id as movement_identity
from streams import days
from streams.people.branches import Finding
from streams.people.moves import Move
from streams.people.reading import Swap
from streams.people.spells import Delta
from streams.step import Output

__all__ = ["Cause", "effect", "finding", "joined", "movement", "movement_identity", "quoted", "swap_flag"]

_EFFECT: Final = event_type("unit", "effect")
_FINDING: Final = event_type("finding", "changed")
_MOVEMENT: Final = {what: event_type("movement", what) for what in ("joined", "transferred", "departed", "withdrawn")}
_END: Final = ',"specversion":"1.0","source":"/streams/people","datacontenttype":"application/json"}'


@lru_cache(maxsize=1 << 16)
def quoted(text: str) -> str:
    """As a JSON string; units and times come again and again."""
    return msgspec.json.encode(text).decode()


@lru_cache(maxsize=64)
def _figures(delta: Delta) -> str:
    """The figures that are not 0."""
    names = zip(("workers", "present", "members"), delta, strict=True)
    return "".join(f',"{name}":{figure}' for name, figure in names if figure)


class Cause(msgspec.Struct, frozen=True, gc=False):
    """The record whose arrival changes something, and the person's key in bytes.

    ``time``: when it was recorded, ``quoted``; ``id``: what ids begin with.
    """

    person: str
    key: bytes
    time: str
    fact: str
    id: str
    correction: bool


def swap_flag(swap: Swap) -> str:
    """What ``effect`` says of a part of a correction that names another person."""
    return f',"swap":{msgspec.json.encode(swap).decode()}'


def effect(cause: Cause, number: int, at: tuple[str, int], delta: Delta, *, more: bool, swap: str = "") -> Output:
    """``schemas.changes.Effect``, keyed by its unit; the ``number``-th that this fact's arrival caused.

    ``swap``: see ``swap_flag``.
    """
    unit, day = at
    flags = (',"correction":true' if cause.correction else "") + (',"more":true' if more else "") + swap
    return unit.encode(), (
        f'{{"id":"{cause.id}.{number}","type":"{_EFFECT}","subject":{quoted(unit)},"time":{cause.time},"data":{{'
        f'"kind":"effect","person":"{cause.person}","day":"{days.text(day)}","fact":"{cause.fact}"'
        f"{_figures(delta)}{flags}}}{_END}"
    ).encode()


def joined(cause: Cause, identity: str, unit: str, day: int) -> Output:
    """The first movement of somebody whose first fact is a start: what ``movement`` would say."""
    return _movement(cause, identity, 1, "joined", ('""', quoted(unit), "", days.text(day), f'"{cause.fact}"'))


def movement(cause: Cause, identity: str, version: int, move: Move) -> Output:
    """``schemas.states.Movement`` in its next version; neither a leave nor a start any more: withdrawn."""
    leave, start = move.leave, move.start
    what, from_unit, to_unit, left_on, started_on, facts = "withdrawn", '""', '""', "", "", ""
    if leave is not None:
        what, from_unit, left_on, facts = "departed", quoted(leave.unit), days.text(leave.day), f'"{leave.fact.hex()}"'
    if start is not None:
        what = "joined" if leave is None else "transferred"
        to_unit, started_on = quoted(start.unit), days.text(start.day)
        facts += f'{"," if facts else ""}"{start.fact.hex()}"'
    return _movement(cause, identity, version, what, (from_unit, to_unit, left_on, started_on, facts))


def _movement(cause: Cause, identity: str, version: int, what: str, said: tuple[str, str, str, str, str]) -> Output:
    """``said``: the two units quoted, the two days, the facts quoted and with commas."""
    person = cause.person
    from_unit, to_unit, left_on, started_on, facts = said
    return cause.key, (
        f'{{"id":"{identity}@{version}","type":"{_MOVEMENT[what]}","subject":"{person}","time":{cause.time},"data":{{'
        f'"movement_id":"{identity}","version":{version},"supersedes":{version - 1},"person":"{person}",'
        f'"what":"{what}","from_unit":{from_unit},"to_unit":{to_unit},"left_on":"{left_on}",'
        f'"started_on":"{started_on}","facts":[{facts}]}}{_END}'
    ).encode()


def finding(cause: Cause, number: int, one: Finding, *, found: bool) -> Output:
    """``schemas.states.Finding``: found, or no longer so; the ``number``-th that this fact's arrival changed."""
    person = cause.person
    return cause.key, (
        f'{{"id":"{cause.id}.f{number}","type":"{_FINDING}","subject":"{person}","time":{cause.time},'
        f'"data":{{"person":"{person}","fact":"{one.fact.hex()}","what":"{one.what}","unit":{quoted(one.unit)},'
        f'"day":"{days.text(one.day)}","open":{"true" if found else "false"},"cause":"{cause.fact}"}}{_END}'
    ).encode()
