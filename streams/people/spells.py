"""The fold of a person's live facts into a timeline (meaning, rules 2 to 4).

Facts are folded day by day in the order of their effective day, so the order of their arrival does not matter.
"""

from operator import attrgetter
from typing import Final

import msgspec

from streams.people import facts as f
from streams.people.branches import AWAY, CLOSED, PRESENT, Finding, branch_day
from streams.people.facts import Fact
from streams.people.membership import NO_HOME, Home, home_after

Delta = tuple[int, int, int]
"""± workers, present, members."""


class Turn(msgspec.Struct, frozen=True, gc=False):
    """An enterprise took the person in (``start``) or lost them, with the fact that says so.

    ``death``: nobody moved, so it is no end of a move.
    """

    day: int
    unit: str
    start: bool
    fact: bytes
    declared_transfer: bool
    exact: bool
    death: bool = False


class Timeline(msgspec.Struct, frozen=True, gc=False):
    """``effects``: (unit, day) -> ±; ``turns``: starts and leaves for the movements, by day; ``findings``."""

    effects: dict[tuple[str, int], Delta]
    turns: list[Turn]
    findings: list[Finding]


EMPTY: Final = Timeline({}, [], [])

_NO_FINDINGS: Final[list[Finding]] = []
_STARTS: Final = (f.JOINED, f.TRANSFERRED_IN, f.RETURNED, f.LISTED)
_LEAVES: Final = (f.TRANSFERRED_OUT, f.DEPARTED, f.UNLISTED)
_TRANSFERS: Final = (f.TRANSFERRED_IN, f.TRANSFERRED_OUT)
_NOBODY: Final = (0, 0, 0)
_THERE: Final = (1, 1, 0)
_MEMBER_THERE: Final = (1, 1, 1)
_AWAY: Final = (1, 0, 0)
_MEMBER_AWAY: Final = (1, 0, 1)
_WITHOUT_EFFECT: Final = (f.CANCELLED, f.NOTED)
_order = attrgetter("day", "id")


def fold(known: list[Fact]) -> Timeline:
    """Timeline of all facts of one person, in any order; withdrawn and merely noted ones are passed over."""
    if len(known) == 1:
        live = known if known[0].change not in _WITHOUT_EFFECT else []
    else:
        live = [fact for fact in known if fact.change not in _WITHOUT_EFFECT]
    if not live:
        return EMPTY
    if len(live) == 1 and live[0].change <= f.TRANSFERRED_IN:  # most people: one start, nothing else
        return _single_start(live[0])
    if len(live) > 1:
        live.sort(key=_order)
    folding = _Folding()
    death = next((fact for fact in live if fact.change == f.DIED), None)
    last = death.day if death is not None else live[-1].day + 1
    start, count = 0, len(live)
    while start < count and (day := live[start].day) < last:
        end = start + 1
        while end < count and live[end].day == day:
            end += 1
        folding.apply_day(day, live[start:end])
        start = end
    if death is not None:
        folding.end_everything(death)
    return Timeline(folding.effects, folding.turns, folding.findings)


def _single_start(fact: Fact) -> Timeline:
    turn = Turn(fact.day, fact.unit, True, fact.id, fact.change == f.TRANSFERRED_IN, fact.exact)
    findings = [Finding(fact.id, "short-contract")] if fact.short else _NO_FINDINGS
    return Timeline({(fact.unit, fact.day): _THERE}, [turn], findings)


class _Folding:
    """The walk through the days. A person's spells by branch, the home union, and what they add up to by enterprise."""

    __slots__ = ("counted", "effects", "findings", "home", "spells", "turns")

    def __init__(self) -> None:
        self.effects: dict[tuple[str, int], Delta] = {}
        self.turns: list[Turn] = []
        self.findings: list[Finding] = []
        self.spells: dict[str, dict[str, int]] = {}  # enterprise -> branch -> CLOSED, PRESENT or AWAY
        self.counted: dict[str, Delta] = {}  # enterprise -> what it counts of this person
        self.home: Home = NO_HOME

    def apply_day(self, day: int, todays: list[Fact]) -> None:
        """All facts of one day at once: within a day their classes have an order of their own."""
        if len(todays) == 1 and todays[0].change < f.ADMITTED:
            unit = todays[0].unit
            self._branch(unit, todays[0].branch, todays)
            self._recount(day, unit, todays)
            return
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
        for unit in self.spells if bool(was_active) != bool(self.home.active) else causes:
            self._recount(day, unit, causes.get(unit, []))

    def end_everything(self, death: Fact) -> None:
        """Death closes spells and membership and dominates whatever is dated that day or later."""
        was_active, self.home = self.home.active, NO_HOME
        self._move_home(death.day, was_active, "")
        for unit, spells in self.spells.items():
            self.spells[unit] = dict.fromkeys(spells, CLOSED)
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
                self._add(before, day, (0, 0, -1))
            if now:
                self._add(now, day, (0, 0, 1))

    def _recount(self, day: int, unit: str, causes: list[Fact]) -> None:
        """A person counts once at an enterprise while any branch spell is open, and as a member with a home union."""
        states = self.spells[unit].values()
        old = self.counted.get(unit, _NOBODY)
        if PRESENT in states:
            now = _MEMBER_THERE if self.home.active else _THERE
        elif AWAY in states:
            now = _MEMBER_AWAY if self.home.active else _AWAY
        else:
            now = _NOBODY
        if now == old:
            return
        self.counted[unit] = now
        self._add(unit, day, (now[0] - old[0], now[1] - old[1], now[2] - old[2]))
        if now[0] != old[0]:
            self.turns.append(_turn(day, unit, now[0] > old[0], causes))

    def _add(self, unit: str, day: int, delta: Delta) -> None:
        self.effects[unit, day] = delta  # each unit has one change a day


def _turn(day: int, unit: str, start: bool, causes: list[Fact]) -> Turn:
    """The fact that opened or closed the spell: a declared transfer before another, then the lowest id."""
    if causes[0].change == f.DIED:
        return Turn(day, unit, False, causes[0].id, False, causes[0].exact, True)
    if len(causes) == 1:
        cause = causes[0]
    else:
        wanted = _STARTS if start else _LEAVES
        said = [fact for fact in causes if fact.change in wanted]
        cause = min(said, key=lambda fact: (fact.change not in _TRANSFERS, fact.id))
    return Turn(day, unit, start, cause.id, cause.change in _TRANSFERS, cause.exact)
