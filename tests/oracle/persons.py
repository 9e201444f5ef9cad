"""Rules 2 to 6: what all facts of one person mean on a day, replayed from the first fact for every question."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from schemas.ids import movement_id
from schemas.persons import MEMBER_CHANGES, PersonFact

STARTS = {"joined", "transferred_in"}
LEAVES = {"departed", "transferred_out"}
TRANSFERS = {"transferred_in", "transferred_out"}


class Spell(NamedTuple):
    """A branch's view of the person."""

    open: bool = False
    absent: bool = False


def live_facts(said: Iterable[PersonFact]) -> list[PersonFact]:
    """The highest version of each fact, without those that are withdrawn or have no effect."""
    latest: dict[str, PersonFact] = {}
    for fact in said:
        if fact.fact not in latest or fact.version > latest[fact.fact].version:
            latest[fact.fact] = fact
    kept = [fact for fact in latest.values() if fact.change not in ("cancelled", "noted")]
    return sorted(kept, key=lambda fact: (fact.day, fact.fact))


def death_day(facts: list[PersonFact]) -> str:
    """The first day of death, or a day that never comes."""
    return min((fact.day for fact in facts if fact.change == "died"), default="9999-99-99")


def spell(facts: list[PersonFact], unit: str, branch: str, day: str, findings: set[tuple[str, str]]) -> Spell:
    """State of one branch at the end of a day; adds what a clerk should look at to ``findings``."""
    end = death_day(facts)
    if day >= end:
        spell(facts, unit, branch, day_before(end), findings)
        return Spell()
    now = Spell()
    here = [fact for fact in facts if (fact.unit, fact.branch) == (unit, branch) and fact.day <= day]
    for today in sorted({fact.day for fact in here}):
        todays = [fact for fact in here if fact.day == today]
        said = {fact.change.value for fact in todays}
        findings |= {(fact.fact, "short-contract") for fact in todays if fact.short_contract}
        if "unlisted" in said:
            now = Spell()
        if "listed" in said and not now.open:
            now = Spell(open=True)
        if now.open and said & STARTS and said & LEAVES:
            order = ["leave", "start", "absence", "return"]
        else:
            order = ["start", "absence", "return", "leave"]
        for what in order:
            kinds = {"leave": LEAVES, "start": STARTS, "absence": {"absent"}, "return": {"returned"}}[what]
            sources = {fact.fact for fact in todays if fact.change in kinds}
            if sources:
                now, finding = after(now, what)
                findings |= {(source, finding) for source in sources if finding}
    return now


def after(now: Spell, what: str) -> tuple[Spell, str]:
    """One class of fact applied to a spell, and the finding it leaves."""
    if what == "start":
        return (now, "already-open") if now.open else (Spell(open=True), "")
    if what == "leave":
        return (Spell(), "") if now.open else (now, "leave-without-start")
    if what == "absence":
        return (Spell(open=True, absent=True), "") if now.open else (now, "absence-without-start")
    return Spell(open=True), ""  # a return


def day_before(day: str) -> str:
    """The day before, as text; of a day that never comes, itself."""
    return day if day.startswith("9999") else date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()


def home(facts: list[PersonFact], day: str) -> PersonFact | None:
    """Rule 4: the admission that makes the home union on a day, unless a leaving has closed it."""
    if day >= death_day(facts):
        return None
    admissions = [fact for fact in facts if fact.change in ("admitted", "member_transferred") and fact.day <= day]
    if not admissions:
        return None
    latest = max(admissions, key=lambda fact: (fact.day, fact.fact))
    before = home(facts, day_before(latest.day))
    already = before is not None and before.unit == latest.unit
    for fact in facts:
        if fact.change == "member_left" and fact.unit == latest.unit and fact.day <= day:
            if latest.day < fact.day:
                return None
            if latest.day == fact.day and not already:
                return None
    return latest


def member_of(facts: list[PersonFact], day: str) -> str:
    """The union with the active membership on a day, empty without one: suspended is not active."""
    admission = home(facts, day)
    if admission is None:
        return ""
    spoken = [
        (fact.day, fact.change == "reinstated")
        for fact in facts
        if fact.change in ("suspended", "reinstated")
        and fact.unit == admission.unit
        and admission.day <= fact.day <= day
    ]
    return admission.unit if not spoken or max(spoken)[1] else ""


def figures(said: Iterable[PersonFact], day: str) -> dict[str, tuple[int, int, int]]:
    """Workers, present and members that this person counts for on a day, by unit; nothing is left out if it is 0."""
    facts = live_facts(said)
    union = member_of(facts, day)
    counts: dict[str, tuple[int, int, int]] = {}
    for fact in facts:
        if fact.change in MEMBER_CHANGES:
            counts[fact.unit] = (0, 0, int(fact.unit == union))
    for unit in {fact.unit for fact in facts if fact.change not in MEMBER_CHANGES and fact.change != "died"}:
        branches = {fact.branch for fact in facts if fact.unit == unit}
        spells = [spell(facts, unit, branch, day, set()) for branch in branches]
        worker = any(one.open for one in spells)
        present = any(one.open and not one.absent for one in spells)
        counts[unit] = (int(worker), int(present), int(worker and union != ""))
    return counts


