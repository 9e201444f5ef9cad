"""Sheets worth looking at, and their first rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import python_calamine

from producers.readers.texts import fold

HEAD_ROWS = 40
_BLOCK_ROWS = 250
MAX_SHEETS = 24  # examined; the template has 11, of which 3 are not lists of codes
# Sheets of the D02 template that hold code lists, or documents and households: never read.
SIDE_SHEETS = frozenset(
    [
        "phuluc",
        "bangke",
        "dantoc",
        "quoctich",
        "benhvien",
        "tinh",
        "tinhbenhvien",
        "xa",
        "muchuongbhyt",
        "tonghop",
        "pltvhgd",
        "huongdan",
    ]
)


_COPY = re.compile(r"\s*\([0-9]{1,3}\)\s*\Z")


def plain_name(name: str) -> str:
    """The folded name, without the number that a spreadsheet puts behind a copy's: ``Dữ Liệu (2)`` is ``dulieu``."""
    return fold(_COPY.sub("", name))


@dataclass
class Sheet:
    """One sheet. ``head``: its first rows; cells stand ``offset`` columns left of where a person sees them."""

    index: int
    name: str
    hidden: bool
    offset: int = 0
    head: list[list[Any]] = field(default_factory=list)


def examined(workbook: Any) -> Iterator[tuple[Sheet, Any]]:
    """Sheets worth looking at, with their head and the library's sheet object."""
    seen = 0
    for index, data in enumerate(workbook.sheets_metadata):
        if fold(data.name) in SIDE_SHEETS or data.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        seen += 1
        if seen > MAX_SHEETS:
            return
        content = workbook.get_sheet_by_index(index)
        start = content.start
        head = list(islice(content.iter_rows(), HEAD_ROWS)) if start else []
        hidden = data.visible != python_calamine.SheetVisibleEnum.Visible
        yield Sheet(index, data.name, hidden, start[1] if start else 0, head), content


def in_blocks(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    """Rows so many at a time that a block of them stays in the processor's cache."""
    while block := list(islice(rows, _BLOCK_ROWS)):
        yield block
