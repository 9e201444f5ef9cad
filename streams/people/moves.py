"""Which leave and which start are one move (meaning, rule 6)."""

from typing import NamedTuple

from streams import days
from streams.people.spells import Turn


class Move(NamedTuple):
    """A resolved movement: a leave, a start, or both ends of one move."""

    leave: Turn | None
    start: Turn | None


def resolve(turns: list[Turn]) -> dict[tuple[str, int], Move]:
    """All movements of one person, by (unit, day) of their leave, or of a start that has none.

    A leave and a start elsewhere pair when the start's month minus the leave's is -1 … 2, or -31 … 60 days if both
    are exact. Pairs are taken greedily, one to one, in the order (both declared as transfer, distance in days, ids).
    """
    if len(turns) == 1:
        turn = turns[0]
        return {(turn.unit, turn.day): Move(None, turn) if turn.start else Move(turn, None)}
    leaves = [turn for turn in turns if not turn.start]
    starts = [turn for turn in turns if turn.start]
    candidates = sorted(
        (
            not (leave.declared_transfer and start.declared_transfer),
            abs(start.day - leave.day),
            leave.fact,
            start.fact,
            number,
            other,
        )
        for number, leave in enumerate(leaves)
        for other, start in enumerate(starts)
        if leave.unit != start.unit and _near(leave, start)
    )
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
