"""Sound containers with trouble inside: letters, dates, headers, cells, lines. Each: ``case(rng, folder) -> path``."""

import datetime
import random
import unicodedata
from pathlib import Path

import openpyxl

from tests.fixtures import csv_text, workers, write_workbook
from tests.fixtures.csv_files import D02_HEADER
from tests.hostile.damage import FIRM, dossier, put

_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258", "latin-1", "gb18030", "utf-7")
_DATES = (
    "10/2026",
    "2026-10",
    "46296",
    "2026-10-01T00:00:00",
    "1/10/26",
    "Oct 2026",
    "31/02/2026",
    "9999999",
    "-1",
    "",
)
_STRANGE = (
    "\u202e",
    "\u200b",
    "\ufeff",
    "\u00a0",
    "\u0301",
    "\U0001f600",
    "\ue000",
    "\x0b",
    "\x1b[2J",
    "\u2028",
    "\ud7ff",
)


def sheets(rng: random.Random, folder: Path) -> Path:
    """Formulas, errors, merged cells, hidden rows, columns and sheets, dates as dates, numbers and text, far cells."""
    path = folder / "sheet.xlsx"
    months: list[object] = [
        *_DATES,
        46296,
        46296.5,
        datetime.date(2026, 10, 1),
        datetime.datetime(2026, 10, 1, 13),
        True,
    ]
    rows = []
    for place, one in enumerate(workers(8)):
        number = rng.choice((one.insurance, int(one.insurance), float(one.insurance), "=1/0", f"=A{place + 1}"))
        rows.append(
            [FIRM, f"HS-{rng.randrange(10**9)}", one.line, one.name, number, one.personal, "TM", rng.choice(months)]
        )
    head = [
        "tax_code",
        "dossier_no",
        "line",
        "full_name",
        "insurance_number",
        "personal_number",
        "movement_code",
        "from_month",
    ]
    write_workbook(path, {"D02": [head, *rows], "Ẩn": [head, *rows[:2]]})
    book = openpyxl.load_workbook(path)
    sheet = book["D02"]
    book["Ẩn"].sheet_state = rng.choice(("visible", "hidden", "veryHidden"))
    sheet.row_dimensions[rng.randint(2, 9)].hidden = True
    sheet.column_dimensions[rng.choice("BDEH")].hidden = True
    first = rng.randint(1, 8)
    sheet.merge_cells(f"A{first}:{rng.choice('BCH')}{first + rng.randint(0, 2)}")
    if rng.random() < 0.3:
        sheet.cell(rng.choice((70_000, 1_048_576)), rng.choice((1, 26, 16_384)), "far")
    book.save(path)
    return path


def encodings(rng: random.Random, folder: Path) -> Path:
    """Text in an encoding that does not say its name, or says a wrong one."""
    text = dossier(rng)
    name = rng.choice(_ENCODINGS)
    mark = rng.choice((b"", b"", b"\xef\xbb\xbf", b"\xff\xfe"))
    return put(folder, f"{name}.csv", mark + text.encode(name, "replace"))


def letters(rng: random.Random, folder: Path) -> Path:
    """Decomposed letters, invisible and moving marks, full-width digits, NUL, in headers and cells."""
    text = unicodedata.normalize(rng.choice(("NFD", "NFKD")), dossier(rng))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(_STRANGE) + text[at:]
    if rng.random() < 0.3:
        text = text.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    if rng.random() < 0.1:
        text += "\0"
    return put(folder, "letters.csv", text.encode("utf-8", "replace"))


def dates(rng: random.Random, folder: Path) -> Path:
    """Months and days in every dress."""
    lines = dossier(rng).splitlines()
    said = [line.replace("10/2026", rng.choice(_DATES)).replace("2026-11-03", rng.choice(_DATES)) for line in lines]
    return put(folder, "dates.csv", "\n".join(said).encode())


def headers(rng: random.Random, folder: Path) -> Path:
    """Columns doubled, dropped, moved, renamed; the header twice, or after a preamble."""
    names = D02_HEADER.split(",")
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(names))
        match rng.randrange(4):
            case 0:
                names.insert(at, rng.choice(names))
            case 1:
                del names[at]
            case 2:
                names[at] = rng.choice(("", "Họ và tên", "MasoBHXH", '"', "x" * 5_000, "dossier_no"))
            case _:
                rng.shuffle(names)
    lines = dossier(rng).splitlines()
    lines[0] = ",".join(names)
    if rng.random() < 0.3:
        lines.insert(rng.randrange(len(lines)), lines[0])
    return put(folder, "headers.csv", "\n".join(lines).encode())


def wide(rng: random.Random, folder: Path) -> Path:
    """A row of a million columns, or a cell or a quote without end."""
    lines = dossier(rng).splitlines()
    monster = rng.choice(("," * 1_000_000, "x" * 2_000_000, '"' + "y" * 300_000, "," * 30_000, '"' * 99_999))
    lines.insert(rng.randint(0, len(lines)), monster)
    return put(folder, "wide.csv", "\n".join(lines).encode())


def repeated(rng: random.Random, folder: Path) -> Path:
    """Lines and persons stated twice in one file, the same or otherwise; corrections of what never was."""
    rows = [line.split(",") for line in dossier(rng, 5).splitlines()]
    head, body = rows[0] + ["action", "cites"], [[*row, "", ""] for row in rows[1:]]
    for _ in range(rng.randint(1, 5)):
        row = list(rng.choice(body))
        change = rng.randrange(4)
        if change == 1:
            row[9] = rng.choice(_DATES)
        elif change == 2:
            row[6] = rng.choice(body)[6]
        elif change == 3:
            row[-2:] = [
                rng.choice(("replace", "cancel", "new", "???")),
                rng.choice((f"{row[1]}:1", f"{row[1]}:1@7", ":", "@")),
            ]
        body.insert(rng.randrange(len(body) + 1), row)
    return put(folder, "repeated.csv", csv_text([head, *body]).encode())
