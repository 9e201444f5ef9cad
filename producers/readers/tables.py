"""Sheets as readings: which sheet of a workbook is a list, in which layout, and its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

from producers.readers.books import Book
from producers.readers.cells import text_of
from producers.readers.closing import is_closing
from producers.readers.columns import Header, is_header_again, is_numbering, read_header
from producers.readers.covers import COVER_SHEETS, read_cover
from producers.readers.examples import TEMPLATE_SHEETS, is_example, says_example
from producers.readers.harmless import is_harmless
from producers.readers.layouts import UNION_LIST_SHEET, known_layout
from producers.readers.model import FeedKind, Limits, Reading, Row, RowRefused
from producers.readers.notes import note, passed_over
from producers.readers.persons import d02_sheet_row, finish_d02
from producers.readers.picking import Picker
from producers.readers.refusals import FileRefused, refuse_row
from producers.readers.sheets import Sheet, plain_name
from producers.readers.sources import Source
from producers.readers.texts import clean, fold
from producers.readers.unionposts import settle_posts
from producers.readers.vocabulary import name_of

_PLAIN = text_of("")
_TEMPLATE_SHEET = "dulieu"


@dataclass(frozen=True)
class Table:
    """A list found on a sheet; data begins at the 0-based row ``first``."""

    sheet: Sheet
    header: Header
    first: int
    header_row: int
    cover: dict[str, str]

    @property
    def preferred(self) -> bool:
        """Whether the sheet's name says by itself that this is the list."""
        return plain_name(self.sheet.name) in (_TEMPLATE_SHEET, UNION_LIST_SHEET)

    def is_like(self, other: "Table") -> bool:
        """Whether it has the columns of another table, in any order: its rows are of the same list."""
        names, others = ({name for _, name in table.header.columns} for table in (self, other))
        return self.header.kind is other.header.kind and names == others


def read_book(book: Book, source: Source, limits: Limits) -> Iterator[Reading]:
    """One reading for each list in the workbook. Raises FileRefused when there is none."""
    visible = [sheet for sheet in book.sheets if not sheet.hidden] or book.sheets
    tables = [table for sheet in visible if (table := find_table(sheet))]
    if preferred := [table for table in tables if table.preferred]:
        tables = [table for table in tables if table.preferred or any(map(table.is_like, preferred))]
    if not tables:
        raise FileRefused("no-header", source.name)
    for table in tables:
        table.header.require(source.name, f"{called(table.sheet)}, row {table.header_row + 1}")
        if table.header.width > limits.max_columns:
            raise FileRefused("too-many-columns", source.name, called(table.sheet), limit=limits.max_columns)
    cover: dict[str, str] = {}
    for sheet in visible:
        if any(mark in fold(sheet.name) for mark in COVER_SHEETS):
            cover = read_cover(_texts(row) for row in sheet.head) | cover
    used = {table.sheet.index for table in tables}
    notes = [
        note("sheet-unread", what=_told(sheet))
        for sheet in book.sheets
        if sheet.index not in used and fold(sheet.name) not in TEMPLATE_SHEETS
    ]
    if book.hidden_rows:
        notes.append(note("hidden-rows"))
    for table in tables:
        said = cover | table.cover
        d02 = table.header.kind is FeedKind.D02
        form = said.get("form", "" if "form" in dict(table.header.columns).values() else "D02") if d02 else ""
        said_of_this = list(notes)
        yield Reading(
            kind=table.header.kind,
            file=source.name,
            sha256=source.outer_sha256,
            part_sha256=source.sha256,
            form=form,
            unit_code=said.get("unit_code", ""),
            tax_code=said.get("tax_code", ""),
            dossier=said.get("dossier", ""),
            dossier_date=said.get("dossier_date", ""),
            ignored_columns=list(table.header.ignored),
            notes=said_of_this,
            rows=_rows(book, table, form, limits, said_of_this),
        )


def _told(sheet: Sheet) -> str:
    """The sheet's name for the log, or its number: the name may be a person's."""
    return clean(sheet.name) if is_harmless(clean(sheet.name)) else str(sheet.index + 1)


def called(sheet: Sheet) -> str:
    """``sheet "Danh sách"``, or ``sheet 2`` where the name may be a person's."""
    told = _told(sheet)
    return f"sheet {told}" if told == str(sheet.index + 1) else f'sheet "{told}"'


def _texts(row: list[Any]) -> list[str]:
    return [_PLAIN(cell) for cell in row]


