"""CSV as people and programs write it: any of four encodings and three delimiters, a preamble, and broken tails.

Streamed: memory stays bounded by one line and one field, whatever the size of the file.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from producers.readers.closing import is_closing
from producers.readers.columns import Header, is_header_again, is_numbering, read_header
from producers.readers.covers import read_cover
from producers.readers.examples import is_example, says_example
from producers.readers.lines import Lines, text_encoding
from producers.readers.model import FeedKind, Limits, Reading, Row, RowRefused
from producers.readers.notes import note as remark
from producers.readers.notes import passed_over
from producers.readers.persons import finish_d02
from producers.readers.picking import Picker
from producers.readers.refusals import FileRefused, refuse_row
from producers.readers.sources import Source
from producers.readers.texts import clean

_HEAD_LINES = 40
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class _Found:
    """A header at the 0-based line ``index``; ``above``: how many lines stand above it and other headers."""

    index: int
    delimiter: str
    header: Header
    above: int


def _record(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """(cells, lines) of the first record, leniently; headers may hold line breaks."""
    records = csv.reader(lines, delimiter=delimiter)
    try:
        return [clean(cell) for cell in next(records, [])], records.line_num
    except csv.Error:
        return [], 1


def _find_header(head: list[str]) -> _Found | None:
    """The first line that is a header; of several on end, the lowest that lacks nothing, as in workbooks."""
    for index in range(len(head)):
        for delimiter in _DELIMITERS:
            if delimiter in head[index]:
                cells, lines = _record(head[index : index + 8], delimiter)
                if header := read_header(cells):
                    return _lowest(head, _Found(index, delimiter, header, index), lines)
    return None


def _lowest(head: list[str], found: _Found, lines: int) -> _Found:
    """The header, or one below it; ``lines``: how many it takes itself."""
    index = found.index + lines
    cells, lines = _record(head[index : index + 8], found.delimiter)
    below = read_header(cells)
    if not below or below.kind is not found.header.kind or below.missing:
        return found
    return _lowest(head, _Found(index, found.delimiter, below, found.above), lines)


def open_csv(source: Source, limits: Limits) -> Reading:
    """The reading of a CSV file. Raises FileRefused; so may the rows, on a cut or broken tail."""
    encoding, note = text_encoding(source)
    lines = Lines(source, encoding, limits)
    head = list(islice(lines, _HEAD_LINES))
    found = _find_header(head)
    if not found:
        short = lines.unterminated and len(head) == 1 and source.size < 64
        begun = short and any(delimiter in head[0] for delimiter in _DELIMITERS)  # a header; else a note to somebody
        raise FileRefused("cut" if begun else "no-header", source.name)
    index, delimiter, header = found.index, found.delimiter, found.header
    place = f"row {index + 1}"
    if header.width > limits.max_columns:
        raise FileRefused("too-many-columns", source.name, place, limit=limits.max_columns)
    header.require(source.name, place)
    cover = read_cover(
        next(csv.reader([line], delimiter=delimiter), []) for line in head[: found.above] if '"' not in line
    )
    stated_by_rows = "form" in (name for _, name in header.columns)
    form = cover.get("form", "" if stated_by_rows else "D02") if header.kind is FeedKind.D02 else ""
    notes = [note] if note else []
    return Reading(
        kind=header.kind,
        file=source.name,
        sha256=source.outer_sha256,
        part_sha256=source.sha256,
        form=form,
        unit_code=cover.get("unit_code", ""),
        tax_code=cover.get("tax_code", ""),
        dossier=cover.get("dossier", ""),
        dossier_date=cover.get("dossier_date", ""),
        ignored_columns=list(header.ignored),
        notes=notes,
        rows=_rows(source, Lines(source, encoding, limits), index, delimiter, header, form, limits, notes),
    )


def _rows(
    source: Source,
    lines: Lines,
    index: int,
    delimiter: str,
    header: Header,
    form: str,
    limits: Limits,
    notes: list[str],
) -> Iterator[Row | RowRefused]:
    """Rows below the header. Row numbers are a spreadsheet's: records, counted from the first line of the file."""
    d02, limit = header.kind is FeedKind.D02, limits.max_value_chars
    width, full = header.width, header.full_width
    needed = max(column for column, _ in header.columns) + 1
    short = 0  # cells of the row before that lacked some of columns that are not kept: no sign of a cut then
    listed = header.kind is FeedKind.MEMBER and "change" not in (name for _, name in header.columns)
    pick = Picker(header.columns, limit)
    records = csv.reader(islice(lines, index, None), delimiter=delimiter, strict=True)
    number, first, unnumbered = index, 0, 0
    passed: list[int] = []
    while True:
        number += 1
        first = index + records.line_num + 1
        try:
            cells = next(records)
        except StopIteration:
            break
        except csv.Error as error:
            if lines.exhausted or "field limit" in str(error):
                raise FileRefused("open-quote", source.name, f"row {number}") from None
            place = f"row {number}"
            yield refuse_row(
                "broken-row", str(number), place, "", {}, first=first, last=max(first, index + records.line_num)
            )
            continue
        if number == index + 1 or (number == index + 2 and is_numbering(cells)):
            continue
        if len(cells) != full:
            if not any(map(str.strip, cells)):
                continue
            if len(cells) < width and len(cells) != short and lines.unterminated:
                raise FileRefused("cut", source.name, f"row {number}")
            if needed <= len(cells) < width:
                short = len(cells)
            elif len(cells) < width or any(map(str.strip, cells[full:])):
                place = f"row {number}"
                stated = pick.of_row(cells)
                if stated and not any(map(str.strip, cells[full:])) and is_closing(stated):
                    passed.append(number)
                    continue
                yield refuse_row("cell-count", str(number), place, "", stated, found=len(cells), wanted=width)
                continue
        values = pick.of_row(cells)
        if not values:
            continue
        line = values.get("line") or str(number)
        place = f"row {number}"
        if pick.is_too_long(values):
            yield refuse_row("too-long", line, place, "", {}, limit=limit)
            continue
        if "line" in values and says_example(values["line"]):
            if is_example(header.kind, values):
                notes.append(remark("example-row"))
            else:
                yield refuse_row("example-row", str(number), place, "line", values)
            continue
        if is_closing(values) or is_header_again(header.kind, values):
            passed.append(number)
            continue
        if d02:
            unnumbered += "line" not in values
            finish_d02(values, form)
        else:
            values.pop("line", None)
            if listed:
                values["change"] = "admitted"
        yield Row(line, place, values)
    if passed:
        notes.append(passed_over("row ", passed))
    if unnumbered:
        notes.append(remark("no-line", count=unnumbered))
