"""The starts and leaves that movements are made of: an enterprise takes a person in, or loses them."""

from typing import Final

import msgspec

from streams.people import facts as f
from streams.people.facts import Fact

_STARTS: Final = (f.JOINED, f.TRANSFERRED_IN, f.RETURNED, f.LISTED)
_LEAVES: Final = (f.TRANSFERRED_OUT, f.DEPARTED, f.UNLISTED)
_TRANSFERS: Final = (f.TRANSFERRED_IN, f.TRANSFERRED_OUT)


class Turn(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An enterprise took the person in (``start``) or lost them, with the fact that says so.

    ``death``: nobody moved, so it is no end of a move. Part of the changelog: only add fields, at the end.
    """

    day: int
    unit: str
    start: bool
    fact: bytes
    declared_transfer: bool
    exact: bool
    death: bool = False


def turn_of(day: int, unit: str, start: bool, causes: list[Fact]) -> Turn:
    """With the fact that opened or closed the spell: a declared transfer before another, then the lowest id."""
    if causes[0].change == f.DIED:
        return Turn(day, unit, False, causes[0].id, False, causes[0].exact, True)
    if len(causes) == 1:
        cause = causes[0]
    else:
        wanted = _STARTS if start else _LEAVES
        said = [fact for fact in causes if fact.change in wanted]
        cause = min(said, key=lambda fact: (fact.change not in _TRANSFERS, fact.id))
    return Turn(day, unit, start, cause.id, cause.change in _TRANSFERS, cause.exact)
