"""What a reader remarks on a file that it took, and which encodings it takes without guessing."""

from pathlib import Path

import pytest

from producers.readers import FileRefused, RowRefused, open_readings

HEAD = "tax_code,dossier_no,line,full_name,insurance_number,movement_code,from_month\n"


def read(path: Path) -> tuple[int, list[str]]:
    with open_readings(path) as readings:
        ((count, notes),) = [(sum(not isinstance(row, RowRefused) for row in one.rows), one.notes) for one in readings]
    return count, notes


def row(name: str, line: str = "1") -> str:
    return f"0200123457,HS-1,{line},{name},7900000001,TM,10/2026\n"


def test_windows_1258_is_told(tmp_path: Path) -> None:
    path = tmp_path / "d02.csv"
    path.write_bytes((HEAD + row("Trâ\u0300n Thi\u0323 Ha")).encode("cp1258"))
    count, notes = read(path)
    assert count == 1
    assert any("read as windows-1258" in note for note in notes)


def test_utf_16_is_told_and_utf_8_needs_no_word(tmp_path: Path) -> None:
    path = tmp_path / "d02.csv"
    path.write_text(HEAD + row("Trần Thị Hà"), "utf-16")
    assert any("UTF-16" in note for note in read(path)[1])
    path.write_text(HEAD + row("Trần Thị Hà"), "utf-8")
    assert read(path)[1] == []


@pytest.mark.parametrize("far", [0, 3_000])
def test_latin_1_and_damaged_utf_8_are_refused_however_far_down_they_begin(tmp_path: Path, far: int) -> None:
    plain = "".join(row("Tran Thi Ha", str(number)) for number in range(1, far + 1))
    path = tmp_path / "d02.csv"
    for tail in (
        row("Hòa Bình").encode("latin-1"),
        row("Trần Thị Hà").encode() + b"\xff\n",
    ):
        path.write_bytes((HEAD + plain).encode() + tail)
        with pytest.raises(FileRefused) as refused:
            read(path)
        assert refused.value.reason == "encoding"


def test_rows_without_a_line_number_are_counted_in_a_note(tmp_path: Path) -> None:
    path = tmp_path / "d02.csv"
    path.write_text(HEAD + row("Trần Thị Hà", "") + row("Trần Thị Ba") + row("Trần Thị Tư", ""))
    assert any("2 rows state no line number" in note for note in read(path)[1])
