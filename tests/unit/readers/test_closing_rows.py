"""Totals and signatures below a list: passed over with a note in every feed, CSV and workbook; nobody else is."""

import csv
from pathlib import Path

import openpyxl
import pytest

from producers.readers import Row, open_readings
from producers.readers.closing import is_closing

ROSTER = ["STT", "Họ và tên", "Số định danh", "Từ tháng", "Tính đến ngày", "Danh sách đầy đủ"]
PERSON = ["1", "Trần Thị Ba", "031185000001", "01/2026", "01/10/2026", "Có"]
FIRMS = ["tax_code", "name", "effective_on", "ownership"]
FIRM = ["0200123457", "Cty Hoa Mai", "01/01/2026", "private"]
D02 = ["tax_code", "dossier_no", "line", "full_name", "insurance_number", "movement_code", "from_month"]
MOVED = ["0200123457", "HS-1", "1", "Trần Thị Ba", "7900000001", "TM", "10/2026"]


@pytest.mark.parametrize(
    "values",
    [
        {"full_name": "Tổng cộng: 2 người"},
        {"tax_code": "Tổng cộng", "full_name": "2"},
        {"tax_code": "Người lập", "full_name": "Ký tên"},
        {"line": "Cộng", "movement_code": "Cộng"},
        {"full_name": "Tổng số: 1.234 đoàn viên"},
        {"full_name": "NGƯỜI LẬP", "effective_on": "THỦ TRƯỞNG ĐƠN VỊ"},
        {"full_name": "KE TOAN TRUONG"},
        {"from_month": "Hải Phòng, ngày 05 tháng 11 năm 2026"},
        {"name": "Giám đốc (ký, đóng dấu)"},
    ],
)
def test_words_of_a_total_or_a_signature(values: dict[str, str]) -> None:
    assert is_closing(values)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"full_name": "Tổng cộng", "insurance_number": "7900000001"},
        {"full_name": "Tổng cộng", "from_month": "10/2026"},
        {"full_name": "Người lập", "tax_code": "0200123457"},
        {"full_name": "Tổng cộng", "movement_code": "TM"},
        {"full_name": "Tổng Thị Hoa"},
        {"full_name": "Thu Trường"},
        {"full_name": "Kế Toàn"},
        {"full_name": "Nguyễn Văn Lập", "line": "3"},
        {"full_name": "Trần Thị Ba", "job_title": "Kế toán"},
        {"full_name": "Công Tôn Nữ"},
        {"name": "Tổng công ty Hoa Mai"},
        {"name": "Tổng cộng", "tax_code": "0200123457"},
        {"full_name": "2"},
        {"tax_code": "Người lập", "full_name": "Trần Thị Ba"},
    ],
)
def test_whatever_could_be_a_row_of_the_list(values: dict[str, str]) -> None:
    assert not is_closing(values)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("head", "row"), [(ROSTER, PERSON), (FIRMS, FIRM), (D02, MOVED)])
def test_they_are_passed_over_with_one_note(tmp_path: Path, kind: str, head: list[str], row: list[str]) -> None:
    named = next(index for index, title in enumerate(head) if title in ("name", "full_name", "Họ và tên"))
    blank = [""] * len(head)
    total, signed = ["Tổng cộng", *blank[1:]], ["", "Người lập biểu", *blank[2:]]
    total[named] = "1"
    rows = [head, row, total, signed]
    path = tmp_path / f"list.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*rows, ["Giám đốc"]])
    else:
        book = openpyxl.Workbook()
        for cells in [*rows, ["Giám đốc"]]:
            book.active.append(cells)
        book.save(path)
    with open_readings(path) as readings:
        ((found, notes),) = [(list(one.rows), one.notes) for one in readings]
    assert [type(one) for one in found] == [Row]
    (note,) = [said for said in notes if "passed over" in said]
    assert note.endswith("row 3, 4, 5")
