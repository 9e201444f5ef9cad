"""Which sheets of a workbook are read, and how its days are counted."""

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from producers.readers import Limits
from tests.fixtures import Worker, write_d02_workbook, write_workbook
from tests.fixtures.reading import read_all


def _with_copy(path: Path, name: str, *, changed: str = "", hidden: bool = False) -> Path:
    """The template with a copy of its first sheet; ``changed`` is the insurance number that the copy states."""
    write_d02_workbook(path, [Worker(line="1"), Worker(line="2")], formulas=False)
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book["Dữ Liệu"])
    copy.title = name
    copy.sheet_state = "hidden" if hidden else "visible"
    if changed:
        copy["C4"] = changed
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["Dữ Liệu (2)", "Dữ Liệu (12) ", "DuLieu(2)", "T10"])
def test_a_second_sheet_of_the_template_is_read_as_well(tmp_path: Path, name: str) -> None:
    found = read_all(_with_copy(tmp_path / "a.xlsx", name, changed="0116123457"))
    numbers = [[row.values["insurance_number"] for row in rows] for _, rows in found]
    assert numbers == [["0116123456", "0116123456"], ["0116123457", "0116123456"]]
    assert not any("was not read" in note for reading, _ in found for note in reading.notes)


def test_a_hidden_copy_and_a_list_with_other_columns_are_named_and_not_read(tmp_path: Path) -> None:
    path = _with_copy(tmp_path / "a.xlsx", "Dữ Liệu (2)", changed="0116123457", hidden=True)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("ghi")
    for row in (["Họ và tên", "Mã số BHXH", "PA", "Từ tháng"], ["Lê B", "0116123458", "TM", "10/2026"]):
        sheet.append(row)
    book.save(path)
    [(reading, rows)] = read_all(path)
    assert len(rows) == 2
    assert sum("was not read" in note for note in reading.notes) == 2


@pytest.mark.parametrize("limits", [Limits(), Limits(in_process_bytes=0), Limits(in_process_bytes=0, whole_bytes=0)])
def test_days_of_a_workbook_that_counts_from_1904(tmp_path: Path, limits: Limits) -> None:
    header = ["STT", "Họ và tên", "Mã số BHXH", "PA", "Từ tháng", "Ngày sinh"]
    path = write_workbook(tmp_path / "m.xlsx", {"DS": [header]})
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    sheet = book["DS"]
    sheet.append(["1", "Lê B", "0116123456", "TM", datetime.date(2026, 2, 1), datetime.date(1985, 3, 5)])
    sheet.append(["2", "Lê C", "0116123457", "TM", 44592, 1985])
    sheet.append(["3", "Lê D", "0116123458", "TM", 22026, 29_649])
    book.save(path)
    [(_, rows)] = read_all(path, limits)
    assert [(row.values["from_month"], row.values["birth_date"]) for row in rows] == [
        ("2026-02", "1985-03-05"),
        ("2026-02", "1985"),
        ("22026", "1985-03-05"),
    ]
