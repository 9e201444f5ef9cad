"""CSV in the encodings, delimiters and states of repair in which it arrives."""

from pathlib import Path

import pytest

from producers.readers import FeedKind, FileRefused, Row, RowRefused, open_readings
from tests.fixtures import Worker, d02_csv, workers, write_workbook
from tests.fixtures.reading import read_one

HEADER = "tax_code,insurance_number,full_name,from_month,as_of,complete\n"
ROW = "0200123456,0116123456,Phạm Thị Hòa,10/2025,2026-10-01,yes\n"


def _write(tmp_path: Path, content: bytes | str, name: str = "f.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_one(path)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_rows(tmp_path: Path, encoding: str, delimiter: str) -> None:
    # cp1258 has no composed letter with a tone: writers of that set decompose
    text = (HEADER + ROW).replace(",", delimiter)
    if encoding == "cp1258":
        content = text.replace("Phạm Thị Hòa", "Pha\u0323m Thi\u0323 Ho\u0300a").encode("cp1258")
    elif encoding == "utf-16-be-bom":
        content = b"\xfe\xff" + text.encode("utf-16-be")
    else:
        content = text.encode(encoding)
    reading, [row] = read_one(_write(tmp_path, content))
    assert reading.kind is FeedKind.ROSTER
    assert (row.values["full_name"], row.values["tax_code"]) == ("Phạm Thị Hòa", "0200123456")


def test_d02_rows_carry_dossier_form_and_line_but_no_note(tmp_path: Path) -> None:
    reading, rows = read_one(_write(tmp_path, d02_csv([Worker(line="12", code="gh - Giảm hẳn")])))
    assert (reading.form, reading.ignored_columns) == ("", [])
    assert rows == [
        Row(
            "12",
            "row 2",
            {
                "tax_code": "0200123456",
                "dossier_no": "HS-01",
                "dossier_date": "2026-11-03",
                "form": "D02",
                "line": "12",
                "full_name": "Phạm Thị Hòa",
                "insurance_number": "0116123456",
                "personal_number": "031185001234",
                "movement_code": "GH",
                "from_month": "10/2026",
            },
        )
    ]


def test_d02_with_the_workbook_codes_as_headers(tmp_path: Path) -> None:
    text = "STT,HoTen,MasoBHXH,PA,TuThang,TienLuong,Hdld_xdth_tungay,Lạ\n3,Lê B,0116123456,TM,10/2026,5000000,x,y\n"
    reading, [row] = read_one(_write(tmp_path, text))
    assert (reading.form, reading.ignored_columns) == ("D02", ["cột H / column H"])
    assert set(row.values) == {"line", "full_name", "insurance_number", "movement_code", "from_month"}


def test_a_preamble_is_passed_over_and_its_cover_lines_are_read(tmp_path: Path) -> None:
    preamble = "CÔNG ĐOÀN CƠ SỞ\nMã đơn vị: TA0123A\nSố hồ sơ,HS-9\nNgày xuất 2026-11-01\n------\n"
    reading, [row] = read_one(_write(tmp_path, preamble + HEADER + ROW))
    assert (reading.unit_code, reading.dossier) == ("TA0123A", "HS-9")
    assert row.place == "row 7"


def test_quoted_line_breaks_and_blank_lines_keep_row_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    text = HEADER + '0200123456,0116123456,"Phạm\nThị",10/2025,2026-10-01,yes\n\n' + ROW
    first, second = read_one(_write(tmp_path, text))[1]
    assert (first.place, first.values["full_name"]) == ("row 2", "Phạm Thị")
    assert second.place == "row 4"


def test_text_numbers_stay_as_stated_in_a_csv(tmp_path: Path) -> None:
    _, [row] = read_one(_write(tmp_path, HEADER + "200123456,116123456,A,10/2025,2026-10-01,yes\n"))
    assert (row.values["tax_code"], row.values["insurance_number"]) == ("200123456", "116123456")


@pytest.mark.parametrize(
    "header",
    [
        "Mã số thuế,Mã số BHXH,Họ và tên,Từ tháng,Tính đến ngày,Đầy đủ",
        "MÃ SỐ THUẾ,mã  số bhxh,HỌ VÀ TÊN (*),Từ tháng (MM/YYYY),tính đến ngày,đầy đủ",
        "Tax Code,Insurance-Number,Full Name,FROM_MONTH,As of,complete",
    ],
)
def test_headers_in_either_language_any_case_and_spacing(tmp_path: Path, header: str) -> None:
    _, [row] = read_one(_write(tmp_path, header + "\n" + ROW))
    assert row.values["full_name"] == "Phạm Thị Hòa"
    assert row.values["as_of"] == "2026-10-01"


def test_columns_in_any_order_and_unknown_ones_are_named(tmp_path: Path) -> None:
    text = "complete,Tổ,as_of,from_month,insurance_number,tax_code\nno,3,2026-10-01,10/2025,0116123456,0200123456\n"
    reading, [row] = read_one(_write(tmp_path, text))
    assert reading.ignored_columns == ["cột B / column B"]
    assert row.values["complete"] == "no"


def test_a_column_that_stands_twice_is_refused_with_its_places(tmp_path: Path) -> None:
    refused = _refusal(_write(tmp_path, "Mã số thuế,name,tax_code\n1,2,3\n"))
    assert refused.reason == "duplicate-header"
    assert "tax_code" in refused.message
    assert "(A and C)" in refused.message


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    refused = _refusal(_write(tmp_path, "tax_code,full_name,from_month,as_of\n0200123456,A,10/2025,2026-10-01\n"))
    assert refused.reason == "missing-columns"
    assert "insurance_number / personal_number" in refused.message
    listed = "EmployeeCode,FullName,Gender,DOB,Branch,JoinDate\n" + '"1","Lê B","F","1990-01-01","HP","2020-01-01"\n'
    assert _refusal(_write(tmp_path, listed)).reason == "missing-columns"


def test_a_row_with_the_wrong_number_of_cells_is_refused_alone(tmp_path: Path) -> None:
    text = HEADER + "0200123456,0116123456,Phạm,Thị Hòa,10/2025,2026-10-01,yes\n" + "0200123456,01\n" + ROW
    first, second, third = read_one(_write(tmp_path, text))[1]
    assert isinstance(first, RowRefused)
    assert isinstance(second, RowRefused)
    assert isinstance(third, Row)
    assert (first.reason, second.reason, third.place) == ("cell-count", "cell-count", "row 4")


def test_trailing_delimiters_and_a_missing_last_line_end_are_no_fault(tmp_path: Path) -> None:
    text = HEADER + ROW.strip() + ",,,\n" + ROW.strip()
    assert [type(row) for row in read_one(_write(tmp_path, text))[1]] == [Row, Row]


def test_untitled_columns_are_no_fault(tmp_path: Path) -> None:
    text = HEADER.strip() + ",,\n" + ROW.strip() + ",x,y\n" + ROW
    assert [type(row) for row in read_one(_write(tmp_path, text))[1]] == [Row, Row]


def test_a_misplaced_quote_refuses_its_row_and_goes_on(tmp_path: Path) -> None:
    text = HEADER + '0200123456,0116123456,"Phạm" Thị,10/2025,2026-10-01,yes\n' + ROW
    first, second = read_one(_write(tmp_path, text))[1]
    assert isinstance(first, RowRefused)
    assert (first.reason, first.place) == ("broken-row", "row 2")
    assert second.place == "row 3"


def test_a_tail_cut_inside_a_row_refuses_the_file(tmp_path: Path) -> None:
    refused = _refusal(_write(tmp_path, HEADER + ROW * 50 + "0200123456,01161"))
    assert (refused.reason, refused.place) == ("cut", "row 52")


def test_an_open_quote_refuses_the_file(tmp_path: Path) -> None:
    refused = _refusal(_write(tmp_path, HEADER + ROW + '0200123456,0116123456,"Phạm\n' + ROW))
    assert (refused.reason, refused.place) == ("open-quote", "row 3")
    refused = _refusal(_write(tmp_path, HEADER + '0200123456,0116123456,"Phạm\n' + ROW * 5000))
    assert refused.reason == "open-quote"


def test_a_tail_cut_inside_a_letter_refuses_the_file(tmp_path: Path) -> None:
    content = (HEADER + ROW + "0200123456,0116123456,Phạ").encode()
    with pytest.raises(FileRefused) as refused:
        next(open_readings(_write(tmp_path, content[:-1])))  # before any row is given
    assert refused.value.reason == "cut"
    wide = (HEADER + ROW).encode("utf-16")
    assert _refusal(_write(tmp_path, wide[:-1])).reason == "cut"


def test_a_begun_header_is_a_cut_file_and_a_note_to_somebody_is_none(tmp_path: Path) -> None:
    assert _refusal(_write(tmp_path, "tax_code,insurance_nu")).reason == "cut"
    assert _refusal(_write(tmp_path, "Gửi chị Lan tệp đã sửa")).reason == "no-header"


def test_text_of_an_unknown_letter_set_is_refused_and_not_guessed(tmp_path: Path) -> None:
    tcvn3 = HEADER.encode() + b"0200123456,0116123456,Ph\xb9m Th\xde H\xdfa \xa9\xb5\xb6,10/2025,2026-10-01,yes\n"
    assert _refusal(_write(tmp_path, tcvn3)).reason == "encoding"


def test_nul_bytes_are_refused(tmp_path: Path) -> None:
    assert _refusal(_write(tmp_path, HEADER + ROW + "0200\x00123456,1,A,10/2025,2026-10-01,yes\n")).reason == "nul"


def test_fifty_thousand_workers_keep_their_order(tmp_path: Path) -> None:
    _, rows = read_one(_write(tmp_path, d02_csv(workers(50_000))))
    assert [row.line for row in rows] == [str(n) for n in range(1, 50_001)]


_ENGLISH = "tax_code,dossier_no,line,full_name,personal_number,movement_code,from_month"
_VIETNAMESE = "Mã số thuế,Số hồ sơ,STT,Họ và tên,Số định danh,Mã phương án,Từ tháng"
_BROKEN = '"Mã số\nthuế","Số\nhồ sơ",STT,Họ và tên,Số định danh,Mã phương án,Từ tháng'
_ONE, _TWO = (f"0200123456,HS-1,{n},Lê B,03118500123{n},TM,10/2026" for n in (1, 2))


@pytest.mark.parametrize("titles", [[_VIETNAMESE, _ENGLISH], [_ENGLISH, _VIETNAMESE], [_BROKEN, _ENGLISH, _ENGLISH]])
@pytest.mark.parametrize("cover", [[], ["Số hồ sơ: HS-7"]])
def test_of_several_header_rows_none_is_a_person(tmp_path: Path, titles: list[str], cover: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*cover, *titles, _ONE, _TWO, ""]), encoding="utf-8")
    reading, rows = read_one(path)
    assert [(row.line, row.values["personal_number"]) for row in rows] == [("1", "031185001231"), ("2", "031185001232")]
    assert (reading.dossier, reading.notes) == ("HS-7" if cover else "", [])


