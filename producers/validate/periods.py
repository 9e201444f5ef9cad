"""Beginnings and ends that contradict each other: one of the two is a slip, and nobody can tell which."""

from producers.validate.claims import RowFault
from producers.validate.fields import day_of, month_of

REASON = "ends-before-start"


def check_days(values: dict[str, str], begin: str, end: str) -> None:
    """``RowFault`` when the day in the column ``end`` lies before the one in ``begin``. A day that is not stated, or
    can't be read, is no matter here."""
    first, last = (day_of(values.get(field, "")) for field in (begin, end))
    if first and last and last < first:
        raise RowFault(
            end,
            REASON,
            f"{end} ở trước {begin}. Sửa một trong hai ngày rồi gửi lại dòng này.",
            f"{end} lies before {begin}. Correct one of the two days and send the row again.",
        )


def check_months(values: dict[str, str], day: str, precision: str, *, leaving: bool) -> None:
    """``RowFault`` when a D02 row's ``to_month`` lies before its ``from_month`` (``day``, ``precision``).

    ``to_month`` counts for nothing; but if one of the two is wrong, it may be the one from which the row counts. A
    leave may name its last month on the payroll: ``from_month`` is the first month off it (feed description, section
    d). What is no month (``không thời hạn``) is not judged.
    """
    until = month_of(values.get("to_month", ""))
    if until is None:
        return
    last, exact = until
    if leaving:
        wrong = last[:7] < _month_before(day)
    else:
        wrong = last < day if exact == precision == "day" else last[:7] < day[:7]
    if wrong:
        raise RowFault(
            "to_month",
            REASON,
            "đến tháng ở trước từ tháng. Sửa một trong hai rồi gửi lại dòng này.",
            "to_month lies before from_month. Correct one of the two and send the row again.",
        )


def _month_before(day: str) -> str:
    year, month = int(day[:4]), int(day[5:7])
    return f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}"
