"""Findings by the text of rules 2 and 4: which live fact is without the effect that it claims, each asked by itself."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.persons import PersonFact
from tests.oracle import persons
from tests.oracle.persons import day_before, death_day, home, live_facts


class Found(NamedTuple):
    """What a clerk should look at."""

    fact: str
    what: str
    unit: str
    day: str


def findings(said: Iterable[PersonFact]) -> set[Found]:
    """All findings about one person, of spells and of membership; what is dated on a death or later has none."""
    facts = live_facts(said)
    stated = {fact.fact: fact for fact in facts}
    found = {Found(fact, what, stated[fact].unit, stated[fact].day) for fact, what in persons.findings(facts)}
    for fact in facts:
        if fact.day < death_day(facts) and (what := of_membership(facts, fact)):
            found.add(Found(fact.fact, what, fact.unit, fact.day))
    return found


def of_membership(facts: list[PersonFact], fact: PersonFact) -> str:
    """The finding of a leaving, a suspension or a reinstatement, empty if it has its effect.

    A leaving closes the home that was there the day before, or the one that an admission of its own day makes. The
    other two speak of the home at the end of their day.
    """
    if fact.change == "member_left":
        before = home(facts, day_before(fact.day))
        if before is not None and before.unit == fact.unit:
            return ""
        admitted = [one for one in facts if one.change in ("admitted", "member_transferred") and one.day == fact.day]
        latest = max(admitted, key=lambda one: one.fact, default=None)
        return "" if latest is not None and latest.unit == fact.unit else "leave-without-admission"
    if fact.change in ("suspended", "reinstated"):
        now = home(facts, fact.day)
        return "" if now is not None and now.unit == fact.unit else "not-the-home-union"
    return ""
