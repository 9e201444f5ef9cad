"""The member list of union software, row by row: titles in one row or two, numbered or not; nobody is lost."""

from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from producers.readers import Row
from tests.fixtures.reading import read_one

Cells = dict[str, Any]

UPPER = {
    "A": "STT", "B": "Số thẻ", "C": "Họ và tên", "D": "Ngày sinh nam", "E": "Ngày sinh nữ", "F": "Quê quán",
    "H": "CCCD", "L": "Chủ tịch", "S": "Ngày vào",
}  # fmt: skip
LOWER = {"D": "Nam", "E": "Nữ", "G": "Mã tỉnh", "H": "(9 hoặc 12 số)", "L": "Chủ tịch", "S": "(ngày/tháng/năm)"}
NUMBERING = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRS", 1)}
FULL = {
    "A": 1, "B": "T941", "C": "Lê Thị B", "D": "05/03/1990", "G": "31", "H": "031085000941", "L": "x",
    "S": "01/03/2020",
}  # fmt: skip
SECOND = FULL | {"A": 2, "C": "Trần Văn C", "H": "031085000942"}


def written(tmp_path: Path, *rows: Cells) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "DANHSACHDOANVIEN"
    for number, row in enumerate(rows, 1):
        for letter, value in row.items():
            sheet[f"{letter}{number}"] = value
    book.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def names(path: Path) -> list[str]:
    reading, rows = read_one(path)
    assert all(isinstance(row, Row) for row in rows)
    assert (reading.tax_code, reading.unit_code) == ("", "")
    return [row.values.get("full_name", "") for row in rows]


@pytest.mark.parametrize(("above", "titles", "numbered"), [*product(range(5), (1, 2), (False, True))])
def test_nobody_is_lost_under_the_titles(tmp_path: Path, above: int, titles: int, numbered: bool) -> None:
    head = [{"A": "DANH SÁCH ĐOÀN VIÊN"}] * above + [UPPER, LOWER][:titles] + [NUMBERING] * numbered
    assert names(written(tmp_path, *head, FULL, SECOND)) == ["Lê Thị B", "Trần Văn C"]


@pytest.mark.parametrize(
    "person",
    [
        {"C": "Lê Thị B"},
        {"C": "Lê Thị B", "L": "x"},
        {"C": "Lê Thị B", "E": 1990},
        {"C": "Lê Thị B", "E": "không rõ"},
        {"C": "Lê Thị B", "D": "Nam"},
        {"A": 1, "C": "Lê Thị B", "S": "01/03/2020"},
        {"C": "Lê Thị B", "H": "031085000941"},
    ],
)
def test_a_first_person_of_whom_little_is_known_is_a_person(tmp_path: Path, person: Cells) -> None:
    assert names(written(tmp_path, UPPER, person, SECOND)) == ["Lê Thị B", "Trần Văn C"]
    assert names(written(tmp_path, UPPER, LOWER, person, SECOND)) == ["Lê Thị B", "Trần Văn C"]


@pytest.mark.parametrize("person", [{"H": "031085000941"}, {"B": "T941"}, {"A": 1, "H": 31085000941}])
def test_a_person_without_a_name_is_handed_on_to_be_refused(tmp_path: Path, person: Cells) -> None:
    assert names(written(tmp_path, UPPER, person, SECOND)) == ["", "Trần Văn C"]


def test_a_line_that_looks_like_numbering_takes_nobody_with_it(tmp_path: Path) -> None:
    assert names(written(tmp_path, UPPER, FULL, {"A": 2, "G": 31}, SECOND)) == ["Lê Thị B", "Trần Văn C"]


def test_titles_may_stand_in_two_languages_and_empty_rows_between(tmp_path: Path) -> None:
    english = {"A": "No.", "B": "Card", "C": "Full name", "D": "Male", "E": "Female", "S": "Joined"}
    assert names(written(tmp_path, UPPER, english, {}, FULL)) == ["Lê Thị B"]
    assert names(written(tmp_path, UPPER, {}, NUMBERING, {}, FULL, SECOND)) == ["Lê Thị B", "Trần Văn C"]


def test_a_list_moved_sideways_loses_nobody_either(tmp_path: Path) -> None:
    def moved(row: Cells) -> Cells:
        return {chr(ord(letter) + 2): value for letter, value in row.items()}

    assert names(written(tmp_path, {}, moved(UPPER), moved(FULL), moved(SECOND))) == ["Lê Thị B", "Trần Văn C"]
