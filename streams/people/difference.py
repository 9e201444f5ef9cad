"""What a record changes: the difference between two timelines of one person."""

from itertools import islice
from typing import Final

import msgspec

from streams.people.branches import Finding
from streams.people.moves import Move, Moves
from streams.people.spells import Delta, Effects, Timeline

WITHDRAWN = Move(None, None)

At = tuple[str, int]
"""Unit and day."""


class Difference(msgspec.Struct, frozen=True, gc=False):
    """``effects`` by unit and day; ``moves`` with whether they were known before; ``findings`` with whether they are
    found now or no longer so, the latter first."""

    effects: list[tuple[At, Delta]]
    moves: list[tuple[At, Move, bool]]
    findings: list[tuple[Finding, bool]]


NOTHING: Final = Difference([], [], [])
"""What a fact changes that is known in a later version."""


def effects_since(timeline: Timeline, had: int) -> list[tuple[At, Delta]]:
    """Those that came after the first ``had``, sorted: of days later than all others."""
    effects = timeline.effects
    if len(effects) <= had + 1:
        return [] if len(effects) == had else [next(reversed(effects.items()))]
    return sorted(islice(reversed(effects.items()), len(effects) - had))


def changed_effects(old: Effects, new: Effects) -> list[tuple[At, Delta]]:
    """The sum of everything ever emitted for a person is the timeline of the person's facts."""
    changed: list[tuple[At, Delta]] = []
    for at, now in new.items():
        was = old.get(at)
        if was is None:
            changed.append((at, now))
        elif was != now:
            _add_parts(changed, at, (now[0] - was[0], now[1] - was[1], now[2] - was[2]))
    for at, was in old.items():
        if at not in new:
            changed.append((at, (-was[0], -was[1], -was[2])))
    changed.sort()
    return changed


def _add_parts(changed: list[tuple[At, Delta]], at: At, delta: Delta) -> None:
    """An effect is one person more or less: a correction that turns a leave into a start makes two of them."""
    workers, present, members = (max(-1, min(1, figure)) for figure in delta)
    changed.append((at, (workers, present, members)))
    rest = (delta[0] - workers, delta[1] - present, delta[2] - members)
    if any(rest):
        changed.append((at, rest))


def changed_moves(old: Moves, new: Moves) -> list[tuple[At, Move, bool]]:
    """Movements that read otherwise now, then those that are none any more."""
    changed = [(at, move, at in old) for at, move in new.items() if old.get(at) != move]
    changed += [(at, WITHDRAWN, True) for at in old if at not in new]
    return changed


def changed_findings(old: list[Finding], new: list[Finding]) -> list[tuple[Finding, bool]]:
    """No longer so, then found: a finding whose day or unit was corrected is both."""
    if old == new:
        return []
    before, after = set(old), set(new)
    return [(one, False) for one in sorted(before - after)] + [(one, True) for one in sorted(after - before)]
