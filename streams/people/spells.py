"""The fold of a person's live facts into a timeline (meaning, rules 2 to 4).

Facts are folded day by day in the order of their effective day, so the order of their arrival does not matter.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from streams.people import facts as f
from streams.people.branches import AWAY, CLOSED, PRESENT, Finding, branch_day, found
from streams.people.checkpoint import Checkpoint
from streams.people.facts import Fact
from streams.people.membership import NO_HOME, Home, home_after
from streams.people.turns import Turn, turn_of

Delta = tuple[int, int, int]
"""± workers, present, members."""

Effects = dict[tuple[str, int], Delta]
"""(unit, day) -> ±; each unit has one change a day."""

NOBODY: Final = (0, 0, 0)
THERE: Final = (1, 1, 0)
_MEMBER_THERE: Final = (1, 1, 1)
_AWAY: Final = (1, 0, 0)
_MEMBER_AWAY: Final = (1, 0, 1)
WITHOUT_EFFECT: Final = (f.CANCELLED, f.NOTED)
_order = attrgetter("day", "id")


def fold(known: Iterable[Fact], start: Checkpoint | None = None) -> "Timeline":
    """Timeline of facts in any order; withdrawn and merely noted ones are passed over.

    All facts of a person, or with ``start`` all that are dated on its day or later.
    """
    timeline = Timeline(start)
    live = [fact for fact in known if fact.change not in WITHOUT_EFFECT]
    if len(live) > 1:
        live.sort(key=_order)
    begin, count = 0, len(live)
    while begin < count and not timeline.dead:
        day = live[begin].day
        end = begin + 1
        while end < count and live[end].day == day:
            end += 1
        timeline.append(day, live[begin:end])
        begin = end
    return timeline


def begun(start: Fact) -> "Timeline":
    """What ``fold`` gives of a single fact that opens a spell: most timelines."""
    unit, day = start.unit, start.day
    timeline = Timeline()
    timeline.last = day
    timeline.spells[unit] = {start.branch: PRESENT}
    timeline.counted[unit] = THERE
    timeline.effects[unit, day] = THERE
    timeline.turns.append(turn_of(day, unit, True, [start]))
    if start.short:
        timeline.findings.append(found(start, "short-contract"))
    return timeline


class Timeline:
    """What became of the person, day after day; it grows at its end.

    ``effects``; ``turns``: starts and leaves for the movements, by day (with a checkpoint, also those it left open);
    ``findings``; ``last``: the day it has come to; ``dead``: nothing has an effect any more.
    """

    __slots__ = ("counted", "dead", "effects", "findings", "home", "last", "spells", "turns")

    def __init__(self, start: Checkpoint | None = None) -> None:
        self.effects: Effects = {}
        self.findings: list[Finding] = []
        self.counted: dict[str, Delta] = {}  # enterprise -> what it counts of this person
        if start is None:
            self.dead, self.last, self.home = False, 0, NO_HOME
            self.turns: list[Turn] = []
            self.spells: dict[str, dict[str, int]] = {}  # enterprise -> branch -> CLOSED, PRESENT or AWAY
            return
        self.dead, self.last, self.home = start.dead, start.before - 1, start.home
        self.turns = list(start.turns)
        self.spells = {unit: dict(branches) for unit, branches in start.spells.items()}
        for unit in self.spells:
            self.counted[unit] = self._figures(unit)

    def append(self, day: int, todays: list[Fact]) -> None:
        """All live facts of a day after ``last``, sorted by id; death dominates what else the day says."""
        if self.dead:
            return
        self.last = day
        for fact in todays:
            if fact.change == f.DIED:
                self._end_everything(fact)
                return
        if len(todays) == 1 and todays[0].change < f.ADMITTED:
            unit = todays[0].unit
            self._branch(unit, todays[0].branch, todays)
            self._recount(day, unit, todays)
        elif len(todays) == 1:
            self._membership(day, todays)
        else:
            self._several(day, todays)

    def _membership(self, day: int, todays: list[Fact]) -> None:
        """A day that says nothing of branches: members are counted where somebody works."""
        was_active = self.home.active
        self.home = home_after(self.home, todays, self.findings)
        self._move_home(day, was_active, self.home.active)
        if bool(was_active) != bool(self.home.active):
            for unit in sorted(self.spells):
                self._recount(day, unit, [])

    def _several(self, day: int, todays: list[Fact]) -> None:
        by_branch: dict[tuple[str, str], list[Fact]] = {}
        membership: list[Fact] = []
        for fact in todays:
            if fact.change < f.ADMITTED:
                by_branch.setdefault((fact.unit, fact.branch), []).append(fact)
            else:
                membership.append(fact)
        was_active = self.home.active
        if membership:
            self.home = home_after(self.home, membership, self.findings)
            self._move_home(day, was_active, self.home.active)
        causes: dict[str, list[Fact]] = {}  # of the branches whose spell began or ended
        for (unit, branch), facts in by_branch.items():
            turned = self._branch(unit, branch, facts)
            causes.setdefault(unit, []).extend(facts if turned else ())
        for unit in sorted(self.spells if bool(was_active) != bool(self.home.active) else causes):
            self._recount(day, unit, causes.get(unit, []))

    def _end_everything(self, death: Fact) -> None:
        """Death closes spells and membership and dominates whatever is dated that day or later."""
        self.dead = True
        was_active, self.home = self.home.active, NO_HOME
        self._move_home(death.day, was_active, "")
        for unit in sorted(self.spells):
            self.spells[unit] = dict.fromkeys(self.spells[unit], CLOSED)
            self._recount(death.day, unit, [death])

    def _branch(self, unit: str, branch: str, todays: list[Fact]) -> bool:
        """Apply a day to one branch; True if its spell began or ended."""
        spells = self.spells.get(unit)
        if spells is None:
            spells = self.spells[unit] = {}
        before = spells.get(branch, CLOSED)
        after = spells[branch] = branch_day(before, todays, self.findings)
        return (before == CLOSED) != (after == CLOSED)

    def _move_home(self, day: int, before: str, now: str) -> None:
        if before != now:
            if before:
                self.effects[before, day] = (0, 0, -1)
            if now:
                self.effects[now, day] = (0, 0, 1)

    def _figures(self, unit: str) -> Delta:
        """A person counts once at an enterprise while any branch spell is open, and as a member with a home union."""
        states = self.spells[unit].values()
        if PRESENT in states:
            return _MEMBER_THERE if self.home.active else THERE
        if AWAY in states:
            return _MEMBER_AWAY if self.home.active else _AWAY
        return NOBODY

    def _recount(self, day: int, unit: str, causes: list[Fact]) -> None:
        old = self.counted.get(unit, NOBODY)
        now = self._figures(unit)
        if now == old:
            return
        self.counted[unit] = now
        self.effects[unit, day] = (now[0] - old[0], now[1] - old[1], now[2] - old[2])
        if now[0] != old[0]:
            self.turns.append(turn_of(day, unit, now[0] > old[0], causes))


def reached(timeline: Timeline, before: int, turns: list[Turn]) -> Checkpoint:
    """The checkpoint at a day that the timeline has not come to; ``turns``: those that stay open."""
    spells = {}
    for unit, branches in timeline.spells.items():
        still_open = {branch: state for branch, state in branches.items() if state != CLOSED}
        if still_open:
            spells[unit] = still_open
    home = timeline.home if timeline.home.union else NO_HOME
    return Checkpoint(before, spells, Home(*home), timeline.dead, turns)
