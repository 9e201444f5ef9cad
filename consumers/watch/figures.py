"""Numbers, days and instants as each language writes them."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

from consumers.watch.labels import Language

HANOI: Final = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh has had this offset since 1975, without summer time."""
_MINUS: Final = "\u2212"


def number(language: Language, value: int) -> str:
    """Thousands apart: 12.345 in Vietnamese, 12,345 in English."""
    text = f"{abs(value):,}"
    return (_MINUS if value < 0 else "") + (text.replace(",", ".") if language == "vi" else text)


def signed(language: Language, value: int) -> str:
    """With its sign; nothing for no change."""
    return ("+" if value > 0 else "") + number(language, value) if value else ""


def percent(language: Language, part: int, whole: int) -> str:
    """One decimal, never rounded up to 100 nor down to 0; empty where there is no denominator."""
    if whole <= 0:
        return ""
    tenths = round(part * 1000 / whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    text = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return (text.replace(".", ",") if language == "vi" else text) + "\u00a0%"


def day(language: Language, value: date | str | None) -> str:
    """05/11/2026 or 2026-11-05."""
    if not value:
        return ""
    known = date.fromisoformat(value) if isinstance(value, str) else value
    return known.strftime("%d/%m/%Y") if language == "vi" else known.isoformat()


def instant(language: Language, value: datetime | None) -> str:
    """To the second, in the time of Hà Nội."""
    if value is None:
        return ""
    there = value.astimezone(HANOI)
    return f"{there:%H:%M:%S} {day(language, there.date())}"
