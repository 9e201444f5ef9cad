"""A small writer of XLSX files: the same input gives the same bytes, rows are streamed, no style is needed.

openpyxl stamps the hour into every file and takes a second for what takes this a few milliseconds.
"""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can carry: no clock in the bytes
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Formula(NamedTuple):
    """A formula cell; without ``cached`` a reader finds no value in it, as in files that tools write."""

    text: str
    cached: str = ""


Cell = str | int | Formula
"""Empty text leaves the cell out."""

Sheet = tuple[str, Iterable[tuple[int, Sequence[Cell]]]]
"""Name, and rows with their number (from 1, ascending)."""


def column(index: int) -> str:
    """0 -> A, 26 -> AA."""
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


COLUMNS = tuple(column(index) for index in range(130))


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets in their order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        _put(book, "[Content_Types].xml", _content_types(len(sheets)))
        _put(
            book,
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(
            f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
            for n, (name, _) in enumerate(sheets, 1)
        )
        _put(
            book,
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        _put(
            book,
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        )
        for n, (_, rows) in enumerate(sheets, 1):
            with book.open(_entry(f"xl/worksheets/sheet{n}.xml"), "w") as part:
                part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for number, cells in rows:
                    part.write(_row(number, cells).encode())
                part.write(b"</sheetData></worksheet>")


def _row(number: int, cells: Sequence[Cell]) -> str:
    parts = [f'<row r="{number}">']
    for letter, cell in zip(COLUMNS, cells, strict=False):
        if isinstance(cell, int):
            parts.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
        elif isinstance(cell, Formula):
            cached = f"<v>{escape(cell.cached)}</v>" if cell.cached else ""
            parts.append(f'<c r="{letter}{number}" t="str"><f>{escape(cell.text)}</f>{cached}</c>')
        elif cell:
            parts.append(
                f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            )
    parts.append("</row>")
    return "".join(parts)


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{parts}</Types>'
    )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _put(book: zipfile.ZipFile, name: str, text: str) -> None:
    book.writestr(_entry(name), text)
