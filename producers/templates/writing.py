"""A template as a workbook or as CSV. What is filled into it is read back by the readers without a refusal."""

import csv
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from producers.readers.examples import EXAMPLES, MARK
from producers.readers.model import FeedKind
from producers.templates.columns import TITLES, Column, columns_of
from schemas.codes import code_table

ROWS = 50_000
"""Rows that have the lists of allowed values."""
TEXT = "@"
GUIDE, LISTS = "Hướng dẫn", "Danh mục"
"""Sheets beside the list; the readers pass them over (``producers.readers.examples.TEMPLATE_SHEETS``)."""

_NEEDED = PatternFill("solid", fgColor="1F4E78")
_OTHER = PatternFill("solid", fgColor="5B7F9E")
_EXAMPLE = Font(italic=True, color="808080")


def write_csv(kind: FeedKind, path: Path) -> None:
    """UTF-8 with its mark, so that Excel shows the accents; each header with its English name in brackets."""
    columns = columns_of(kind)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"{column.header} ({column.name})" for column in columns])
        writer.writerow(_example(kind, columns))


def write_xlsx(kind: FeedKind, path: Path) -> None:
    """Row 1 Vietnamese, row 2 the English names, row 3 the example; all cells text, so that zeros stay."""
    columns = columns_of(kind)
    book = Workbook()
    sheet = book.active
    sheet.title = TITLES[kind][0].replace("(", "").replace(")", "")[:31]
    lists = book.create_sheet(LISTS)
    _fill(sheet, kind, columns)
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(14, len(column.header) + 4)
        sheet.column_dimensions[letter].number_format = TEXT
        if column.choices:
            _allow(sheet, lists, letter, number, column)
    _guide(book.create_sheet(GUIDE), kind, columns)
    _codes(lists, kind, len(columns) + 2)
    book.save(path)


def _example(kind: FeedKind, columns: list[Column]) -> list[str]:
    said = {"line": MARK, **EXAMPLES[kind]}
    return [said.get(column.name, "") for column in columns]


def _fill(sheet: Any, kind: FeedKind, columns: list[Column]) -> None:
    for number, (column, example) in enumerate(zip(columns, _example(kind, columns), strict=True), 1):
        for row, text in ((1, column.header), (2, column.name)):
            cell = sheet.cell(row, number, text)
            cell.font = Font(bold=row == 1, color="FFFFFF")
            cell.fill = _NEEDED if column.needed else _OTHER
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(1, number).comment = Comment(f"{column.vi}\n{column.en}", "union-mobility")
        cell = sheet.cell(3, number, example or None)
        cell.font, cell.number_format = _EXAMPLE, TEXT
    sheet.freeze_panes = "A3"


def _allow(sheet: Any, lists: Any, letter: str, number: int, column: Column) -> None:
    """A list of allowed values, kept on the sheet of lists: Excel takes at most 255 characters in the rule itself. No
    titles stand above them, lest the sheet were read as a list of rows."""
    for row, choice in enumerate(column.choices, 2):
        cell = lists.cell(row, number, choice)
        cell.number_format = TEXT
    source = f"'{LISTS}'!${letter}$2:${letter}${len(column.choices) + 1}"
    rule = DataValidation("list", formula1=source, allow_blank=True)
    rule.errorTitle = "Không có trong danh mục"
    rule.error = "Hãy chọn một giá trị trong danh mục. / Choose a value of the list."
    rule.add(f"{letter}3:{letter}{ROWS + 2}")
    sheet.add_data_validation(rule)


def _codes(lists: Any, kind: FeedKind, first: int) -> None:
    """Movement codes with their labels, beside the lists."""
    if kind is not FeedKind.D02:
        return
    lists.cell(1, first, "Mã phương án là gì / What the codes mean")
    for row, code in enumerate((one for one in code_table().values() if one.form == "D02"), 2):
        lists.cell(row, first, f"{code.code}: {code.label_vi} / {code.label_en}")


def _guide(sheet: Any, kind: FeedKind, columns: list[Column]) -> None:
    vi, en = TITLES[kind]
    lines = [
        f"{vi} / {en}",
        f"Dòng {MARK} được bỏ qua nếu để nguyên; muốn dùng dòng đó thì sửa cả ô STT."
        f" / The row {MARK} is passed over as it is; to use it, change its first cell too.",
        "Cột tô đậm là bắt buộc. Người: cần mã số BHXH hoặc số định danh."
        " / Dark columns are required. Persons: an insurance number or a personal number is needed.",
        "Nạp tệp bằng lệnh mobility ingest TỆP, hoặc chép vào thư mục nhận."
        " / Take it in with mobility ingest FILE, or put it into the drop folder.",
    ]
    for line in lines:
        sheet.append([line])
    sheet.append([])
    for column in columns:
        mark = "* " if column.needed else ""
        sheet.append([f"{mark}{column.header}: {column.vi} / {column.name}: {column.en}"])
    sheet.column_dimensions["A"].width = 120
