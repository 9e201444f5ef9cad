"""The home union through a day of membership facts (meaning, rule 4)."""

from typing import Final, NamedTuple

from streams.people import facts as f
from streams.people.branches import Finding, found
from streams.people.facts import Fact

_ADMISSIONS: Final = (f.ADMITTED, f.MEMBER_TRANSFERRED)


class Home(NamedTuple):
    """``union`` of the latest admission, empty for none; ``active``: the union that counts the member."""

    union: str
    suspended: bool
    active: str


NO_HOME: Final = Home("", False, "")


def home_after(before: Home, todays: list[Fact], findings: list[Finding]) -> Home:
    """The home after the membership facts of one day, which are sorted by id; adds to the findings.

    The latest admission is the home, ties by fact id. A leaving closes only what was there before it: on the day of an
    admission the older membership of its union if there was one, else the new one. Nothing falls back to an earlier
    union. An admission ends a suspension that was there before it.
    """
    union, suspended, _ = before
    left = {fact.unit for fact in todays if fact.change == f.MEMBER_LEFT}
    used = set()
    if union in left:
        used.add(union)
        union, suspended = "", False
    admissions = [fact.unit for fact in todays if fact.change in _ADMISSIONS]
    if admissions:
        union, suspended = admissions[-1], False
        if union in left and union not in used:
            used.add(union)
            union = ""
    for change, suspend in ((f.SUSPENDED, True), (f.REINSTATED, False)):
        for fact in todays:
            if fact.change == change:
                if fact.unit == union:
                    suspended = suspend
                else:
                    findings.append(found(fact, "not-the-home-union"))
    findings.extend(
        found(fact, "leave-without-admission")
        for fact in todays
        if fact.change == f.MEMBER_LEFT and fact.unit not in used
    )
    return Home(union, suspended, "" if suspended else union)
