"""Which leave and which start are one move (meaning, rule 6)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import attrgetter
from typing import Final

import msgspec

from streams import days
from streams.people.turns import Turn


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
    leaves = [turn for turn in turns if not turn.start]
    starts = [turn for turn in turns if turn.start]
    start_of: dict[int, int] = {}
    taken: set[int] = set()
    for *_, number, other in _candidates(leaves, starts):
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


def alone(turn: Turn) -> Move:
    """The movement of a turn without another end."""
    return Move(None, turn) if turn.start else Move(turn, None)


def stands_alone(turn: Turn, earlier: list[Turn]) -> bool:
    """Whether the latest turn can pair with none of the earlier ones, which are in the order of their days."""
    for other in reversed(earlier):
        if turn.day - other.day > _LATEST:
            return True
        if turn.start != other.start and (_may_pair(other, turn) if turn.start else _may_pair(turn, other)):
            return False
    return True


def still_open(turns: list[Turn], day: int) -> list[Turn]:
    """The turns that a turn on this day or later may yet give another partner; all of them lie before the day.

    A pair stands whatever comes if no better pair of either end may still come to be: both are out of reach of
    the day, and what goes before it in the greedy order is decided.
    """
    leaves = [turn for turn in turns if not turn.start]
    starts = [turn for turn in turns if turn.start]
    open_leaves = {number for number, leave in enumerate(leaves) if leave.day >= day - _LATEST and not leave.death}
    open_starts = {number for number, start in enumerate(starts) if start.day >= day + _EARLIEST}
    paired_leaves: set[int] = set()
    paired_starts: set[int] = set()
    for *_, number, other in _candidates(leaves, starts):
        if number in paired_leaves or other in paired_starts:
            continue
        if number in open_leaves or other in open_starts:
            open_leaves.add(number)
            open_starts.add(other)
        else:
            paired_leaves.add(number)
            paired_starts.add(other)
    kept = [leaves[number] for number in open_leaves] + [starts[number] for number in open_starts]
    return sorted(kept, key=lambda turn: (turn.day, turn.unit))


def _candidates(leaves: list[Turn], starts: list[Turn]) -> Iterable[tuple[bool, int, bytes, bytes, int, int]]:
    """Pairs within reach in the order in which they are taken, with the places of leave and start at the end."""
    candidates = []
    for number, leave in enumerate(leaves):
        first = bisect_left(starts, leave.day + _EARLIEST, key=_day)
        end = bisect_right(starts, leave.day + _LATEST, key=_day)
        for other in range(first, end):
            start = starts[other]
            if _may_pair(leave, start):
                declared = leave.declared_transfer and start.declared_transfer
                candidates.append((not declared, abs(start.day - leave.day), leave.fact, start.fact, number, other))
    candidates.sort()
    return candidates


def _may_pair(leave: Turn, start: Turn) -> bool:
    if leave.unit == start.unit or leave.death:
        return False
    if leave.exact and start.exact:
        return -31 <= start.day - leave.day <= 60
    return -1 <= days.month_number(start.day) - days.month_number(leave.day) <= 2
