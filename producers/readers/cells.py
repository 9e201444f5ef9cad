"""A spreadsheet cell as text. A spreadsheet drops leading zeros and the spelling of dates: undone here."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from producers.readers.dates import day_of_serial, month_of_day, reads_as_month
from producers.readers.texts import clean

MONTHS = frozenset({"from_month", "to_month"})
DAYS = frozenset(
    [
        "dossier_date",
        "died_on",
        "birth_date",
        "effective_on",
        "registered_on",
        "dissolved_on",
        "founded_on",
        "signed_on",
        "ends_on",
        "ended_on",
        "as_of",
        "position_since",
        "position_until",
    ]
)
YES_NO = frozenset({"complete", "eligible_agreement", "eligible_party"})

# Widths that a number of so many digits had before a spreadsheet dropped its zeros. A personal number keeps at least
# 10 digits (province 001 and up); 9 digits are an old identity card, which must not become somebody's new number.
_PADDED: dict[str, dict[int, int]] = {
    "tax_code": {8: 10, 9: 10},
    "tax_codes": {8: 10, 9: 10},
    "successor_tax_code": {8: 10, 9: 10},
    "insurance_number": {7: 10, 8: 10, 9: 10, 11: 12},
    "personal_number": {10: 12, 11: 12},
    "card_number": {9: 12, 10: 12, 11: 12},
}


def _number(cell: float) -> str:
    """Digits of a whole number; otherwise the shortest spelling that reads back the same."""
    return str(int(cell)) if -1e15 < cell < 1e15 and cell == int(cell) else repr(cell)


def _day(cell: object) -> str:
    """ISO day of a date cell (a date, or ``(iso,)`` from the sheet process)."""
    if type(cell) is tuple:
        return str(cell[0])
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def portable(cell: object) -> object:
    """The cell as something that ``marshal`` can carry; dates become ``(iso,)``."""
    return cell if isinstance(cell, str | float | int) or cell is None else (_day(cell),)


def _text(cell: object) -> str:
    if type(cell) is str:
        return clean(cell)
    if cell is None:
        return ""
    if type(cell) is bool:
        return "1" if cell else "0"
    return _number(cell) if isinstance(cell, int | float) else _day(cell)


def _yes_no(cell: object) -> str:
    return ("yes" if cell else "no") if type(cell) is bool else _text(cell)


def _padder(widths: dict[int, int]) -> Callable[[object], str]:
    def padded(cell: object) -> str:
        text = _text(cell)
        numeric = isinstance(cell, int | float) and text.isdigit()
        return text.zfill(widths.get(len(text), 0)) if numeric else text

    return padded


def _day_text(cell: object, *, since_1904: bool) -> str:
    if isinstance(cell, int | float) and type(cell) is not bool and not 1900 <= cell <= 2100:  # 1985 is a birth year
        return day_of_serial(cell, since_1904=since_1904) or _text(cell)
    return _text(cell)


def _month_text(cell: object, *, since_1904: bool) -> str:
    if type(cell) is str:
        return clean(cell)
    if isinstance(cell, int | float):
        if reads_as_month(cell):  # what may be either is refused, not guessed
            return _text(cell)
        day = day_of_serial(cell, since_1904=since_1904)
        return month_of_day(day) if day else _text(cell)
    return month_of_day(_text(cell))


def text_of(name: str, *, since_1904: bool = False) -> Callable[[object], str]:
    """The function that turns a cell of the column ``name`` (canonical) into text; ``since_1904`` as of ``dates``."""
    if name in _PADDED:
        return _padder(_PADDED[name])
    if name in MONTHS:
        return partial(_month_text, since_1904=since_1904)
    if name in DAYS:
        return partial(_day_text, since_1904=since_1904)
    return _yes_no if name in YES_NO else _text
