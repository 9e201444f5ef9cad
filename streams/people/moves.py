"""Which leave and which start are one move (meaning, rule 6)."""

from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import Final

import msgspec

from streams import days
from streams.people.spells import Turn


class Move(msgspec.Struct, frozen=True, gc=False):
    """A resolved movement: a leave, a start, or both ends of one move."""

    leave: Turn | None
    start: Turn | None


Moves = dict[tuple[str, int], Move]
"""Movements of one person, by (unit, day) of their leave, or of a start that has none."""

_EARLIEST: Final = -61
_LATEST: Final = 91
"""Days that a start may lie from its leave at most, whatever the precision: the months of rule 6, written as days."""
_day = attrgetter("day")


def resolve(turns: list[Turn]) -> Moves:
    """All movements of one person from turns in the order of their days.

    A leave and a start elsewhere pair when the start's month minus the leave's is -1 … 2, or -31 … 60 days if both
    are exact. Pairs are taken greedily, one to one, in the order (both declared as transfer, distance in days, ids).
    """
    if not turns:
        return {}
    if len(turns) == 1:
        turn = turns[0]
        return {(turn.unit, turn.day): Move(None, turn) if turn.start else Move(turn, None)}
    leaves = [turn for turn in turns if not turn.start]
    starts = [turn for turn in turns if turn.start]
    candidates = []
    for number, leave in enumerate(leaves):
        if leave.death:
            continue
        first = bisect_left(starts, leave.day + _EARLIEST, key=_day)
        end = bisect_right(starts, leave.day + _LATEST, key=_day)
        for other in range(first, end):
            start = starts[other]
            if leave.unit != start.unit and _near(leave, start):
                declared = leave.declared_transfer and start.declared_transfer
                candidates.append((not declared, abs(start.day - leave.day), leave.fact, start.fact, number, other))
    candidates.sort()
    start_of: dict[int, int] = {}
    taken: set[int] = set()
    for *_, number, other in candidates:
        if number not in start_of and other not in taken:
            start_of[number] = other
            taken.add(other)
    moves = {
        (leave.unit, leave.day): Move(leave, starts[start_of[number]] if number in start_of else None)
        for number, leave in enumerate(leaves)
    }
    for other, start in enumerate(starts):
        if other not in taken:
            moves[(start.unit, start.day)] = Move(None, start)
    return moves


def _near(leave: Turn, start: Turn) -> bool:
    if leave.exact and start.exact:
        return -31 <= start.day - leave.day <= 60
    return -1 <= days.month_number(start.day) - days.month_number(leave.day) <= 2
