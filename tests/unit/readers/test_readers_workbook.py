"""The D02 workbook of the template and its relatives."""

import datetime
from pathlib import Path

from producers.readers import FeedKind, FileRefused, Row, RowRefused
from tests.fixtures import Worker, workers, write_d02_workbook, write_union_list, write_workbook, xls
from tests.fixtures.d02_workbook import CODES
from tests.fixtures.parts import replace_sheet, shared_xml, sheet_xml
from tests.fixtures.reading import read_all, read_one

PERSON = {
    "line": "7",
    "full_name": "Phạm Thị Hòa",
    "insurance_number": "0116123456",
    "personal_number": "031185001234",
    "movement_code": "TM",
    "from_month": "10/2026",
    "birth_date": "05/03/1985",
    "sex": "0",
    "job_title": "Công nhân",
}


def test_the_fixture_has_the_letters_of_the_template() -> None:
    assert (len(CODES), CODES[6], CODES[15], CODES[27], CODES[29], CODES[51]) == (
        82, "PA", "TuThang", "CMND", "NgaySinh", "Diachi_NN",
    )  # fmt: skip


def test_the_template_gives_canonical_values_and_drops_the_rest(tmp_path: Path) -> None:
    reading, rows = read_one(write_d02_workbook(tmp_path / "a.xlsx", [Worker(line="7")], formulas=False))
    assert (reading.kind, reading.form, reading.file, reading.ignored_columns) == (FeedKind.D02, "D02", "a.xlsx", [])
    assert rows == [Row("7", 'sheet "Dữ Liệu", row 4', PERSON)]


def test_a_code_formula_without_cached_value_is_read_from_the_label_before_it(tmp_path: Path) -> None:
    _, [row] = read_one(write_d02_workbook(tmp_path / "a.xlsx", [Worker(code="GH4", label="Chết")], formulas=True))
    assert row.values["movement_code"] == "GH4"


def test_a_bare_label_is_looked_up_in_the_code_table(tmp_path: Path) -> None:
    people = [Worker(label="Đi làm lại"), Worker(label="thai  sản"), Worker(label="Đi chơi")]
    _, rows = read_one(write_d02_workbook(tmp_path / "a.xlsx", people, prefixed=False))
    assert [row.values["movement_code"] for row in rows] == ["ON", "TS", "Đi chơi"]


def test_leftover_rows_are_passed_over_and_the_example_is_refused(tmp_path: Path) -> None:
    path = write_d02_workbook(tmp_path / "a.xlsx", workers(1), dummy=True, leftovers=True)
    _, [example, real] = read_one(path)
    assert isinstance(example, RowRefused)
    assert (example.reason, example.place) == ("example-row", 'sheet "Dữ Liệu", row 4')
    assert isinstance(real, Row)
    assert real.place == 'sheet "Dữ Liệu", row 7'


def test_a_row_with_a_number_but_no_name_is_refused_and_not_lost(tmp_path: Path) -> None:
    _, [row] = read_one(write_d02_workbook(tmp_path / "a.xlsx", [Worker(name="")]))
    assert isinstance(row, RowRefused)
    assert (row.reason, row.field) == ("no-name", "full_name")


def test_decomposed_names_are_composed(tmp_path: Path) -> None:
    _, [row] = read_one(
        write_d02_workbook(tmp_path / "a.xlsx", [Worker(name="  Pha\u0323m Thi\u0323 Ho\u0300a\u200b ")])
    )
    assert row.values["full_name"] == "Phạm Thị Hòa"


def test_months_typed_into_a_spreadsheet_come_back_as_months(tmp_path: Path) -> None:
    header = ["STT", "Họ và tên", "Mã số BHXH", "Phương án", "Từ tháng", "Đến tháng"]
    data = ["1", "Lê B", 116123456, "tm", datetime.date(2026, 10, 1), datetime.datetime(2026, 11, 15)]
    _, [row] = read_one(write_workbook(tmp_path / "p.xlsx", {"DS": [header, data]}))
    assert (row.values["from_month"], row.values["to_month"]) == ("2026-10", "2026-11-15")
    assert (row.values["insurance_number"], row.values["movement_code"]) == ("0116123456", "TM")


