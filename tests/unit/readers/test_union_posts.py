"""The member list of union software, column by column: read, or named as not kept."""

from pathlib import Path
from string import ascii_uppercase

import pytest

from producers.readers import Row
from producers.readers.unionposts import POSTS, settle_posts
from tests.fixtures import write_union_list
from tests.fixtures.reading import read_one

ONE = ["1", "310000000001", "Lê Thị B", "", "05/03/1990", "Hải Phòng", 6, "031185001234", "01/02/2020"]


def read(tmp_path: Path, member: list[object], **marks: object) -> Row:
    _, [row] = read_one(write_union_list(tmp_path / "u.xlsx", [member], [marks]))
    assert isinstance(row, Row)
    return row


def test_every_column_of_posts_is_read_as_its_post(tmp_path: Path) -> None:
    assert "".join(POSTS) == "IJKLMNOPQR"
    told = ("", "ngoài", "không", "Chủ tịch", "Phó Chủ tịch", "Chấp hành", "Tổ trưởng", "Tổ phó", "bộ phận", "Kiểm tra")
    assert all(word in post for word, (_, post) in zip(told, POSTS.values(), strict=True))
    assert POSTS["L"][1] == "Chủ tịch"
    for letter, (_, post) in POSTS.items():
        assert read(tmp_path, [*ONE], **{letter: "x"}).values["union_position"] == post


@pytest.mark.parametrize("mark", ["x", "X", 1, "1", "✓", "Có", True, "+"])
def test_a_mark_is_a_mark_in_any_dress(tmp_path: Path, mark: object) -> None:
    values = read(tmp_path, [*ONE], K="x", L=mark, N=mark).values
    assert values["union_position"] == "Cán bộ không chuyên trách; Chủ tịch; Ủy viên Ban Chấp hành"


@pytest.mark.parametrize("mark", ["", "0", 0, "-", "–", "không", None, False, " "])
def test_nothing_is_no_post(tmp_path: Path, mark: object) -> None:
    assert "union_position" not in read(tmp_path, [*ONE], L=mark).values


@pytest.mark.parametrize("mark", ["2023-2028", "?", "nguyên", 2, "x?"])
def test_a_mark_that_is_none_is_handed_on_with_its_post(tmp_path: Path, mark: object) -> None:
    assert read(tmp_path, [*ONE], L=mark).values["union_position"] == f"Chủ tịch: {mark}"


def test_what_is_not_kept_is_named(tmp_path: Path) -> None:
    path = write_union_list(tmp_path / "u.xlsx", [ONE])
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.active["T4"], book.active["U4"] = "Ghi chú", "Phạm Thị Hòa lập"  # type: ignore[index]
    book.save(path)
    reading, [row] = read_one(path)
    assert reading.ignored_columns == ["Mã tỉnh", "Ghi chú", "cột U / column U"]
    assert isinstance(row, Row)
    assert row.values["home_place"] == "Hải Phòng"
    assert "6" not in row.values.values()


def test_two_dates_of_birth_are_neither_believed_nor_lost(tmp_path: Path) -> None:
    values = read(tmp_path, [*ONE[:3], "06/03/1990", "05/03/1990", *ONE[5:]]).values
    assert values["birth_date"] == "06/03/1990; 05/03/1990"
    assert "sex" not in values


def test_other_rows_are_left_alone() -> None:
    values = {"full_name": "Lê B", "union_position": "Chủ tịch"}
    settle_posts(values)
    assert values == {"full_name": "Lê B", "union_position": "Chủ tịch"}
    assert set(POSTS) <= set(ascii_uppercase)
