"""One branch, one day (meaning, rule 2): the roster first, then the classes in the order that the open spell asks for.

The same class on the same day counts once; a finding is told of each of its sources.
"""

from typing import Final, NamedTuple

from streams.people import facts as f
from streams.people.facts import Fact

CLOSED: Final = 0
PRESENT: Final = 1
AWAY: Final = 2


class Finding(NamedTuple):
    """Work for a clerk: a fact that is kept and has no effect, or not the one it claims; with its unit and day."""

    fact: bytes
    what: str
    unit: str
    day: int


def found(fact: Fact, what: str) -> Finding:
    """A finding about a fact."""
    return Finding(fact.id, what, fact.unit, fact.day)


_UNLISTED, _LISTED, _START, _ABSENCE, _RETURN, _LEAVE = range(6)
_CLASS: Final = {
    f.UNLISTED: _UNLISTED,
    f.LISTED: _LISTED,
    f.JOINED: _START,
    f.TRANSFERRED_IN: _START,
    f.ABSENT: _ABSENCE,
    f.RETURNED: _RETURN,
    f.DEPARTED: _LEAVE,
    f.TRANSFERRED_OUT: _LEAVE,
}
_ROSTER: Final = (_UNLISTED, _LISTED)
_STARTING: Final = (_START, _ABSENCE, _RETURN, _LEAVE)
_LEAVING: Final = (_LEAVE, _START, _ABSENCE, _RETURN)


def branch_day(state: int, todays: list[Fact], findings: list[Finding]) -> int:
    """State of the branch after the facts of one day; adds to the findings."""
    if len(todays) == 1:
        if todays[0].short:
            findings.append(found(todays[0], "short-contract"))
        return _after(state, _CLASS[todays[0].change], todays, findings)
    findings.extend(found(fact, "short-contract") for fact in todays if fact.short)
    said: dict[int, list[Fact]] = {}
    for fact in todays:
        said.setdefault(_CLASS[fact.change], []).append(fact)
    for what in _ROSTER:
        if what in said:
            state = _after(state, what, said[what], findings)
    changes_place = state != CLOSED and _START in said and _LEAVE in said
    for what in _LEAVING if changes_place else _STARTING:
        if what in said:
            state = _after(state, what, said[what], findings)
    return state


def _after(state: int, what: int, sources: list[Fact], findings: list[Finding]) -> int:
    without = ""
    if what == _START:
        without = "" if state == CLOSED else "already-open"
        state = state or PRESENT
    elif what == _LEAVE:
        without = "leave-without-start" if state == CLOSED else ""
        state = CLOSED
    elif what == _ABSENCE:
        without = "absence-without-start" if state == CLOSED else ""
        state = AWAY if state != CLOSED else CLOSED
    elif what == _LISTED:
        state = state or PRESENT
    else:
        state = PRESENT if what == _RETURN else CLOSED
    if without:
        findings.extend(found(fact, without) for fact in sources)
    return state