def test_a_portal_sheet_with_cover_merged_titles_numbering_groups_and_totals(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Mẫu D02-LT"],
        ["Mã đơn vị: TA0123A", None, "Mã số thuế", 200123456],
        ["Số hồ sơ", "HS-77/2026", None, "Ngày lập: 03/11/2026"],
        ["STT", "Họ và tên", "Mã số BHXH", "Phương án", "Thời gian", None],
        [None, None, None, None, "Từ tháng", "Đến tháng"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "Tăng"],
        [1, "Lê B", 116123456, "TM - Tăng mới", "10/2026"],
        [None, "Tổng cộng", None, None, None, None],
        [None, "Người lập biểu"],
    ]
    reading, [row] = read_one(write_workbook(tmp_path / "p.xlsx", {"Sheet1": rows}))
    assert (reading.form, reading.unit_code, reading.tax_code) == ("D02", "TA0123A", "200123456")
    assert (reading.dossier, reading.dossier_date) == ("HS-77/2026", "2026-11-03")
    assert (row.line, row.place, row.values["from_month"]) == ("1", 'sheet "Sheet1", row 8', "10/2026")
    (note,) = (note for note in reading.notes if "no row of the list" in note)
    assert note.endswith('passed over as no row of the list: sheet "Sheet1", row 7, 9, 10')


def test_a_named_person_without_number_and_code_is_not_passed_over(tmp_path: Path) -> None:
    _, [row] = read_one(write_d02_workbook(tmp_path / "a.xlsx", [Worker(insurance="", personal="", code="", label="")]))
    assert row.values["full_name"] == "Phạm Thị Hòa"


def test_the_v2_layout_is_read_by_letter(tmp_path: Path) -> None:
    blank: list[object] = [None] * 30
    title, data = list(blank), list(blank)
    title[0], title[1], title[22] = "TT", "Họ và tên", "x"
    for column, value in {0: "1", 1: "Lê B", 2: 116123456, 5: "TM-Tăng mới", 8: "05/03/1990", 10: 31185001234}.items():
        data[column] = value
    data[21] = "10/2026"
    _, [row] = read_one(write_workbook(tmp_path / "v2.xlsx", {"DuLieu": [["D02"], ["x"], title, ["x"], data]}))
    assert row.values == {
        "line": "1",
        "full_name": "Lê B",
        "insurance_number": "0116123456",
        "movement_code": "TM",
        "birth_date": "05/03/1990",
        "personal_number": "031185001234",
        "from_month": "10/2026",
    }


def test_the_old_binary_format_with_headers_and_by_place(tmp_path: Path) -> None:
    by_name = ["ID", "HoTen", "MaSoBHXH", "Loai", "PA", "CMND", "birth-format", "NgaySinh", "GioiTinh"]
    wide: list[object] = [*by_name, *[f"c{n}" for n in range(36)]]
    data: list[object] = ["9", "Lê B", 116123456, 1, "GH", 31185001234, "1", "05/03/1990", 0]
    full = data + [None] * 9 + ["10/2026"] + [None] * 17
    wide[4], wide[18] = "cột 5", "cột 19"  # titles that say nothing: only the places are left
    path = tmp_path / "o.xls"
    path.write_bytes(xls("Sheet1", [wide, full]))
    _, [row] = read_one(path)
    assert (row.line, row.values["movement_code"], row.values["from_month"]) == ("9", "GH", "10/2026")
    path.write_bytes(xls("Sheet1", [[*by_name, "TuThang"], [*data, "11/2026"]]))
    reading, [row] = read_one(path)
    assert (reading.form, row.values["insurance_number"], row.values["from_month"]) == ("D02", "0116123456", "11/2026")


def test_an_old_workbook_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    header = ["STT", "Họ và tên", "Mã số BHXH", "PA", "Từ tháng"]
    content = xls("Sheet1", [header, ["9", "Lê B", 116123456, "GH", "10/2026"]])
    for name in ("o.xls", "o.XLS", "o.xlsx", "o.xlsm", "o.xlsb", "o.ods", "o.csv", "o"):
        (tmp_path / name).write_bytes(content)
        _, [row] = read_one(tmp_path / name)
        assert row.values["insurance_number"] == "0116123456", name