def find_table(sheet: Sheet) -> Table | None:
    """The list on this sheet: a layout known by its place, or a header row (the lowest of several)."""
    head = [[""] * sheet.offset + _texts(row) for row in sheet.head]
    if layout := known_layout(sheet.name, head):
        return Table(sheet, layout[0], layout[1], max(layout[1] - 1, 0), read_cover(head[: layout[1]]))
    first_wins = plain_name(sheet.name) == _TEMPLATE_SHEET
    found: tuple[int, Header] | None = None
    for index, cells in enumerate(head):
        header = read_header(cells, first_wins=first_wins)
        if header:
            found = index, header  # titles in one row, field codes in the next: the codes decide
        elif found:
            break
    if not found or found[1].missing:
        merged = _two_row_header(sheet, head)
        if merged and not merged.header.missing:
            return merged
    if not found:
        return None
    index, header = found
    below = index + 1
    if below < len(head) and is_numbering(head[below]):
        below += 1
    return Table(sheet, header, below, index, read_cover(_above(head[:index], header.kind)))


def _above(rows: list[list[str]], kind: FeedKind) -> list[list[str]]:
    """Rows above the header that may state something: other headers of the same list don't."""
    return [row for row in rows if not (header := read_header(row)) or header.kind is not kind]


def _two_row_header(sheet: Sheet, head: list[list[str]]) -> Table | None:
    """Merged titles of portals: a group title above, the column's own title in the next row."""
    for index, (upper, lower) in enumerate(pairwise(head)):
        if not any(name_of(FeedKind.D02, cell) == "full_name" for cell in upper):
            continue
        width = max(len(upper), len(lower))
        above, own = (row + [""] * (width - len(row)) for row in (upper, lower))
        header = read_header([low or high for high, low in zip(above, own, strict=True)])
        if header:
            first = index + 2
            if first < len(head) and is_numbering(head[first]):
                first += 1
            return Table(sheet, header, first, index, read_cover(head[:index]))
    return None


def _rows(book: Book, table: Table, form: str, limits: Limits, notes: list[str]) -> Iterator[Row | RowRefused]:
    """Rows of a sheet; empty ones, group titles and signatures are passed over."""
    kind, offset = table.header.kind, table.sheet.offset
    limit = limits.max_value_chars
    columns = [(column - offset, name) for column, name in table.header.columns if column >= offset]
    pick = Picker(columns, limit, since_1904=book.since_1904)
    names = {name for _, name in table.header.columns}
    listed = kind is FeedKind.MEMBER and "change" not in names
    named = "full_name" in names
    where = f"{called(table.sheet)}, row "
    passed: list[int] = []
    unnumbered = 0
    rows = chain.from_iterable(map(pick.of_block, book.blocks(table.sheet)))
    for number, values in enumerate(rows, 1):
        if number <= table.first:
            continue
        if not values:
            continue
        line = values.get("line") or str(number)
        place = where + str(number)
        if pick.is_too_long(values):
            yield refuse_row("too-long", line, place, "", {}, limit=limit)
            continue
        if not line.isdecimal() and says_example(line):
            if is_example(kind, values):
                notes.append(note("example-row"))
            else:
                yield refuse_row("example-row", str(number), place, "line", values)
            continue
        if is_closing(values) or is_header_again(kind, values):
            passed.append(number)
            continue
        if kind is FeedKind.D02:
            finish_d02(values, form)
            row = d02_sheet_row(line, place, values, named=named)
            if row:
                unnumbered += "line" not in values
                yield row
            else:
                passed.append(number)
            continue
        values.pop("line", None)
        if listed:
            _settle_listed(values)
        if values:
            yield Row(line, place, values)
    if passed:
        notes.append(passed_over(where, passed))
    if unnumbered:
        notes.append(note("no-line", count=unnumbered))


def _settle_listed(values: dict[str, str]) -> None:
    """A member list has no change column: everybody on it was admitted. The birth column by sex tells the sex; where
    both are filled in, neither is believed, and validation says so."""
    settle_posts(values)
    if "birth_date_male" in values and "birth_date_female" in values:
        values["birth_date"] = f"{values.pop('birth_date_male')}; {values.pop('birth_date_female')}"
    for column, sex in (("birth_date_male", "1"), ("birth_date_female", "0")):
        if born := values.pop(column, ""):
            values["birth_date"] = born
            values.setdefault("sex", sex)
    if any(name in values for name in ("full_name", "personal_number", "card_number")):
        values["change"] = "admitted"
    else:
        values.clear()
