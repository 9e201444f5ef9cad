"""Layouts that are known by place, not by header: columns have fixed letters because titles are merged or absent."""

import re
from collections.abc import Sequence

from producers.readers.columns import Header, column_letter, is_numbering, read_header, told_title
from producers.readers.model import FeedKind
from producers.readers.sheets import plain_name
from producers.readers.texts import fold
from producers.readers.unionposts import POSTS
from producers.readers.vocabulary import name_of

UNION_LIST_SHEET = "danhsachdoanvien"

_UNION_LIST = {
    "A": "line",
    "B": "card_number",
    "C": "full_name",
    "D": "birth_date_male",
    "E": "birth_date_female",
    "F": "home_place",
    "H": "personal_number",
    **{letter: name for letter, (name, _) in POSTS.items()},
    "S": "effective_on",
}
_UNION_LIST_DROPPED = ("Mã tỉnh",)
"""Column G: its province numbers are the list's own (Hải Phòng is 6), so they say nothing elsewhere."""
_D02_V2 = {
    "A": "line",
    "B": "full_name",
    "C": "insurance_number",
    "F": "movement_label",
    "G": "movement_code",
    "I": "birth_date",
    "J": "sex",
    "K": "personal_number",
    "V": "from_month",
    "W": "to_month",
}
_D02_45 = {
    "A": "line",
    "B": "full_name",
    "C": "insurance_number",
    "E": "movement_code",
    "F": "personal_number",
    "H": "birth_date",
    "I": "sex",
    "K": "died_on",
    "L": "job_title",
    "S": "from_month",
    "T": "to_month",
}


def _index(letter: str) -> int:
    return next(index for index in range(64) if column_letter(index) == letter)


def _header(kind: FeedKind, letters: dict[str, str], shift: int = 0, ignored: tuple[str, ...] = ()) -> Header:
    columns = tuple((_index(letter) + shift, name) for letter, name in letters.items())
    return Header(kind, columns, ignored, width=max(index for index, _ in columns) + 1)


def known_layout(sheet_name: str, head: list[list[str]]) -> tuple[Header, int] | None:
    """(header, 0-based first data row) of a layout known by place; None for any other sheet.

    Sources: a real union list; the 45-column list and "D02-LT v2" as other public programs read them.
    """
    name = plain_name(sheet_name)
    if name == UNION_LIST_SHEET:
        return _union_list(head)
    if name == "dulieu" and len(head) >= 4 and not any(read_header(row) for row in head[:4]):
        titles = [row[1] for row in head[:4] if len(row) > 22]
        if any(fold(title) in ("hovaten", "hoten") for title in titles):
            return _header(FeedKind.D02, _D02_V2), 4
    if name == "sheet1" and head and 44 <= len(head[0]) <= 48 and read_header(head[0]) is None:
        opening = [fold(cell) for cell in head[0][:2]]
        if opening[0] in ("id", "stt") and opening[1] in ("hoten", "hovaten"):
            return _header(FeedKind.D02, _D02_45), 1
    return None


def _union_list(head: list[list[str]]) -> tuple[Header, int] | None:
    """Titles in merged rows 4 and 5, numbering in row 6; others have one row of titles, or no numbering. A list moved
    sideways is found by its name column."""
    for index, row in enumerate(head[:12]):
        for column, cell in enumerate(row):
            if fold(cell) in ("hovaten", "hoten"):
                begins = _first_person(head, index + 1, column)
                return _header(FeedKind.MEMBER, _UNION_LIST, column - 2, _dropped(head[index:begins], column)), begins
    return None


_PERSONAL = {
    "A": r"[0-9]+",
    "B": r"\S*[0-9]\S*",
    "D": r".*[0-9]{4}",
    "E": r".*[0-9]{4}",
    "H": r".*[0-9]{3}",
    "S": r".*[0-9]{4}",
}
"""Letter -> how a cell begins that no title has: a line number, a card, a year, an official number, a day."""


def _first_person(head: list[list[str]], row: int, name_column: int) -> int:
    """The row after the titles that begin above ``row``: below the numbering, or else at the first row of a person.

    Rows in between are further titles: they hold nothing of a person, so none can be lost with them.
    """
    begins = row
    for index in range(row, len(head)):
        if is_numbering(head[index]):
            return index + 1
        if _is_person(head[index], name_column):
            break
        if any(head[index]):
            begins = index + 1
    return begins


def _is_person(cells: Sequence[str], name_column: int) -> bool:
    """Whether a row under the titles holds data: a personal cell, or a name, which is whatever is no title."""
    at = {letter: _index(letter) + name_column - 2 for letter in _UNION_LIST}
    said = {letter: cells[index] for letter, index in at.items() if 0 <= index < len(cells) and cells[index]}
    if any(re.match(pattern, said.get(letter, "")) for letter, pattern in _PERSONAL.items()):
        return True
    return "C" in said and not name_of(FeedKind.MEMBER, said["C"])


def _dropped(titles: list[list[str]], name_column: int) -> tuple[str, ...]:
    """What the receipt names as not kept: the province's number, and titled columns behind the list's last one."""
    last = _index("S") + name_column - 2
    further = {index: cell for row in titles for index, cell in enumerate(row) if index > last and cell}
    told = (told_title(cell, index) for index, cell in further.items() if not cell.strip("()").isdigit())
    return *_UNION_LIST_DROPPED, *told
