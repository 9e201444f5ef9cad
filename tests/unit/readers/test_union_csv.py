"""The CSV export of union software (feed description, section c): preamble, quotes, and what it lacks."""

from pathlib import Path

import pytest

from producers.readers import FeedKind, FileRefused, Row
from tests.fixtures.reading import read_one

HEADER = "EmployeeCode,FullName,Gender,DOB,Branch,Department,UnionPosition,Title,JoinDate,Status,Phone,Email"
ROW = '"NV1","Lê Thị B","Nữ","1990-03-05","Hải Phòng","May 2","UVBCH","Thợ may","2020-02-01","Active","0912345678",""'
PREAMBLE = "Danh sách đoàn viên\nCông đoàn cơ sở\nNgày 2026-10-01\nTổng số: 1\n--------------------\n"


def write(tmp_path: Path, header: str, row: str) -> Path:
    path = tmp_path / "m.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{PREAMBLE}{header}\n{row}\n".encode())
    return path


def test_a_list_without_any_official_number_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_one(write(tmp_path, HEADER, ROW))
    assert refused.value.reason == "missing-columns"
    assert "insurance_number / personal_number" in str(refused.value)


def test_with_a_number_it_is_read_and_the_rest_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER},CCCD,maso_doanvien", f'{ROW},"031190001234","310000000001"')
    reading, [row] = read_one(path)
    assert reading.kind is FeedKind.MEMBER
    assert isinstance(row, Row)
    assert row.values == {
        "full_name": "Lê Thị B",
        "sex": "Nữ",
        "birth_date": "1990-03-05",
        "union_position": "UVBCH",
        "job_title": "Thợ may",
        "effective_on": "2020-02-01",
        "personal_number": "031190001234",
        "card_number": "310000000001",
        "change": "admitted",
        "phone": "0912345678",
    }
    assert len(reading.ignored_columns) == 5, "EmployeeCode, Branch, Department, Status, Email: by title or letter"