def days_of(said: Iterable[PersonFact]) -> list[str]:
    """The days on which something may change."""
    return sorted({fact.day for fact in said})


def findings(said: Iterable[PersonFact]) -> set[tuple[str, str]]:
    """Rule 2's findings of spells: (fact, what); those of membership are in ``tests.oracle.findings``."""
    facts = live_facts(said)
    found: set[tuple[str, str]] = set()
    for unit, branch in {(f.unit, f.branch) for f in facts if f.change not in MEMBER_CHANGES and f.change != "died"}:
        spell(facts, unit, branch, "9999-12-30", found)
    return found


class End(NamedTuple):
    """One end of a movement: a spell at an enterprise began or ended."""

    unit: str
    day: str
    fact: str
    transfer: bool
    exact: bool
    pairs: bool


def ends(said: Iterable[PersonFact]) -> tuple[list[End], list[End]]:
    """All leaves and all starts of a person at enterprises, branches taken together."""
    facts = live_facts(said)
    spells_at = {fact.unit for fact in facts if fact.change not in MEMBER_CHANGES and fact.change != "died"}
    leaves: list[End] = []
    starts: list[End] = []
    for unit in sorted(spells_at):
        for day in days_of(facts):
            was = figures(facts, day_before(day))[unit][0]
            now = figures(facts, day)[unit][0]
            if was != now:
                (starts if now else leaves).append(_end(facts, unit, day, begun=bool(now)))
    return leaves, starts


def _end(facts: list[PersonFact], unit: str, day: str, *, begun: bool) -> End:
    """The fact that did it, at a branch whose spell began or ended: a declared transfer first, then the lowest id."""
    if not begun and day == death_day(facts):
        fact = min((f for f in facts if f.change == "died" and f.day == day), key=lambda f: f.fact)
        return End(unit, day, fact.fact, False, fact.precision == "day", False)
    wanted = STARTS | {"returned", "listed"} if begun else LEAVES | {"unlisted"}
    causes = []
    for fact in facts:
        if fact.unit == unit and fact.day == day and fact.change in wanted:
            was = spell(facts, unit, fact.branch, day_before(day), set())
            now = spell(facts, unit, fact.branch, day, set())
            if was.open != now.open:
                causes.append(fact)
    fact = min(causes, key=lambda f: (f.change not in TRANSFERS, f.fact))
    return End(unit, day, fact.fact, fact.change in TRANSFERS, fact.precision == "day", True)


def near(leave: End, start: End) -> bool:
    """Rule 6: -1 to 2 months, or -31 to 60 days if both are exact."""
    first, second = date.fromisoformat(leave.day), date.fromisoformat(start.day)
    if leave.exact and start.exact:
        return -31 <= (second - first).days <= 60
    return -1 <= (second.year - first.year) * 12 + second.month - first.month <= 2


class Moved(NamedTuple):
    """A resolved movement: what happened, from where, to where, when, by which facts."""

    what: str
    from_unit: str
    to_unit: str
    left_on: str
    started_on: str
    facts: tuple[str, ...]


def movements(person: str, said: Iterable[PersonFact]) -> dict[str, Moved]:
    """Rule 6: all movements of a person by their id; pairs are taken greedily."""
    leaves, starts = ends(said)
    pairs = [
        (not (leave.transfer and start.transfer), distance(leave, start), leave.fact, start.fact, leave, start)
        for leave in leaves
        for start in starts
        if leave.pairs and leave.unit != start.unit and near(leave, start)
    ]
    moved: dict[str, Moved] = {}
    used: set[End] = set()
    for *_, leave, start in sorted(pairs):
        if leave not in used and start not in used:
            used |= {leave, start}
            facts = (leave.fact, start.fact)
            resolved = Moved("transferred", leave.unit, start.unit, leave.day, start.day, facts)
            moved[movement_id(person, leave.unit, leave.day)] = resolved
    for leave in set(leaves) - used:
        identity = movement_id(person, leave.unit, leave.day)
        moved[identity] = Moved("departed", leave.unit, "", leave.day, "", (leave.fact,))
    for start in set(starts) - used:
        identity = movement_id(person, start.unit, start.day)
        moved[identity] = Moved("joined", "", start.unit, "", start.day, (start.fact,))
    return moved


def distance(leave: End, start: End) -> int:
    """Days between, whichever comes first."""
    return abs((date.fromisoformat(start.day) - date.fromisoformat(leave.day)).days)
