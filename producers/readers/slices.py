"""A workbook of any length in slices: the library reads some thousand rows at a time and never holds a sheet.

The library lays a whole sheet out in memory: 716 MB for a million rows. So the checked copy (``repacking``) is cut at
row tags, and each slice goes to the library as a small workbook of its own, with the original's formats. What a cell
says is decided by the library alone, here as for a small workbook; only shared texts take a way of their own: they are
decoded in slices too, kept as UTF-8 in one piece, and cells name them by number (``MARK`` and digits) until then.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine

from producers.readers.ahead import ahead
from producers.readers.repacking import PLAIN
from producers.readers.sharedtexts import MARK, SharedTexts, Unreadable
from producers.readers.sheets import HEAD_ROWS, Sheet, examined

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TEXTS = "xl/sharedstrings.xml"
_SLICE = 4 << 20  # bytes of sheet
_TEXT_SLICE = 1 << 20
_HEAD_SLICE = 1 << 18
_GAP = 1_000  # rows left out between two that stand in one slice
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_SHARED = re.compile(rb' t="s"((?: [a-z]+="[^"]*")*)><v>')
_MARKED = re.compile(rb"\xee\x80\x80([0-9]{1,9})<")
_MARK = MARK.encode()


def _sheet(rows: bytes, head: bytes = b'<worksheet xmlns="' + _MAIN + b'"><sheetData>') -> bytes:
    return head + rows + b"</sheetData></worksheet>"


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A slice: number of its first row, cells of the rows that hold some, how many empty ones stand around them, how
    many columns at the left, and the names of texts that it may hold (None: all that look like one)."""

    first: int
    cells: list[list[Any]]
    above: int
    below: int = 0
    left: int = 0
    named: set[str] | None = None


