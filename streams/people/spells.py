"""The fold of a person's live facts into a timeline (meaning, rules 2 to 4).

Facts are folded day by day in the order of their effective day, so the order of their arrival does not matter.
"""

from typing import Final, NamedTuple

from streams.people import facts as f
from streams.people.facts import Fact

CLOSED: Final = 0
PRESENT: Final = 1
AWAY: Final = 2

Delta = tuple[int, int, int]
"""± workers, present, members."""


class Turn(NamedTuple):
    """An enterprise took the person in (``start``) or lost them, with the fact that says so."""

    day: int
    unit: str
    start: bool
    fact: bytes
    declared_transfer: bool
    exact: bool


class Finding(NamedTuple):
    """Work for a clerk: a fact that is kept and has no effect, or not the one it claims."""

    fact: bytes
    what: str


class Timeline(NamedTuple):
    """``effects``: (unit, day) -> ±; ``turns``: starts and leaves for the movements; ``findings``."""

    effects: dict[tuple[str, int], Delta]
    turns: list[Turn]
    findings: list[Finding]


EMPTY: Final = Timeline({}, [], [])

_STARTS: Final = (f.JOINED, f.TRANSFERRED_IN)
_LEAVES: Final = (f.TRANSFERRED_OUT, f.DEPARTED)
_TRANSFERS: Final = (f.TRANSFERRED_IN, f.TRANSFERRED_OUT)
_NOBODY: Final = (0, 0, 0)


def _order(fact: Fact) -> tuple[int, bytes]:
    return (fact.day, fact.id)


def fold(known: list[Fact]) -> Timeline:
    """Timeline of all facts of one person, in any order; withdrawn and merely noted ones are passed over."""
    live = [fact for fact in known if fact.change not in (f.CANCELLED, f.NOTED)]
    if not live:
        return EMPTY
    if len(live) == 1 and live[0].change <= f.TRANSFERRED_IN:  # most people: one start, nothing else
        return _single_start(live[0])
    live.sort(key=_order)
    death = next((fact for fact in live if fact.change == f.DIED), None)
    folding = _Folding()
    start = 0
    while start < len(live):
        day = live[start].day
        if death is not None and day >= death.day:
            folding.end_everything(death)
            break
        end = start + 1
        while end < len(live) and live[end].day == day:
            end += 1
        folding.apply_day(day, live[start:end])
        start = end
    return Timeline(folding.effects, folding.turns, folding.findings)


def _single_start(fact: Fact) -> Timeline:
    turn = Turn(fact.day, fact.unit, True, fact.id, fact.change == f.TRANSFERRED_IN, fact.exact)
    findings = [Finding(fact.id, "short-contract")] if fact.short else []
    return Timeline({(fact.unit, fact.day): (1, 1, 0)}, [turn], findings)


