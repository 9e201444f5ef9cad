"""Days as integers (proleptic ordinals) inside the steps, ISO 8601 text at their edges.

The few thousand days of a working life are parsed once each: both directions are remembered.
"""

from datetime import date, timedelta

NO_DAY = "a day that is not one (YYYY-MM-DD)"
"""Without the text: whatever stands in its place may be a person's name."""
_ORDINALS: dict[str, int] = {}
_TEXTS: dict[int, str] = {}


def ordinal(text: str) -> int:
    """``"2026-10-01"`` -> 739890. Raises ValueError when it is no day."""
    known = _ORDINALS.get(text)
    if known is None:
        if len(text) != 10 or text[4] + text[7] != "--":  # a week date, such as 2026-W45-1, is ISO 8601 too
            raise ValueError(NO_DAY)
        try:
            known = _ORDINALS[text] = date.fromisoformat(text).toordinal()
        except ValueError:
            raise ValueError(NO_DAY) from None
    return known


def text(day: int) -> str:
    """The reverse of ``ordinal``."""
    known = _TEXTS.get(day)
    if known is None:
        known = _TEXTS[day] = date.fromordinal(day).isoformat()
    return known


def month_number(day: int) -> int:
    """Months since year 0, so that differences count months across years."""
    then = date.fromordinal(day)
    return then.year * 12 + then.month - 1


def month_end_before(day: int) -> int:
    """The latest last-of-month that is on or before ``day``."""
    then = date.fromordinal(day)
    if (then + timedelta(days=1)).day == 1:
        return day
    return then.replace(day=1).toordinal() - 1


def next_month_end(month_end: int) -> int:
    """The month-end after a month-end."""
    first = date.fromordinal(month_end + 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following.toordinal() - 1