def test_the_union_list_becomes_admissions(tmp_path: Path) -> None:
    path = write_union_list(
        tmp_path / "u.xlsx",
        [
            ["1", 123456789012, "Lê Thị B", "", "05/03/1990", "HP", 6, 31185001234, "01/02/2020"],
            ["2", "000456789012", "Trần C", "06/03/1990", "", "HP", 6, "031185001", "01/02/2020"],
        ],
    )
    reading, [woman, man] = read_one(path)
    assert reading.kind is FeedKind.MEMBER
    assert woman.values == {
        "card_number": "123456789012",
        "full_name": "Lê Thị B",
        "birth_date": "05/03/1990",
        "sex": "0",
        "home_place": "HP",
        "personal_number": "031185001234",
        "effective_on": "01/02/2020",
        "change": "admitted",
    }
    assert (man.place, man.values["sex"], man.values["personal_number"]) == (
        'sheet "DANHSACHDOANVIEN", row 8',
        "1",
        "031185001",
    )


def test_hidden_rows_are_read_and_hidden_sheets_are_not(tmp_path: Path) -> None:
    import openpyxl

    path = write_workbook(
        tmp_path / "h.xlsx",
        {
            "A": [["tax_code", "name"], ["0200123456", "Một"], ["0200123457", "Hai"]],
            "B": [["tax_code", "name"], ["0200123458", "Ba"]],
        },
    )
    book = openpyxl.load_workbook(path)
    book["A"].row_dimensions[2].hidden = True
    book["B"].sheet_state = "hidden"
    book.save(path)
    reading, rows = read_one(path)
    assert [row.values["name"] for row in rows] == ["Một", "Hai"]
    assert [note.partition(" / ")[2] for note in reading.notes] == [
        'sheet "B" was not read',
        "hidden rows were read as well",
    ]


def test_a_sheet_that_starts_below_and_to_the_right_keeps_its_row_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], [], [None, None, "tax_code", "name"], [None, None, 200123456, "Một"]]
    _, [row] = read_one(write_workbook(tmp_path / "s.xlsx", {"S": rows}))
    assert (row.place, row.values["tax_code"]) == ('sheet "S", row 4', "0200123456")


def test_texts_shared_between_cells(tmp_path: Path) -> None:
    texts = ["tax_code", "name", "Công ty Một"]
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' + "".join(
        f'<row r="{n}"><c r="A{n}"><v>{200000000 + n}</v></c><c r="B{n}" t="s"><v>2</v></c></row>' for n in range(2, 5)
    )
    plain = write_workbook(tmp_path / "plain.xlsx", {"S": [["a"]]})
    _, found = read_one(replace_sheet(plain, tmp_path / "s.xlsx", sheet_xml(rows), shared_xml(texts)))
    assert [row.values for row in found] == [{"tax_code": f"020000000{n}", "name": "Công ty Một"} for n in range(2, 5)]


def test_every_list_of_a_workbook_is_a_reading(tmp_path: Path) -> None:
    sheets = {
        "DN": [["Mã số thuế", "Tên doanh nghiệp"], ["0200123456", "Một"]],
        "CĐ": [["Mã công đoàn", "Tên công đoàn cơ sở"], ["CD1", "CĐCS Một"]],
        "khác": [["ghi chép", "lung tung"]],
    }
    found = read_all(write_workbook(tmp_path / "m.xlsx", sheets))
    assert [reading.kind for reading, _ in found] == [FeedKind.ENTERPRISE, FeedKind.UNION]


def test_the_row_process_gives_the_same_rows_as_reading_here(tmp_path: Path) -> None:
    from producers.readers import Limits

    path = write_d02_workbook(tmp_path / "a.xlsx", workers(2500), dummy=True, leftovers=True)
    here = read_one(path)
    there = read_one(path, Limits(in_process_bytes=0))
    assert [row.values for row in there[1]] == [row.values for row in here[1]]
    assert [row.place for row in there[1]] == [row.place for row in here[1]]


def test_a_workbook_without_a_list_says_what_to_do(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "n.xlsx", {"S": [["a", "b"], [1, 2]]})
    try:
        read_one(path)
    except FileRefused as refused:
        assert refused.reason == "no-header"
        assert str(refused).startswith("n.xlsx: ")
    else:
        raise AssertionError("accepted")
