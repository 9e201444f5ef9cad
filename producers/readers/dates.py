"""Days and months as feeds state them. Pure functions; whether a day is sensible is for validation."""

import re
from datetime import date, timedelta

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?\Z")
_VN_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: 0?0:00(?::00)?)?\Z")
_VN_MONTH = re.compile(r"([0-9]{1,2})[/-]([0-9]{4})\Z")
_ISO_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})\Z")
_SERIAL_ORIGIN = date(1899, 12, 30)  # serial 60 is the day that never was; all serials used here lie after it


def parse_day(text: str) -> str | None:
    """``YYYY-MM-DD`` of a day stated as YYYY-MM-DD or DD/MM/YYYY (midnight may follow); None if it is neither."""
    text = text.strip()
    if found := _ISO_DAY.match(text):
        year, month, day = found.groups()
    elif found := _VN_DAY.match(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def parse_month(text: str) -> tuple[str, str] | None:
    """(day, precision) of MM/YYYY or YYYY-MM: the month's first day and ``month``; of a full day, it and ``day``."""
    text = text.strip()
    if found := _VN_MONTH.match(text):
        month, year = found.groups()
    elif found := _ISO_MONTH.match(text):
        year, month = found.groups()
    else:
        day = parse_day(text)
        return (day, "day") if day else None
    try:
        return date(int(year), int(month), 1).isoformat(), "month"
    except ValueError:
        return None


_DAYS_TO_1904 = 1462  # from the one origin to the other, 1904-01-01


def day_of_serial(serial: float, *, since_1904: bool = False) -> str | None:
    """``YYYY-MM-DD`` of a spreadsheet's day number, None outside 1910 to 2119 (3654 to 80000 in the 1900 system).

    ``since_1904``: the workbook says that it counts from there (ECMA-376 part 1, 18.2.28, ``date1904``).
    """
    if since_1904:
        serial += _DAYS_TO_1904
    if not 3654 <= serial <= 80_000:
        return None
    return (_SERIAL_ORIGIN + timedelta(days=int(serial))).isoformat()


def reads_as_month(number: float) -> bool:
    """Whether a number spells a month and a year, 32026 for 03/2026: as a day number it would be a wrong day."""
    month, year = divmod(number, 10_000)
    return 1 <= month <= 12 and 1950 <= year <= 2049


def month_of_day(day: str) -> str:
    """``YYYY-MM`` of a month's first day; another day stays what it is.

    Spreadsheets turn a typed 10/2026 into 1 October 2026.
    """
    return day[:7] if day.endswith("-01") else day
