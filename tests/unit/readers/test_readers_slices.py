"""A workbook read in slices says the same as one read whole."""

import datetime
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from producers.readers import Limits, Row, open_readings, slices
from producers.readers.model import DEFAULT_LIMITS
from producers.readers.repacking import repack
from producers.readers.sharedtexts import MARK, Unreadable
from producers.readers.slices import SlicedWorkbook
from tests.fixtures import write_d02_workbook, write_workbook
from tests.fixtures.parts import replace_sheet, shared_xml, sheet_xml
from tests.fixtures.workers import workers


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows and texts a slice, so that little files have many."""
    for name, size in {"_SLICE": 700, "_TEXT_SLICE": 300, "_HEAD_SLICE": 200}.items():
        monkeypatch.setattr(slices, name, size)


def _sliced(path: Path, folder: Path) -> SlicedWorkbook:
    copy = folder / "copy.xlsx"
    repack(path, path.name, copy, DEFAULT_LIMITS)
    return SlicedWorkbook(copy)


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without empty cells on the right and empty rows at the end, of which the two ways give a different number; the
    private character that slices use for themselves is an unknown one."""
    said = []
    for row in rows:
        cells = [cell.replace(MARK, "\ufffd") if isinstance(cell, str) else cell for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        said.append(cells)
    while said and not said[-1]:
        said.pop()
    return said


def _same(path: Path, folder: Path) -> None:
    workbook = _sliced(path, folder)
    whole = python_calamine.CalamineWorkbook.from_path(path)
    assert workbook.sheets
    for sheet in workbook.sheets:
        content = whole.get_sheet_by_index(sheet.index)
        wanted = _trimmed(content.to_python(skip_empty_area=False)) if content.start else []
        assert _trimmed(list(workbook.rows(sheet.index))) == wanted
        assert _trimmed(sheet.head) == _trimmed(wanted[: len(sheet.head)])


def test_formulas_leftovers_and_numbers(tmp_path: Path) -> None:
    _same(write_d02_workbook(tmp_path / "a.xlsx", workers(60), dummy=True, leftovers=True), tmp_path)


def test_every_kind_of_cell_at_every_place(tmp_path: Path) -> None:
    chance = random.Random("slices")
    kinds = ["chữ", "a & b <c>", "  rộng  ", "_x0041_", "12", "\ue0003", 7, -1.5, True, None, None, None]
    dates = [datetime.date(2026, 10, 1), datetime.datetime(2026, 10, 1, 13, 5)]
    for number in range(12):
        rows = [[chance.choice([*kinds, *dates, f"t{n}"]) for _ in range(chance.randint(0, 9))] for n in range(90)]
        path = write_workbook(tmp_path / f"{number}.xlsx", {"Trống": [], "Một": rows, "Hai": rows[:3]})
        if number % 2:
            book = openpyxl.load_workbook(path)
            book["Một"].insert_rows(chance.randint(1, 60), chance.choice((3, 1_200, 4_000)))
            book["Một"].insert_cols(1, chance.randint(0, 3))
            book.save(path)
        _same(path, tmp_path)


def test_texts_in_pieces_and_doubled(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="B{n}" t="s" s="0"><v>{n % 9}</v></c></row>' for n in range(1, 80))
    book = write_workbook(tmp_path / "b.xlsx", {"Một": [["x"]]})
    texts = shared_xml([f"text {n}" for n in range(8)]).replace(
        b"</sst>", b"<si><r><t>in </t></r><r><t>pieces</t></r></si></sst>"
    )
    _same(replace_sheet(book, tmp_path / "c.xlsx", sheet_xml(rows), texts), tmp_path)


def test_rows_out_of_order_are_not_guessed_at(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "b.xlsx", {"Một": [["x"]]})
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (*range(1, 50), 20))
    path = replace_sheet(book, tmp_path / "c.xlsx", sheet_xml(rows))
    with pytest.raises(Unreadable):
        list(_sliced(path, tmp_path).rows(0))
    cells = "".join(f'<row r="{n}"><c r="A{n + 7}"><v>{n}</v></c></row>' for n in range(1, 50))
    with pytest.raises(Unreadable):
        list(_sliced(replace_sheet(book, tmp_path / "d.xlsx", sheet_xml(cells)), tmp_path).rows(0))


def test_the_reader_gives_the_same_rows_either_way(tmp_path: Path) -> None:
    path = write_d02_workbook(tmp_path / "a.xlsx", workers(200), leftovers=True)

    def rows(limits: Limits) -> list[Row]:
        with open_readings(path, limits=limits) as readings:
            return [row for reading in readings for row in reading.rows if isinstance(row, Row)]

    assert rows(Limits(in_process_bytes=1, whole_bytes=1)) == rows(Limits(in_process_bytes=1)) == rows(Limits())
    assert len(rows(Limits())) == 200