class _Folding:
    """The walk through the days. A person's spells by branch, the home union, and what they add up to by enterprise."""

    def __init__(self) -> None:
        self.effects: dict[tuple[str, int], Delta] = {}
        self.turns: list[Turn] = []
        self.findings: list[Finding] = []
        self.spells: dict[str, dict[str, int]] = {}  # enterprise -> branch -> CLOSED, PRESENT or AWAY
        self.counted: dict[str, Delta] = {}  # enterprise -> what it counts of this person
        self.home = ""  # union of the latest admission, empty: none
        self.suspended = False

    def apply_day(self, day: int, todays: list[Fact]) -> None:
        """All facts of one day at once: within a day their classes have an order of their own."""
        by_branch: dict[tuple[str, str], list[Fact]] = {}
        membership: list[Fact] = []
        for fact in todays:
            if fact.change < f.ADMITTED:
                by_branch.setdefault((fact.unit, fact.branch), []).append(fact)
            else:
                membership.append(fact)
        member = self.home != "" and not self.suspended
        if membership:
            self._apply_membership(day, membership)
        touched: dict[str, list[Fact]] = {}
        for (unit, branch), facts in by_branch.items():
            spells = self.spells.setdefault(unit, {})
            spells[branch] = self._branch_day(spells.get(branch, CLOSED), facts)
            touched.setdefault(unit, []).extend(facts)
        if member != (self.home != "" and not self.suspended):
            for unit in self.spells:
                touched.setdefault(unit, [])
        for unit, facts in touched.items():
            self._recount(day, unit, facts)

    def end_everything(self, death: Fact) -> None:
        """Death closes spells and membership and dominates whatever is dated that day or later."""
        if self.home and not self.suspended:
            self._add(self.home, death.day, (0, 0, -1))
        self.home = ""
        for unit, spells in self.spells.items():
            for branch in spells:
                spells[branch] = CLOSED
            self._recount(death.day, unit, [death])

    def _branch_day(self, state: int, todays: list[Fact]) -> int:
        """One branch, one day (rule 2): the roster first, then the classes in the order the open spell asks for."""
        by_class = {fact.change: fact for fact in todays}
        for fact in todays:
            if fact.short:
                self.findings.append(Finding(fact.id, "short-contract"))
        if f.UNLISTED in by_class:
            state = CLOSED
        if f.LISTED in by_class and state == CLOSED:
            state = PRESENT
        start = by_class.get(f.JOINED) or by_class.get(f.TRANSFERRED_IN)
        leave = by_class.get(f.DEPARTED) or by_class.get(f.TRANSFERRED_OUT)
        absence = by_class.get(f.ABSENT)
        if state != CLOSED and start is not None and leave is not None:
            state = PRESENT
            leave = None
        elif start is not None:
            if state == CLOSED:
                state = PRESENT
            else:
                self.findings.append(Finding(start.id, "already-open"))
        if absence is not None:
            if state == CLOSED:
                self.findings.append(Finding(absence.id, "absence-without-start"))
            else:
                state = AWAY
        if f.RETURNED in by_class:
            state = PRESENT
        if leave is not None:
            if state == CLOSED:
                self.findings.append(Finding(leave.id, "leave-without-start"))
            state = CLOSED
        return state

    def _apply_membership(self, day: int, todays: list[Fact]) -> None:
        """Rule 4: the latest admission is the home; a leaving closes only what was there before it.

        A leaving on the day of an admission closes the older membership if there was one, else the new one.
        """
        before, was_suspended = self.home, self.suspended
        left = {fact.unit: fact for fact in todays if fact.change == f.MEMBER_LEFT}
        used = set()
        if before in left:
            self.home, self.suspended = "", False
            used.add(before)
        admissions = [fact for fact in todays if fact.change in (f.ADMITTED, f.MEMBER_TRANSFERRED)]
        if admissions:
            self.home, self.suspended = admissions[-1].unit, False  # sorted by id within the day: ties by fact id
            if self.home in left and self.home not in used:
                used.add(self.home)
                self.home = ""
        self.findings.extend(
            Finding(fact.id, "leave-without-admission") for unit, fact in left.items() if unit not in used
        )
        for change, suspend in ((f.SUSPENDED, True), (f.REINSTATED, False)):
            for fact in todays:
                if fact.change == change:
                    if fact.unit == self.home:
                        self.suspended = suspend
                    else:
                        self.findings.append(Finding(fact.id, "not-the-home-union"))
        active_before = before if not was_suspended else ""
        active_now = self.home if not self.suspended else ""
        if active_before != active_now:
            if active_before:
                self._add(active_before, day, (0, 0, -1))
            if active_now:
                self._add(active_now, day, (0, 0, 1))

    def _recount(self, day: int, unit: str, todays: list[Fact]) -> None:
        """A person counts once at an enterprise while any branch spell is open, and as a member with a home union."""
        states = self.spells[unit].values()
        old = self.counted.get(unit, _NOBODY)
        worker = int(any(states))
        now = (worker, int(PRESENT in states), int(worker and self.home != "" and not self.suspended))
        if now == old:
            return
        self.counted[unit] = now
        self._add(unit, day, (now[0] - old[0], now[1] - old[1], now[2] - old[2]))
        if now[0] != old[0]:
            self.turns.append(_turn(day, unit, now[0] > old[0], todays))

    def _add(self, unit: str, day: int, delta: Delta) -> None:
        at = (unit, day)
        so_far = self.effects.get(at)
        if so_far is not None:
            delta = (so_far[0] + delta[0], so_far[1] + delta[1], so_far[2] + delta[2])
        self.effects[at] = delta


def _turn(day: int, unit: str, start: bool, todays: list[Fact]) -> Turn:
    """The fact that opened or closed the spell: a declared transfer before another, then the lowest id."""
    wanted = (*_STARTS, f.RETURNED, f.LISTED) if start else (*_LEAVES, f.UNLISTED, f.DIED)
    facts = [fact for fact in todays if fact.change in wanted]
    facts.sort(key=lambda fact: (fact.change not in _TRANSFERS, fact.id))
    cause = facts[0]
    return Turn(day, unit, start, cause.id, cause.change in _TRANSFERS, cause.exact)
