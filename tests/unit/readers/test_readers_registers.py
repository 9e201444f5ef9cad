"""Every register is told by its columns, as CSV and as workbook."""

import csv
import io
from pathlib import Path

import pytest

from producers.readers import FeedKind
from producers.readers.texts import fold
from producers.readers.vocabulary import NAMES
from tests.fixtures import REGISTERS, write_workbook
from tests.fixtures.reading import read_one


@pytest.mark.parametrize("kind", REGISTERS)
def test_a_register_is_known_by_its_columns_in_both_forms(tmp_path: Path, kind: str) -> None:
    records = list(csv.reader(io.StringIO(REGISTERS[kind])))
    expected = {name: text for name, text in zip(records[0], records[1], strict=True) if text}
    path = tmp_path / "anything.dat"
    path.write_text(REGISTERS[kind], encoding="utf-8")
    from_csv, [csv_row] = read_one(path)
    from_book, [book_row] = read_one(write_workbook(tmp_path / "x.csv", {"Danh sách": records}))
    assert from_csv.kind is from_book.kind is FeedKind(kind)
    assert csv_row.values == book_row.values == expected
    assert (csv_row.place, book_row.place) == ("row 2", 'sheet "Danh sách", row 2')


@pytest.mark.parametrize("kind", FeedKind)
def test_no_spelling_means_two_columns_of_one_kind(kind: FeedKind) -> None:
    seen: dict[str, str] = {}
    for name, spellings in NAMES[kind].items():
        for spelling in {fold(text) for text in (name, *spellings.split("|"))}:
            assert seen.setdefault(spelling, name) == name, spelling


def test_a_flat_member_list_becomes_admissions(tmp_path: Path) -> None:
    header = "stt,maso_doanvien,hovaten,tinh,matinh,cmnd,ngayvao_congdoan,nguyenquan_tinh,gioitinh,ngaysinh"
    path = tmp_path / "m.csv"
    path.write_text(f"{header}\n1,000456789012,Lê B,HP,6,031185001234,2020-02-01,HP,Nữ,1990-03-05\n", encoding="utf-8")
    reading, [row] = read_one(path)
    assert reading.kind is FeedKind.MEMBER
    assert row.values["change"] == "admitted"
    assert (row.values["effective_on"], row.values["card_number"]) == ("2020-02-01", "000456789012")


def test_a_correction_column_relaxes_what_a_row_must_state(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("dossier_no,line,action,cites\nHS-01,3,cancel,HS-01:3@1\n", encoding="utf-8")
    reading, [row] = read_one(path)
    assert reading.kind is FeedKind.D02
    assert row.values == {"dossier_no": "HS-01", "line": "3", "action": "cancel", "cites": "HS-01:3@1"}
