"""An XLSX made safe: the parts that hold cells, checked and written again into a container of our own.

The spreadsheet library then sees no foreign archive at all: no lying sizes, no second directory, no bomb. On the way
the parts are measured, because the library lays every sheet out as a full rectangle and gives every cell its own copy
of a shared text: two far-away cells, or one long text used often, would take all memory.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from producers.readers.ahead import ahead
from producers.readers.inflating import Inflater, read_directory
from producers.readers.model import Limits
from producers.readers.refusals import FileRefused

_NEEDED = re.compile(r"(\[content_types\]\.xml|_rels/\.rels|xl/.*\.(xml|rels))\Z", re.IGNORECASE)
_IDLE = re.compile(
    r"xl/(drawings|charts|theme|media|embeddings|pivot\w*|externallinks|ctrlprops|comments\w*|chartsheets|tables)\b",
    re.IGNORECASE,
)
PLAIN = re.compile(r".*\.rels\Z|\[content|xl/(styles|workbook|sharedstrings|metadata|calcchain|persons)")
_ODD_MARKS = {  # attributes spelled in a way that the patterns below do not see; by a byte that is quickly looked for
    b"'": (b"='",),
    b"\t": (b"\tr=", b"=\t", b"\t="),
    b"\n": (b"\nr=", b"=\n", b"\n="),
    b"\r": (b"\rr=", b"=\r", b"\r="),
    b" ": (b"r =", b"r= "),
}
_NUMBER = re.compile(rb"[0-9]{1,7}")
_PREFIXED = re.compile(rb":(?:c|row)[ >/\t\r\n]")
_DOUBLE = re.compile(rb' r="[A-Za-z]{2}')  # beyond column Z
_WIDE = re.compile(rb' r="(?:[A-Za-z]{3}|[D-Zd-z][A-Za-z])')  # beyond column CZ, the 104th
_TALL = tuple(  # (rows below which a sheet stays, pattern of a cell or row beyond), from short to long
    (rows, re.compile(rb' r="[A-Za-z]{0,3}(?:%b)' % beyond))
    for rows, beyond in (
        (1_000, rb"[0-9]{4}"),
        (10_000, rb"[0-9]{5}"),
        (100_000, rb"[0-9]{6}"),
        (200_000, rb"[2-9][0-9]{5}|[0-9]{7}"),
        (500_000, rb"[5-9][0-9]{5}|[0-9]{7}"),
    )
)
_LONG = 2  # step: beyond 100,000 rows
_MOST_ROWS = 1 << 20
_CELL_BYTES = 32  # of one empty place of the rectangle
_RATHER_LONG = 1 << 20  # bytes of one part
_WORKBOOK = "xl/workbook.xml"
_SINCE_1904 = re.compile(rb"""workbookPr\s(?:[^>]*\s)?date1904\s*=\s*["'](?:1|true)["']""")
_LONGEST_TEXT = 1 << 20  # bytes between two tags; a cell holds 32,767 characters


@dataclass
class Shape:
    """An upper bound of what the library will allocate, in bytes; ``odd``: spelled so that no bound is known."""

    cells: int = 0
    texts: int = 0
    longest_text: int = 0
    odd: bool = False
    hidden_rows: bool = False
    since_1904: bool = False  # days are counted from 1904-01-01, as spreadsheets on a Mac once did
    long: bool = False  # some sheet has more than 100,000 rows: ``cells`` and ``texts`` are not counted to its end
    filled: int = 0  # cells that stand in the sheets
    area: int = 0  # places of the rectangles, from the number that each row gives itself: no bound for a liar

    @property
    def bytes(self) -> int:
        """Rectangles, plus every text cell as a copy of the longest shared text."""
        return self.cells * _CELL_BYTES + self.texts * self.longest_text

    @property
    def laid_out(self) -> int:
        """The same of a workbook that tells the truth about its rows, however long it is."""
        return self.area * _CELL_BYTES + self.filled * self.longest_text


def _is_odd(chunk: bytes, cells: int) -> bool:
    """Whether attributes are spelled unusually, or cells (``cells`` of them are not) stand without their own reference,
    counted on by position."""
    plain = chunk.count(b"<c") == cells and chunk.count(b"<row") == chunk.count(b'<row r="')
    prefixed = b":" in chunk and _PREFIXED.search(chunk)
    if plain and not prefixed:
        return False
    if prefixed or b"<c>" in chunk or b"<c/" in chunk or chunk.count(b"<c ") != chunk.count(b"<c r="):
        return True
    return any(byte in chunk and any(mark in chunk for mark in marks) for byte, marks in _ODD_MARKS.items())


class _SheetScan:
    """Bounds of one sheet part: rows by step; columns 26, 104 or unknown."""

    def __init__(self) -> None:
        self.step = 0  # into _TALL: the first pattern that has not been seen
        self.double = self.wide = self.odd = self.hidden = False
        self.opens = self.filled = self.last = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Look at the tags of the next chunk; one that is cut by the chunk's end waits for the rest of it."""
        end = chunk.rfind(b">") + 1
        if not end:
            self._rest += chunk
            chunk = b""
        else:
            chunk, self._rest = self._rest + chunk[:end], chunk[end:]
        if len(self._rest) > _LONGEST_TEXT:
            self.odd, self._rest = True, b""
        if chunk.startswith(b"<?xml"):
            chunk = chunk[chunk.find(b"?>") + 2 :]
        cells = chunk.count(b'<c r="')
        self.filled += cells
        if row := _NUMBER.match(chunk, chunk.rfind(b'<row r="') + 8):
            self.last = max(self.last, int(row[0]))
        self.odd = self.odd or (b"!" in chunk and b"<!" in chunk) or _is_odd(chunk, cells)
        if self.step > _LONG:  # a sheet that is read in slices anyway: how far it reaches matters no more
            self.hidden = self.hidden or b' hidden="1"' in chunk
            return
        if _DOUBLE.search(chunk):
            self.double, self.wide = True, self.wide or bool(_WIDE.search(chunk))
        while self.step < len(_TALL) and _TALL[self.step][1].search(chunk):
            self.step += 1
        self.hidden = self.hidden or b' hidden="1"' in chunk
        self.opens += chunk.count(b"<")

    def add_to(self, shape: Shape) -> None:
        """Put what was seen into the shape of the whole workbook."""
        rows = _TALL[self.step][0] if self.step < len(_TALL) else _MOST_ROWS
        columns = 104 if self.double else 26
        shape.cells += columns * rows
        shape.filled += self.filled
        shape.area += columns * self.last
        if self.step > _LONG:
            shape.long = True
        shape.texts += self.opens // 4
        shape.odd = shape.odd or self.odd or self.wide
        shape.hidden_rows = shape.hidden_rows or self.hidden


class _TextScan:
    """Longest ``<si>`` of the shared texts, from above."""

    def __init__(self) -> None:
        self.longest = self._current = 0

    def feed(self, chunk: bytes) -> None:
        """Cut at every ``si>``; where the markup is spelled otherwise the answer only grows."""
        pieces = chunk.split(b"si>")
        if len(pieces) > 1:
            self.longest = max(self.longest, self._current + len(pieces[0]), *map(len, pieces[1:-1]))
            self._current = 0
        self._current += len(pieces[-1])
        self.longest = max(self.longest, self._current)


def repack(source: Path, file: str, target: Path, limits: Limits) -> Shape:
    """Write the needed parts of ``source`` to ``target``, unpacked. Raises FileRefused for bombs and damage."""
    inflater = Inflater(source, file, limits)
    shape = Shape()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as written:
        for info in read_directory(source, file, limits):
            if not _NEEDED.match(info.filename) or _IDLE.match(info.filename):
                continue
            with written.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as part:
                chunks = inflater.chunks(info)
                if info.file_size > _RATHER_LONG:  # a thread for less takes longer than it saves
                    chunks = ahead(chunks)
                _copy(part, chunks, info.filename.lower(), file, shape)
    return shape


def _copy(part: IO[bytes], chunks: Iterator[bytes], name: str, file: str, shape: Shape) -> None:
    """Copy one part and measure it, unless it is one that holds no cell."""
    sheet = _SheetScan()
    texts = _TextScan()
    opening = b""
    for number, chunk in enumerate(chunks):
        if number == 0 and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileRefused("unknown-format", file, what="UTF-16 XLSX")
        part.write(chunk)
        if name == _WORKBOOK and len(opening) < _RATHER_LONG:
            opening += chunk
        if name == "xl/sharedstrings.xml":
            texts.feed(chunk)
            shape.odd = shape.odd or b"<!" in chunk or b":si" in chunk
        else:
            sheet.feed(chunk)
    shape.since_1904 = shape.since_1904 or _SINCE_1904.search(opening) is not None
    shape.longest_text = max(shape.longest_text, texts.longest)
    if not PLAIN.match(name):
        sheet.add_to(shape)
