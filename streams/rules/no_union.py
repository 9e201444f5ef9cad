"""Rule ``no-union`` (meaning, rule 13): an enterprise with 20 or more workers and no union.

Law: every enterprise with at least 20 workers is to have a union (action programme 16-CTr/TU, target 2025). The life of
an alert is a function of what the unit is, in the order of ``unit.changes``; nothing here knows a clock.
"""

from typing import Final

import msgspec

from streams.rules.history import Inherited, Step

NAME: Final = "no-union"
THRESHOLD: Final = 20
"""Workers of the legal entity from which the rule speaks."""
SMALL: Final = 17
"""Workers at a month-end down to which an enterprise has shrunk for good; between the two nothing is decided."""
REOPENS_WITHIN: Final = 90
"""Days after resolution in which a return continues the same episode, or a successor takes up what it inherits."""
MONTH_ENDS: Final = 2
"""Consecutive evaluated month-ends that confirm or resolve."""


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What the rule looks at, as of a day: ``watched`` is false for public units and before the first tick.

    ``successors`` are those of a dissolved enterprise; ``left`` is what predecessors left and no alert carries yet.
    """

    day: int
    workers: int
    covered: bool
    dissolved: bool
    watched: bool
    successors: tuple[str, ...] = ()
    left: tuple[Inherited, ...] = ()


class Alert(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An episode. Days are ordinals, 0 for none; ``large`` and ``small`` count consecutive evaluated month-ends.

    ``successors`` are those of the enterprise, if its end resolved the alert; ``inherited`` are alerts of predecessors,
    each with its own row of large month-ends, which goes on here.
    """

    episode: int
    state: str
    opened_on: int
    history: tuple[Step, ...]
    workers: int
    confirmed_on: int = 0
    resolved_on: int = 0
    reason: str = ""
    snoozed_until: int = 0
    by: str = ""
    large: int = 0
    small: int = 0
    successors: tuple[str, ...] = ()
    inherited: tuple[Inherited, ...] = ()

    @property
    def version(self) -> int:
        """Counts the transitions."""
        return len(self.history)

    @property
    def longest(self) -> int:
        """The longest row of large month-ends, its own or one that it goes on from."""
        return max((self.large, *(one.large for one in self.inherited)))

    @property
    def first_opened_on(self) -> int:
        """The day since which somebody waits, here or at a predecessor."""
        return min((self.opened_on, *(one.opened_on for one in self.inherited)))

    @property
    def first_confirmed_on(self) -> int:
        """The earliest confirmation, here or at a predecessor; 0: none."""
        found = [self.confirmed_on, *(one.confirmed_on for one in self.inherited)]
        return min((day for day in found if day), default=0)


def look(alert: Alert | None, seen: Seen, *, correction: bool = False) -> Alert | None:
    """The alert after something about the unit changed; ``correction``: a corrected fact did it, not a leave."""
    if alert is not None and alert.state != "resolved":
        if seen.dissolved:
            return _resolve(msgspec.structs.replace(alert, successors=seen.successors), seen, "dissolved")
        if seen.covered:
            return _resolve(alert, seen, "covered")
        if not seen.watched or (correction and seen.workers < THRESHOLD):
            return _resolve(alert, seen, "corrected")
        if alert.state == "snoozed" and alert.snoozed_until <= seen.day:
            alert = _turn(alert, seen, "open", "snooze-over")
        return _inherit(alert, seen) if seen.left else alert
    if alert is not None and alert.reason == "dissolved" and alert.successors != seen.successors:
        alert = _turn(msgspec.structs.replace(alert, successors=seen.successors), seen, "resolved", "successors")
    if seen.dissolved or seen.covered or not seen.watched or seen.workers < THRESHOLD:
        return alert
    if alert is not None and seen.day - alert.resolved_on <= REOPENS_WITHIN:
        carried = tuple(msgspec.structs.replace(one, large=0) for one in alert.inherited)
        reopened = msgspec.structs.replace(
            alert, resolved_on=0, reason="", large=0, small=0, snoozed_until=0, successors=(), inherited=carried
        )
        return _inherit(_turn(reopened, seen, "open", "returned"), seen)
    first = Step(seen.day, "open", "", seen.workers)
    return _inherit(Alert(alert.episode + 1 if alert else 1, "open", seen.day, (first,), seen.workers), seen)


