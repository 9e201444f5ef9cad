"""Large files of one employer's dossier, for measuring the intake: a million rows as CSV or workbook.

Numbers are well-formed and belong to nobody in particular. The workbook keeps its texts in the table of shared texts,
as spreadsheet programs write it: the hardest case for a reader that must not hold it all.
"""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from producers.synth import names
from producers.synth.d02_csv import ENGLISH
from producers.synth.identifiers import Citizens, tax_codes
from producers.synth.sheets import COLUMNS

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="D02" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
}


def dossier_rows(rows: int, seed: int = 1, dossiers: int = 1) -> Iterator[tuple[str, ...]]:
    """The header row, then that many starts at one employer, in the columns of the product's D02."""
    citizens, unit = Citizens(seed), next(tax_codes(seed))
    yield ENGLISH
    for person in range(rows):
        bits = citizens.bits(person)
        yield (
            unit, f"HS-{seed}-{person * dossiers // rows}", "2026-07-20", "D02", str(person + 1),
            names.person_name(bits, male=citizens.is_male(person)), citizens.insurance_number(person),
            citizens.personal_number(person), "TM", "07/2026", "", "", "", "",
        )  # fmt: skip


def write_csv(path: Path, rows: int, seed: int = 1, dossiers: int = 1) -> Path:
    """UTF-8, commas; about 110 bytes a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(dossier_rows(rows, seed, dossiers))
    return path


def write_xlsx(path: Path, rows: int, seed: int = 1) -> Path:
    """One sheet; every text is a shared one, in the order of first use."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<?xml version="1.0"?>\n<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, cells in enumerate(dossier_rows(rows, seed), 1):
                said = "".join(
                    f'<c r="{letter}{number}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>'
                    for letter, cell in zip(COLUMNS, cells, strict=False)
                    if cell
                )
                part.write(f'<row r="{number}" spans="1:14">{said}</row>'.encode())
            part.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<?xml version="1.0"?>\n<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">'.encode())
            for text in texts:
                part.write(f"<si><t>{escape(text)}</t></si>".encode())
            part.write(b"</sst>")
    return path