class SlicedWorkbook:
    """A checked copy of a workbook, opened. ``sheets`` as of ``sheets.examined``, with ``offset`` 0."""

    def __init__(self, path: Path) -> None:
        self._book = zipfile.ZipFile(path)
        names = self._book.namelist()
        self._texts_part = next((name for name in names if name.lower() == _TEXTS), "")
        self._parts = {name for name in names if not PLAIN.match(name.lower())}
        idle = (self._texts_part, *(name for name in names if name.lower() == "xl/calcchain.xml"))
        self._plain = [(name, self._book.read(name)) for name in names if name not in self._parts and name not in idle]
        self._texts = SharedTexts()
        self._width = 0  # of the widest slice so far: rows of all slices are made alike
        self._read_texts()
        self._part_of = self._find_parts()
        self.sheets: list[Sheet] = [self._with_head(sheet) for sheet in self._heads()]

    def close(self) -> None:
        """Close the copy."""
        self._book.close()

    def rows(self, index: int) -> Iterator[list[Any]]:
        """Rows of a sheet from its first on, empty ones included; cells count from column A."""
        return self._walk(index, _SLICE)

    def _walk(self, index: int, size: int) -> Iterator[list[Any]]:
        done = 0
        for parsed in ahead(self._parsed(index, size)):
            yield from repeat([], parsed.first - 1 - done)
            read = self._resolved(parsed)
            yield from read
            done = parsed.first - 1 + len(read)

    def _parsed(self, index: int, size: int) -> Iterator[_Parsed]:
        """Slices without wide gaps, as the library reads them."""
        part, last = self._part_of[index], 0
        for head, rows in _cut(self._book.open(part), size):
            for numbers, run in _without_gaps(rows):
                if numbers[0] <= last or any(map(int.__ge__, numbers, numbers[1:])):
                    raise Unreadable("rows out of order")
                last = numbers[-1]
                yield self._parse(index, numbers[0], last, head, run)

    def _parse(self, index: int, first: int, last: int, head: bytes, rows: bytes) -> _Parsed:
        """The rows of one slice, from its first row to ``last``."""
        rows = rows.replace(_MARK, b"\xef\xbf\xbd")
        marked = rows.replace(b' t="s"><v>', b' t="str"><v>' + _MARK)
        if b' t="s"' in marked:
            marked = _SHARED.sub(rb' t="str"\1><v>' + _MARK, marked)
        with python_calamine.CalamineWorkbook.from_filelike(
            self._workbook({self._part_of[index]: _sheet(marked, head)})
        ) as workbook:
            content = workbook.get_sheet_by_index(index)
            if content.start is None:
                return _Parsed(first, [], last - first + 1)
            above, below = content.start[0] - first + 1, last - 1 - content.end[0]
            if above < 0 or below < 0:
                raise Unreadable("a cell outside of its row")
            cells = content.to_python(skip_empty_area=True)
        named = None
        if b"&#" in rows or b"_x" in rows:  # a cell may spell MARK by itself
            named = {MARK + number.decode() for number in _MARKED.findall(marked)}
        return _Parsed(first, cells, above, below, content.start[1], named)

    def _resolved(self, parsed: _Parsed) -> list[list[Any]]:
        """The rows of the slice with the texts that their cells name."""
        cells, left = parsed.cells, parsed.left
        named: set[Any] = set().union(*cells)
        if parsed.named is not None:
            named &= parsed.named
        said: Any = self._texts.named(named).get
        resolved = [list(map(said, row, row)) for row in cells]
        width = left + len(cells[0]) if cells else 0
        self._width = max(self._width, width)
        before, after = [""] * left, [""] * (self._width - width)
        if before or after:
            resolved = [before + row + after for row in resolved]
        return [*repeat([], parsed.above), *resolved, *repeat([], parsed.below)]

    def _workbook(self, parts: dict[str, bytes]) -> BinaryIO:
        """A small workbook: the original's formats and names, and these parts."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
            for name, content in (*self._plain, *parts.items()):
                book.writestr(name, content)
        out.seek(0)
        return out

    def _read_texts(self) -> None:
        """Keep all shared texts."""
        if not self._texts_part:
            return
        for head, items in _cut(self._book.open(self._texts_part), _TEXT_SLICE, b"<si", b"</sst>", b"<si"):
            count = items.count(b"<si>") + items.count(b"<si ") + items.count(b"<si/")
            texts = _plain_texts(items)
            self._texts.add(texts if len(texts) == count else self._decoded(head, items, count))

    def _decoded(self, head: bytes, items: bytes, count: int) -> list[bytes]:
        """Texts with formats, entities or escapes in them: a sheet that names each once tells what the library sees."""
        cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n + 1, n + 1, n) for n in range(count))
        parts = dict.fromkeys(self._parts, _sheet(cells)) | {self._texts_part: head + items + b"</sst>"}
        texts = [b""] * count
        with python_calamine.CalamineWorkbook.from_filelike(self._workbook(parts)) as workbook:
            content = workbook.get_sheet_by_index(_first_sheet(workbook))
            if content.start is not None:
                found = [str(row[0]).encode("utf-8", "replace") for row in content.to_python(skip_empty_area=True)]
                texts[content.start[0] : content.start[0] + len(found)] = found
        return texts

    def _find_parts(self) -> dict[int, str]:
        """Which part holds which sheet, as the library sees it: each part says its own name."""
        parts = sorted(self._parts)
        named = {
            part: _sheet(b'<row r="1"><c r="A1"><v>%d</v></c></row>' % number) for number, part in enumerate(parts, 1)
        }
        found = {}
        with python_calamine.CalamineWorkbook.from_filelike(self._workbook(named)) as workbook:
            for index, data in enumerate(workbook.sheets_metadata):
                if data.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    found[index] = parts[int(workbook.get_sheet_by_index(index).to_python()[0][0]) - 1]
        return found

    def _heads(self) -> Iterator[Sheet]:
        """The sheets worth looking at, by name and kind; what is in them is not looked at here."""
        with python_calamine.CalamineWorkbook.from_filelike(
            self._workbook(dict.fromkeys(self._parts, _sheet(b"")))
        ) as workbook:
            yield from (sheet for sheet, _ in examined(workbook))

    def _with_head(self, sheet: Sheet) -> Sheet:
        sheet.head = list(islice(self._walk(sheet.index, _HEAD_SLICE), HEAD_ROWS))
        return sheet


def _plain_texts(items: bytes) -> list[bytes]:
    """The texts, where each is nothing but plain characters in ``<si><t>…</t></si>``; else perhaps a wrong number."""
    begin, between, end = b"<si><t>", b"</t></si><si><t>", b"</t></si>"
    items = items.strip()
    if b"&" in items or b"_x" in items or not (items.startswith(begin) and items.endswith(end)):
        return []
    texts = items[len(begin) : -len(end)].split(between)
    return texts if items.count(b"<") == 4 * len(texts) else []


def _first_sheet(workbook: Any) -> int:
    kinds = [data.typ for data in workbook.sheets_metadata]
    if python_calamine.SheetTypeEnum.WorkSheet not in kinds:
        raise Unreadable("no sheet")
    return kinds.index(python_calamine.SheetTypeEnum.WorkSheet)


def _cut(
    stream: Any, size: int, begin: bytes = b"<sheetData", end: bytes = b"</sheetData>", tag: bytes = b"<row r="
) -> Iterator[tuple[bytes, bytes]]:
    """(everything before the first item, some whole items) of a part, about ``size`` bytes each."""
    with stream:
        buffer = b""
        while begin not in buffer and (more := stream.read(_HEAD_SLICE)):
            buffer += more
        at = buffer.find(begin)
        if at < 0:
            return
        if begin != tag:
            at = buffer.find(b">", at) + 1
            while not at and (more := stream.read(_HEAD_SLICE)):
                buffer += more
                at = buffer.find(b">", buffer.find(begin)) + 1
            if buffer[at - 2 : at] == b"/>":
                return
        head, buffer = buffer[:at], buffer[at:]
        while more := stream.read(size):
            buffer += more
            ends = buffer.find(end)
            if ends >= 0:
                buffer = buffer[:ends]
                break
            cut = buffer.rfind(tag)
            if cut > 0:
                yield head, buffer[:cut]
                buffer = buffer[cut:]
            elif len(buffer) > 16 * _SLICE:
                raise Unreadable("an endless row")
        else:
            ends = buffer.find(end)
            if ends < 0:
                raise Unreadable("no end")
            buffer = buffer[:ends]
        if buffer.strip():
            yield head, buffer


def _without_gaps(rows: bytes) -> Iterator[tuple[list[int], bytes]]:
    """(numbers of the rows, the rows), cut where many are left out: the library lays out the empty ones too."""
    numbers = list(map(int, _ROW.findall(rows)))
    if not numbers:
        return
    if numbers[-1] - numbers[0] < len(numbers) + _GAP:
        yield numbers, rows[rows.find(b"<row") :]
        return
    starts = [found.start() for found in _ROW.finditer(rows)]
    begin = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] - numbers[place - 1] > _GAP:
            stop = starts[place] if place < len(starts) else len(rows)
            yield numbers[begin:place], rows[starts[begin] : stop]
            begin = place