def month_end(alert: Alert | None, seen: Seen, month_end_day: int, workers_then: int) -> Alert | None:
    """Evaluate one month-end for an unresolved alert: ``workers_then`` is the count on it as now known."""
    if alert is None or alert.state == "resolved":
        return alert
    small = alert.small + 1 if workers_then <= SMALL else 0
    large, confirmed_on = _row(alert, month_end_day, workers_then)
    carried = []
    for one in alert.inherited:
        row, confirmed = _row(one, month_end_day, workers_then)
        carried.append(msgspec.structs.replace(one, large=row, confirmed_on=confirmed))
    evaluated = msgspec.structs.replace(
        alert, large=large, small=small, confirmed_on=confirmed_on, inherited=tuple(carried)
    )
    if small >= MONTH_ENDS:
        return _resolve(evaluated, seen, "shrunk")
    if evaluated.first_confirmed_on and not alert.first_confirmed_on:
        step = Step(seen.day, "confirmed", "", workers_then)
        return msgspec.structs.replace(evaluated, workers=seen.workers, history=(*alert.history, step))
    return evaluated


def _row(one: Alert | Inherited, month_end_day: int, workers_then: int) -> tuple[int, int]:
    """Large month-ends in a row, this one included, and the day on which the second of a row confirmed it; 0: none."""
    large = one.large + 1 if workers_then >= THRESHOLD else 0
    return large, one.confirmed_on or (month_end_day if large >= MONTH_ENDS else 0)


def estate(alert: Alert | None, identity: str, unit: str) -> list[Inherited]:
    """What an alert that ended with its enterprise leaves behind: itself, and what it had inherited."""
    if alert is None or alert.reason != "dissolved":
        return []
    own = Inherited(identity, unit, alert.resolved_on, alert.opened_on, alert.confirmed_on, alert.large, alert.history)
    return [own, *(msgspec.structs.replace(one, on=alert.resolved_on) for one in alert.inherited)]


def give_back(alert: Alert | None, seen: Seen, identity: str) -> Alert | None:
    """The predecessor's end, or the edge, was withdrawn: its alert is carried no more, nor its row of month-ends."""
    if alert is None or all(one.alert != identity for one in alert.inherited):
        return alert
    kept = tuple(one for one in alert.inherited if one.alert != identity)
    return _stay(msgspec.structs.replace(alert, inherited=kept), seen, "inheritance-withdrawn")


def _inherit(alert: Alert, seen: Seen) -> Alert:
    """Take up what was left behind, not too long ago: from now on the alert is as old as the oldest that it carries."""
    fresh = [one for one in seen.left if seen.day - one.on <= REOPENS_WITHIN]
    if not fresh:
        return alert
    carried = tuple(sorted((*alert.inherited, *fresh), key=lambda one: (one.opened_on, one.alert)))
    small = 0 if max(one.large for one in fresh) > alert.longest else alert.small
    return _stay(msgspec.structs.replace(alert, inherited=carried, small=small), seen, "inherited")


def _stay(alert: Alert, seen: Seen, reason: str) -> Alert:
    """A transition that leaves the state as it is."""
    step = Step(seen.day, alert.state, reason, seen.workers)
    return msgspec.structs.replace(alert, workers=seen.workers, history=(*alert.history, step))


def act(alert: Alert | None, seen: Seen, action: str, by: str, until: int) -> Alert | None:
    """What an officer does. A resolved alert, or none, is left as it is."""
    if alert is None or alert.state == "resolved":
        return alert
    if action == "acknowledge":
        return _turn(alert, seen, "acknowledged", "", by=by)
    if action == "snooze" and until > seen.day:
        return msgspec.structs.replace(_turn(alert, seen, "snoozed", "", by=by), snoozed_until=until)
    if action == "reopen":
        return _turn(alert, seen, "open", "", by=by)
    return alert


def _turn(alert: Alert, seen: Seen, state: str, reason: str, *, by: str = "") -> Alert:
    step = Step(seen.day, state, reason, seen.workers, by)
    return msgspec.structs.replace(
        alert, state=state, workers=seen.workers, by=by or alert.by, snoozed_until=0, history=(*alert.history, step)
    )


def _resolve(alert: Alert, seen: Seen, reason: str) -> Alert:
    resolved = _turn(alert, seen, "resolved", reason)
    return msgspec.structs.replace(resolved, resolved_on=seen.day, reason=reason)
