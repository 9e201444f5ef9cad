"""Rules 12 and 14: what all facts of all registers say of a unit on a day, read anew for every question."""

from collections.abc import Iterable
from datetime import date, timedelta

from schemas.registry import RegistryFact

STATED = (
    *("name", "tax_code", "unit_code", "union_code", "ownership", "area_code", "park"),
    *("eligible_agreement", "eligible_party", "upper_union"),
)


def live_facts(said: Iterable[RegistryFact]) -> list[RegistryFact]:
    """The highest version of each fact that is not withdrawn, by day; ties by id."""
    latest: dict[str, RegistryFact] = {}
    for fact in said:
        if fact.fact not in latest or fact.version > latest[fact.fact].version:
            latest[fact.fact] = fact
    kept = [fact for fact in latest.values() if fact.change != "cancelled"]
    return sorted(kept, key=lambda fact: (fact.day, fact.fact))


def covers(said: Iterable[RegistryFact], unit: str, day: str) -> dict[str, bool]:
    """Codes of the unions that cover a unit on a day; the value tells whether they cover the whole legal entity.

    A union's row restates all its enterprises; a row without any says nothing of them; a dissolution has the last word
    on its day.
    """
    found = {}
    facts = [fact for fact in live_facts(said) if fact.day <= day]
    for union in {fact.subject for fact in facts if fact.change in ("union_stated", "union_dissolved")}:
        rows = [
            fact
            for fact in facts
            if fact.subject == union
            and (fact.change == "union_dissolved" or (fact.change == "union_stated" and fact.places))
        ]
        if not rows:
            continue
        last = max(rows, key=lambda fact: (fact.day, fact.change == "union_dissolved", fact.fact))
        reached = [place for place in last.places if place.unit == unit] if last.change == "union_stated" else []
        if reached:
            found[union[1:]] = any(place.branch == "" for place in reached)
    return found


def agreement(said: Iterable[RegistryFact], unit: str, day: str) -> bool:
    """A collective agreement is in force: the latest signing of it names the unit and has not run out."""
    facts = [f for f in live_facts(said) if f.change == "agreement_signed" and f.day <= day and f.places]
    for subject in {fact.subject for fact in facts}:
        last = [fact for fact in facts if fact.subject == subject][-1]
        if any(place.unit == unit for place in last.places) and (not last.ends_on or day <= last.ends_on):
            return True
    return False


def party(said: Iterable[RegistryFact], unit: str, day: str) -> bool:
    """A Party organisation is there: the latest founding names the unit and no end came on that day or later."""
    facts = [fact for fact in live_facts(said) if fact.day <= day]
    for subject in {fact.subject for fact in facts if fact.change == "party_founded"}:
        rows = [
            fact
            for fact in facts
            if fact.subject == subject
            and (fact.change == "party_ended" or (fact.change == "party_founded" and fact.places))
        ]
        if not rows:
            continue
        last = max(rows, key=lambda fact: (fact.day, fact.change == "party_ended", fact.fact))
        if last.change == "party_founded" and any(place.unit == unit for place in last.places):
            return True
    return False


def described(said: Iterable[RegistryFact], unit: str, day: str) -> dict[str, str]:
    """The stated fields of a unit on a day: each as it was stated last; an empty field states nothing."""
    fields: dict[str, str] = {}
    for fact in live_facts(said):
        if fact.subject == unit and fact.day <= day and fact.change in ("enterprise_stated", "union_stated"):
            if len(fact.tax_code) > 10:
                continue
            fields |= {name: getattr(fact, name) for name in STATED if getattr(fact, name)}
    return fields


def dissolved_on(said: Iterable[RegistryFact], unit: str, day: str) -> str:
    """The latest dissolution of the whole unit that has come, empty without one."""
    ended = [
        fact.day
        for fact in live_facts(said)
        if fact.subject == unit
        and fact.change in ("enterprise_dissolved", "union_dissolved")
        and len(fact.tax_code) <= 10
        and fact.day <= day
    ]
    return max(ended, default="")


def successors(said: Iterable[RegistryFact], unit: str, day: str) -> list[str]:
    """Where a dissolved enterprise went."""
    return sorted(
        {
            place.unit
            for fact in live_facts(said)
            if fact.subject == unit
            and fact.change == "enterprise_dissolved"
            and len(fact.tax_code) <= 10
            and fact.day <= day
            for place in fact.places
        }
    )


def baseline(said: Iterable[RegistryFact], unit: str, day: str) -> str:
    """What the latest opening roster of a unit was; complete wins on one day."""
    rosters = [f for f in live_facts(said) if f.subject == unit and f.change == "roster_stated" and f.day <= day]
    if not rosters:
        return "none"
    return "complete" if max((fact.day, fact.complete) for fact in rosters)[1] else "partial"


def day_after(day: str) -> str:
    """The next day, as text."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
