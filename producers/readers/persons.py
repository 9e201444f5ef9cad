"""Rules shared by every list of persons: movement and form of a D02 row, rows that are no persons, the example row."""

from producers.readers.model import Row, RowRefused
from producers.readers.movement import form_of, movement_code
from producers.readers.refusals import refuse_row
from producers.readers.texts import fold

_TELLING = ("insurance_number", "personal_number", "movement_code", "movement_label", "cites")
_EXAMPLES = ("nguyenvana", "tranthib", "nguyenvanb", "hovaten")
_COUNTING = ("0123456789", "1234567890", "9876543210")
_PLACEHOLDERS = frozenset(
    (row * 3)[:length] for row in (*_COUNTING, *(digit * 10 for digit in "0123456789")) for length in range(1, 31)
)
"""0000000000, 0123456789, 1234567890…: typed to show a shape, never issued."""


def finish_d02(values: dict[str, str], form: str) -> None:
    """Settle ``movement_code`` and ``form`` in place; ``form`` is the file's, "" when only rows say it."""
    stated = values.get("form")
    if stated:
        values["form"] = form_of(stated)
    label = values.pop("movement_label", "")
    code = movement_code(values.get("movement_code", ""), label, values.get("form", form))
    if code:
        values["movement_code"] = code


def d02_sheet_row(line: str, place: str, values: dict[str, str], *, named: bool) -> Row | RowRefused | None:
    """The row as it counts on a D02 sheet; None for what is no person: leftovers, group titles, totals, signatures.

    ``named``: the layout has a name column, and a row that tells of somebody must fill it.
    """
    name = values.get("full_name", "")
    declared = name and ("from_month" in values or values.get("line", "").isdecimal())
    if not declared and not any(key in values for key in _TELLING):
        return None
    numbers = [values[key] for key in ("insurance_number", "personal_number") if key in values]
    if named and not name:
        if not numbers:
            return None  # the template's formulas and leftover cells
        if "cites" not in values:
            return refuse_row("no-name", line, place, "full_name", values)
    if _PLACEHOLDERS.issuperset(numbers) and fold(name) in _EXAMPLES:  # a name takes ten times as long as the numbers
        return refuse_row("example-row", line, place, "full_name", values)
    return Row(line, place, values)