def test_a_header_that_is_repeated_further_down_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([_ENGLISH, _ONE, _ENGLISH, _TWO, _VIETNAMESE, ""]), encoding="utf-8")
    reading, rows = read_one(path)
    assert [row.line for row in rows] == ["1", "2"]
    assert [note for note in reading.notes if note.endswith("no row of the list: row 3, 5")]
    book = [line.split(",") for line in (_ENGLISH, _ONE, _ENGLISH, _TWO, _VIETNAMESE)]
    reading, rows = read_one(write_workbook(tmp_path / "a.xlsx", {"DS": book}))
    assert [row.line for row in rows] == ["1", "2"]
    assert [note for note in reading.notes if note.endswith('no row of the list: sheet "DS", row 3, 5')]


def test_a_person_whose_name_is_a_title_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{_ENGLISH}\n0200123456,HS-1,1,Họ và tên,,PA,\n", encoding="utf-8")
    _, [row] = read_one(path)
    assert row.values["full_name"] == "Họ và tên"


def test_missing_last_cells_of_columns_that_are_not_kept_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for rows in ([_ONE, _TWO], [_ONE, f"{_TWO},x"], [f"{_ONE},x,y", f"{_TWO},x"]):
        for end in ("\n", ""):
            path.write_text("\n".join([f"{_ENGLISH},note,khác", *rows]) + end, encoding="utf-8")
            if not end and rows[0].count(",") != rows[1].count(","):
                with pytest.raises(FileRefused) as refused:
                    read_one(path)
                assert refused.value.reason == "cut"
                continue
            _, found = read_one(path)
            assert [(row.line, row.values.get("from_month")) for row in found] == [("1", "10/2026"), ("2", "10/2026")]


def test_missing_cells_of_kept_columns_refuse_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{_ENGLISH},note\n{_ONE}\n0200123456,HS-1,2,Lê B,031185001232,TM\n", encoding="utf-8")
    _, [_, short] = read_one(path)
    assert isinstance(short, RowRefused)
    assert short.reason == "cell-count"
