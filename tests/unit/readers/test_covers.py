"""What stands above a list: a statement of the file, or a row of titles that states nothing."""

from pathlib import Path

import pytest

from producers.readers import Reading
from producers.readers.covers import read_cover
from tests.fixtures import write_workbook
from tests.fixtures.reading import read_one

CODES = ["line", "tax_code", "full_name", "insurance_number", "from_month", "as_of", "complete"]
ROSTER = ["1", "0200123456", "Lê B", "0116123456", "01/2025", "2026-10-01", "có"]


def read(tmp_path: Path, *above: list[str]) -> Reading:
    reading, _ = read_one(write_workbook(tmp_path / "c.xlsx", {"A": [*above, CODES, ROSTER]}))
    return reading


@pytest.mark.parametrize(
    "titles",
    [
        ["STT", "Mã số thuế", "Họ và tên", "Mã số BHXH", "Từ tháng", "Tính đến ngày", "Đầy đủ"],
        ["STT", "Mã số thuế", "Người làm việc", "Mã số BHXH", "Từ tháng", "Tính đến ngày", "Đầy đủ"],
        ["STT", "Mã số thuế", "Họ và tên"],
    ],
)
def test_titles_above_the_codes_state_nothing(tmp_path: Path, titles: list[str]) -> None:
    assert read(tmp_path, titles).tax_code == ""
    assert read(tmp_path, ["Mã số thuế", "0200123457"], titles).tax_code == "0200123457"


@pytest.mark.parametrize(
    "cover",
    [["Mã số thuế: 0200123457"], ["Mã số thuế:", "0200123457"], ["MST", "0200123457", "Tên đơn vị", "Công ty Một"]],
)
def test_a_cover_right_above_the_header_is_believed(tmp_path: Path, cover: list[str]) -> None:
    assert read(tmp_path, cover).tax_code == "0200123457"


def test_a_label_beside_a_title_states_nothing_and_a_later_one_does() -> None:
    rows = [["Ngày hồ sơ", "Mẫu"], ["Mã đơn vị", "Họ tên"], ["Mã đơn vị", "TA0001A"], ["Ngày hồ sơ", "05/10/2026"]]
    assert read_cover(rows) == {"unit_code": "TA0001A", "dossier_date": "2026-10-05"}
