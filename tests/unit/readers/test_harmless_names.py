"""What a file, a sheet or a column may be called on the log."""

from pathlib import Path

import pytest

from producers.readers.harmless import is_harmless, public_name
from tests.fixtures import write_workbook
from tests.fixtures.reading import read_one

SHA = "3fa81b2c" + "0" * 56


@pytest.mark.parametrize(
    "name",
    [
        "D02_2026-10",
        "members-01",
        "enterprises",
        "d02 (3)",
        "Hồ sơ tháng 10",
        "members-2026-09_001",
        "Dữ Liệu",
        "Sheet1",
        "Báo tăng lao động T10.2026",
        "DANHSACHDOANVIEN",
        "danh sách đoàn viên quý 3 năm 2026",
        "TK1-TS-595",
        "D02-LT v2",
    ],
)
def test_words_of_an_office_dates_and_short_numbers_are_harmless(name: str) -> None:
    assert is_harmless(name)


@pytest.mark.parametrize(
    "name",
    [
        "Đào Thị Lộ 031185000781",
        "031185000781",
        "0311 8500 0781",
        "031-185-000-781",
        "03 11 85 00 07 81",
        "7900000001",
        "Lộ",
        "Hồ Nam",
        "Đoàn Công",
        "Tăng Quý",
        "Pham Thi Lo",
        "D02 Tran Van A",
        "TrầnVănA",
        "d031 d185 d000 d781",
    ],
)
def test_whatever_may_be_a_name_or_a_number_is_not(name: str) -> None:
    assert not is_harmless(name)


def test_such_a_file_is_called_by_the_beginning_of_its_sha256() -> None:
    def nobody(_: str) -> bool:
        return False

    assert public_name("Đào Thị Lộ 031185000781.CSV", SHA, nobody) == "3fa81b2c.csv"
    assert public_name("gói.zip/Phạm Thị Lộ.xlsx", SHA, nobody) == "gói.zip/3fa81b2c.xlsx"
    assert public_name("3fa81b2c.csv", "0" * 64, nobody) == "3fa81b2c.csv", "once is enough"
    assert public_name("roster_0200123456.csv", SHA, lambda code: code == "0200123456") == "roster_0200123456.csv"
    assert public_name("roster_0200123456.csv", SHA, nobody) == "3fa81b2c.csv", "ten digits may be a person's"


def test_sheets_and_columns_are_told_by_number_and_letter(tmp_path: Path) -> None:
    book = {
        "Trần Văn Bí": [["x"]],
        "Phạm Thị Lộ": [["tax_code", "name", "Người lập: Phạm Thị Lộ"], ["0200123456", "Một", "y"]],
    }
    reading, [row] = read_one(write_workbook(tmp_path / "a.xlsx", book))
    assert row.place == "sheet 2, row 2"
    assert reading.ignored_columns == ["cột C / column C"]
    assert [note.partition(" / ")[2] for note in reading.notes] == ['sheet "1" was not read']
