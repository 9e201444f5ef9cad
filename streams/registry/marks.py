"""The fold of a subject's live facts into marks on units (meaning, rules 12 and 14).

A mark says: from this day on, this holds of this unit (or, ``on`` false, holds no longer). The set of marks depends
only on the set of facts. Facts of one day are taken in the order of their id, and a day leaves one mark of a kind.
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
_NOWHERE: frozenset[Place] = frozenset()


def fold(facts: Iterable[Fact]) -> set[Mark]:
    """All marks of one subject."""
    live = sorted((fact for fact in facts if fact.change != "cancelled"), key=lambda fact: (fact.day, fact.fact))
    marks = _described(live)
    for fact in live:
        if fact.change == "enterprise_dissolved":
            marks |= _dissolved(fact)
        elif fact.change == "union_dissolved":
            marks.add(Mark(fact.subject, "dissolved", fact.day))
        elif fact.change == "roster_stated":
            complete = (("complete", "yes" if fact.complete else "no"),)
            marks.add(Mark(fact.subject, "baseline", fact.day, detail=complete))
    marks |= _held("cover", _reach(live, begins="union_stated", ends="union_dissolved"))
    marks |= _held("agreement", _terms(live))
    marks |= _held("party", _reach(live, begins="party_founded", ends="party_ended"))
    return marks


def _described(live: list[Fact]) -> set[Mark]:
    """A field that is empty is not stated, so it stays what an earlier day said."""
    stated: dict[tuple[str, str, str], dict[str, str]] = {}
    for fact in live:
        if fact.change in ("enterprise_stated", "union_stated"):
            branch = fact.tax_code if len(fact.tax_code) > 10 else ""
            fields = stated.setdefault((fact.subject, fact.day, branch), {})
            fields.update((name, value) for name in _DESCRIBED if (value := getattr(fact, name)))
    return {
        Mark(unit, "described", day, branch=branch, detail=tuple(sorted(fields.items())))
        for (unit, day, branch), fields in stated.items()
    }


def _dissolved(fact: Fact) -> set[Mark]:
    """The end of an enterprise, and an edge at both ends for each successor: one is a merger, several a split."""
    if len(fact.tax_code) > 10:
        return {Mark(fact.subject, "dissolved", fact.day, branch=fact.tax_code)}
    marks = {Mark(fact.subject, "dissolved", fact.day)}
    for successor in fact.places:
        marks.add(Mark(fact.subject, "edge", fact.day, key=successor.unit, detail=(("direction", "to"),)))
        marks.add(Mark(successor.unit, "edge", fact.day, key=fact.subject, detail=(("direction", "from"),)))
    return marks


class _Reach(NamedTuple):
    """From this day on the subject reaches these places and no others."""

    day: str
    code: str
    places: frozenset[Place]


def _reach(live: list[Fact], *, begins: str, ends: str) -> list[_Reach]:
    """A row restates all places, one that is left out is reached no longer; a row without places says nothing of them.

    The end has the last word on its day.
    """
    reached = []
    for fact in sorted(live, key=lambda fact: (fact.day, fact.change == ends, fact.fact)):
        if fact.change == begins and fact.places:
            reached.append(_Reach(fact.day, fact.subject[1:], frozenset(fact.places)))
        elif fact.change == ends:
            reached.append(_Reach(fact.day, fact.subject[1:], _NOWHERE))
    return reached


def _terms(live: list[Fact]) -> list[_Reach]:
    """Agreements: the latest signing speaks, to the last day that it states."""
    signed = [fact for fact in live if fact.change == "agreement_signed" and fact.places]
    reached = []
    for number, fact in enumerate(signed):
        code = fact.subject[1:]
        over = days.text(days.ordinal(fact.ends_on) + 1) if fact.ends_on else ""
        lasts = not over or over > fact.day
        reached.append(_Reach(fact.day, code, frozenset(fact.places) if lasts else _NOWHERE))
        renewed = number + 1 < len(signed) and signed[number + 1].day <= over
        if over > fact.day and not renewed:
            reached.append(_Reach(over, code, _NOWHERE))
    return reached


def _held(about: str, reached: list[_Reach]) -> set[Mark]:
    """What changes from one day to the next, of places in the order of their days."""
    by_day = {one.day: one for one in reached}  # the last of a day
    marks: set[Mark] = set()
    held = _NOWHERE
    for day, code, places in by_day.values():
        marks |= {Mark(place.unit, about, day, code, place.branch) for place in places - held}
        marks |= {Mark(place.unit, about, day, code, place.branch, on=False) for place in held - places}
        held = places
    return marks
