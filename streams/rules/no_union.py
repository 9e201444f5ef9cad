"""Rule ``no-union`` (meaning, rule 13): an enterprise with 20 or more workers and no union.

Law: every enterprise with at least 20 workers is to have a union (action programme 16-CTr/TU, target 2025). The life of
an alert is a function of what the unit is, in the order of ``unit.changes``; nothing here knows a clock.
"""

from typing import Final

import msgspec

NAME: Final = "no-union"
THRESHOLD: Final = 20
"""Workers of the legal entity from which the rule speaks."""
SMALL: Final = 17
"""Workers at a month-end down to which an enterprise has shrunk for good; between the two nothing is decided."""
REOPENS_WITHIN: Final = 90
"""Days after resolution in which a return continues the same episode."""
MONTH_ENDS: Final = 2
"""Consecutive evaluated month-ends that confirm or resolve."""


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What the rule looks at, as of a day: ``watched`` is false for public units, unions and dissolved enterprises."""

    day: int
    workers: int
    covered: bool
    dissolved: bool
    watched: bool


class Step(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One transition, on the clock's day (ordinal)."""

    on: int
    state: str
    reason: str
    workers: int
    by: str = ""


class Alert(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An episode. Days are ordinals, 0 for none; ``large`` and ``small`` count consecutive evaluated month-ends."""

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

    @property
    def version(self) -> int:
        """Counts the transitions."""
        return len(self.history)


def look(alert: Alert | None, seen: Seen, *, correction: bool = False) -> Alert | None:
    """The alert after something about the unit changed; ``correction``: a corrected fact did it, not a leave."""
    if alert is not None and alert.state != "resolved":
        if seen.dissolved:
            return _resolve(alert, seen, "dissolved")
        if seen.covered:
            return _resolve(alert, seen, "covered")
        if not seen.watched or (correction and seen.workers < THRESHOLD):
            return _resolve(alert, seen, "corrected")
        if alert.state == "snoozed" and alert.snoozed_until <= seen.day:
            return _turn(alert, seen, "open", "snooze-over")
        return alert
    if seen.dissolved or seen.covered or not seen.watched or seen.workers < THRESHOLD:
        return alert
    if alert is not None and seen.day - alert.resolved_on <= REOPENS_WITHIN:
        reopened = msgspec.structs.replace(alert, resolved_on=0, reason="", large=0, small=0, snoozed_until=0)
        return _turn(reopened, seen, "open", "returned")
    first = Step(seen.day, "open", "", seen.workers)
    return Alert(alert.episode + 1 if alert else 1, "open", seen.day, (first,), seen.workers)


def month_end(alert: Alert | None, seen: Seen, month_end_day: int, workers_then: int) -> Alert | None:
    """Evaluate one month-end for an unresolved alert: ``workers_then`` is the count on it as now known."""
    if alert is None or alert.state == "resolved":
        return alert
    large = alert.large + 1 if workers_then >= THRESHOLD else 0
    small = alert.small + 1 if workers_then <= SMALL else 0
    alert = msgspec.structs.replace(alert, large=large, small=small)
    if small >= MONTH_ENDS:
        return _resolve(alert, seen, "shrunk")
    if large >= MONTH_ENDS and not alert.confirmed_on:
        confirmed = Step(seen.day, "confirmed", "", workers_then)
        return msgspec.structs.replace(
            alert, workers=seen.workers, confirmed_on=month_end_day, history=(*alert.history, confirmed)
        )
    return alert


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
    return msgspec.structs.replace(resolved, resolved_on=seen.day, reason=reason, large=0, small=0)
