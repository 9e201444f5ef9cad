"""The fold of a subject's live facts into marks on units (meaning, rules 12 and 14).

A mark says: from this day on, this holds of this unit (or, ``on`` false, holds no longer). The set of marks depends
only on the set of facts.
"""

from collections.abc import Iterable
from typing import NamedTuple

from streams import days
from streams.registry.facts import Fact, Place


class Mark(NamedTuple):
    """One statement about a unit; fields as in ``schemas.changes.Mark``, ``detail`` as sorted pairs."""

    unit: str
    about: str
    day: str
    key: str = ""
    branch: str = ""
    on: bool = True
    detail: tuple[tuple[str, str], ...] = ()


_DESCRIBED = (
    "name",
    "tax_code",
    "unit_code",
    "union_code",
    "ownership",
    "area_code",
    "park",
    "eligible_agreement",
    "eligible_party",
    "upper_union",
)


def fold(facts: Iterable[Fact]) -> set[Mark]:
    """All marks of one subject. Facts of one day are taken in the order of their id."""
    live = sorted((fact for fact in facts if fact.change != "cancelled"), key=lambda fact: (fact.day, fact.fact))
    marks: set[Mark] = set()
    for fact in live:
        if fact.change in ("enterprise_stated", "union_stated"):
            marks.add(_described(fact))
        elif fact.change == "enterprise_dissolved":
            marks |= _dissolved(fact)
        elif fact.change == "union_dissolved":
            marks.add(Mark(fact.subject, "dissolved", fact.day))
        elif fact.change == "roster_stated":
            complete = (("complete", "yes" if fact.complete else "no"),)
            marks.add(Mark(fact.subject, "baseline", fact.day, detail=complete))
    marks |= _cover(live)
    marks |= _held(live, "agreement", starts="agreement_signed", ends="")
    marks |= _held(live, "party", starts="party_founded", ends="party_ended")
    return marks


def _described(fact: Fact) -> Mark:
    stated = tuple(sorted((name, value) for name in _DESCRIBED if (value := getattr(fact, name))))
    branch = fact.tax_code if len(fact.tax_code) > 10 else ""
    return Mark(fact.subject, "described", fact.day, branch=branch, detail=stated)


def _dissolved(fact: Fact) -> set[Mark]:
    """The end of an enterprise, and an edge at both ends for each successor: one is a merger, several a split."""
    if len(fact.tax_code) > 10:
        return {Mark(fact.subject, "dissolved", fact.day, branch=fact.tax_code)}
    marks = {Mark(fact.subject, "dissolved", fact.day)}
    for successor in fact.places:
        marks.add(Mark(fact.subject, "edge", fact.day, key=successor.unit, detail=(("direction", "to"),)))
        marks.add(Mark(successor.unit, "edge", fact.day, key=fact.subject, detail=(("direction", "from"),)))
    return marks


def _cover(live: list[Fact]) -> set[Mark]:
    """A union's row restates the whole list of its enterprises; one that is left out is no longer covered.

    A row that names no enterprise says nothing about cover. Dissolution ends it all and has the last word on its day.
    """
    marks: set[Mark] = set()
    covered: set[Place] = set()
    code = ""
    for fact in sorted(live, key=lambda fact: (fact.day, fact.change == "union_dissolved", fact.fact)):
        if fact.change not in ("union_stated", "union_dissolved"):
            continue
        code = fact.union_code or code or fact.subject[1:]
        stated = set(fact.places) if fact.change == "union_stated" else set()
        if fact.change == "union_stated" and not stated:
            continue
        marks |= {_cover_mark(place, fact.day, code, on=True) for place in stated - covered}
        marks |= {_cover_mark(place, fact.day, code, on=False) for place in covered - stated}
        covered = stated
    return marks


def _cover_mark(place: Place, day: str, code: str, *, on: bool) -> Mark:
    return Mark(place.unit, "cover", day, key=code, branch=place.branch, on=on)


def _held(live: list[Fact], about: str, *, starts: str, ends: str) -> set[Mark]:
    """Agreements and Party organisations: they hold of their places from a day on, until they end."""
    marks: set[Mark] = set()
    held: set[Place] = set()
    for fact in live:
        if fact.change == starts:
            held |= set(fact.places)
            for place in fact.places:
                marks.add(Mark(place.unit, about, fact.day, key=fact.subject[1:], branch=place.branch))
                if fact.ends_on:
                    after = days.text(days.ordinal(fact.ends_on) + 1)
                    marks.add(Mark(place.unit, about, after, key=fact.subject[1:], branch=place.branch, on=False))
        elif ends and fact.change == ends:
            for place in held:
                marks.add(Mark(place.unit, about, fact.day, key=fact.subject[1:], branch=place.branch, on=False))
    return marks
