"""Files that want to hurt: each ends in a refusal that names the file, in bounded time and memory."""

import os
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from producers.readers import FileRefused, Limits, open_readings
from tests.fixtures import (
    REGISTERS,
    d02_csv,
    d02_xml,
    encrypted_workbook,
    envelope,
    locked_xls,
    ole_container,
    workers,
    write_d02_workbook,
    write_workbook,
    xls,
)
from tests.fixtures.parts import SHEET, replace_sheet, shared_xml, sheet_xml
from tests.fixtures.reading import read_all, read_one


def _refusal(path: Path, limits: Limits | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_all(path, limits)
    assert str(refused.value).startswith(path.name)
    return refused.value


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "plain.xlsx", {"S": [["tax_code", "name"], ["0200123456", "Một"]]})


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    whole = write_d02_workbook(tmp_path / "a.xlsx", workers(20)).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert _refusal(path).reason == "cut"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_an_xml_cut_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    for name, whole in (("d.xml", d02_xml(workers(20))), ("e.xml", envelope([("D02.xml", d02_xml(workers(20)))]))):
        path = tmp_path / name
        path.write_bytes(whole[: int(len(whole) * share)])
        assert _refusal(path).reason == "cut"


def test_an_old_workbook_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = xls("Sheet1", [["STT", "HoTen", "MasoBHXH", "PA", "TuThang"], *[["1", "A", 1, "TM", "10/2026"]] * 400])
    path = tmp_path / "o.xls"
    path.write_bytes(whole[: len(whole) // 2])
    assert _refusal(path).reason in ("damaged", "memory")


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(encrypted_workbook())
    assert _refusal(path).reason == "password"


def test_an_old_workbook_with_a_password_says_so_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("secret.xls", "secret.xlsx"):
        (tmp_path / name).write_bytes(locked_xls())
        assert _refusal(tmp_path / name).reason == "password", name


def test_an_ole_container_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.doc"
    path.write_bytes(ole_container("WordDocument", b"x" * 5000))
    assert _refusal(path).reason == "damaged"


def test_a_sector_chain_that_bites_its_tail_ends(tmp_path: Path) -> None:
    content = bytearray(xls("Sheet1", [["STT", "HoTen"], *[["1", "x" * 50]] * 400]))
    table = struct.unpack_from("<I", content, 76)[0]
    struct.pack_into("<I", content, 512 + table * 512 + 4 * 3, 1)  # sector 3 leads back to sector 1
    path = tmp_path / "loop.xls"
    path.write_bytes(content)
    reason = _refusal(path, Limits(max_process_bytes=512 << 20, max_process_seconds=20)).reason
    assert reason in ("memory", "damaged", "slow")


@pytest.mark.parametrize(
    ("magic", "what"),
    [(b"%PDF-1.7", "PDF"), (b"Rar!\x1a", "RAR"), (b"<!DOCTYPE html><html>", "HTML"), (b"<html><table>", "HTML")],
)
def test_foreign_formats_are_named(tmp_path: Path, magic: bytes, what: str) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(magic + b" " * 100)
    refused = _refusal(path)
    assert refused.reason == "unknown-format"
    assert what in refused.message


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["[Content_Types].xml", "word/document.xml"], "DOCX"),
        (["[Content_Types].xml", "xl/workbook.bin"], "XLSB"),
        (["mimetype", "content.xml"], "ODS"),
    ],
)
def test_other_documents_in_a_zip_are_named(tmp_path: Path, names: list[str], what: str) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert what in _refusal(path).message


def test_missing_empty_and_special_files(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "none.csv").reason == "missing-file"
    (tmp_path / "empty.csv").write_bytes(b"")
    assert _refusal(tmp_path / "empty.csv").reason == "empty"
    (tmp_path / "folder").mkdir()
    assert _refusal(tmp_path / "folder").reason == "not-a-file"
    os.mkfifo(tmp_path / "pipe")
    assert _refusal(tmp_path / "pipe").reason == "not-a-file"
    (tmp_path / "big.csv").write_bytes(b"a" * 100)
    assert _refusal(tmp_path / "big.csv", Limits(max_file_bytes=99)).reason == "too-big"


def test_a_bomb_is_refused_by_ratio_by_size_and_by_count(tmp_path: Path, book: Path) -> None:
    bomb = replace_sheet(book, tmp_path / "bomb.xlsx", sheet_xml("<row/>" * 10) + b" " * (40 << 20))
    assert _refusal(bomb).reason == "zip-bomb"
    assert _refusal(bomb, Limits(max_unpacked_bytes=1 << 20, max_ratio=10_000)).reason == "zip-bomb"
    assert _refusal(book, Limits(max_members=3)).reason == "zip-bomb"


def test_a_member_that_goes_on_behind_its_stated_size_is_refused(tmp_path: Path, book: Path) -> None:
    """zipfile would stop at the stated size and find the checksum right; the library behind it would not stop."""
    honest, hidden = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'), b" " * (4 << 20)
    target = replace_sheet(book, tmp_path / "lie.xlsx", honest + hidden)
    content = bytearray(target.read_bytes())
    with zipfile.ZipFile(target) as archive:
        info = archive.getinfo(SHEET)
    lie = struct.pack("<III", zlib.crc32(honest), info.compress_size, len(honest))
    truth = struct.pack("<III", info.CRC, info.compress_size, info.file_size)
    assert content.count(truth) == 2
    target.write_bytes(bytes(content).replace(truth, lie))
    with zipfile.ZipFile(target) as archive:
        assert archive.read(SHEET) == honest
    assert _refusal(target).reason == "zip-bomb"


def test_a_damaged_member_is_refused(tmp_path: Path, book: Path) -> None:
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        info = archive.getinfo(SHEET)
    content[info.header_offset + 30 + len(SHEET) + info.compress_size // 2] ^= 0xFF
    path = tmp_path / "bad.xlsx"
    path.write_bytes(content)
    assert _refusal(path).reason == "damaged"


def test_a_changed_byte_that_still_parses_is_refused(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    content = path.read_bytes()
    assert content.count(b"0200123456") == 1
    path.write_bytes(content.replace(b"0200123456", b"0200123457"))
    assert _refusal(path).reason == "damaged"


FAR = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c\nr="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c><v>1</v></c></row><row r="1048576">' + "<c><v>1</v></c>" * 16_000 + "</row>",
    '<row r="1"><c r="A1"><v>1</v></c></row><row\tr="1048576">' + "<c/>" * 16_000 + "<c><v>1</v></c></row>",
]


@pytest.mark.parametrize("cells", FAR)
def test_two_cells_far_apart_do_not_take_the_machine(tmp_path: Path, book: Path, cells: str) -> None:
    """The library lays out 16,384 x 1,048,576 cells, half a terabyte: the process that tries is stopped."""
    far = replace_sheet(book, tmp_path / "far.xlsx", sheet_xml(cells))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert _refusal(far, Limits(max_process_bytes=1 << 30)).reason in ("memory", "damaged")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_one_long_shared_text_used_often_does_not_take_the_machine(tmp_path: Path, book: Path) -> None:
    """40 GB as the library lays it out; in slices nothing but the missing header is wrong with it."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 40_001))
    path = replace_sheet(book, tmp_path / "often.xlsx", sheet_xml(rows), shared_xml(["x" * 1_000_000]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert _refusal(path, Limits(max_process_bytes=1 << 30, max_ratio=100_000)).reason == "no-header"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_entities_and_external_references_are_refused(tmp_path: Path) -> None:
    laughs = b"<!DOCTYPE D02-TS [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><D02-TS>&b;</D02-TS>"
    outside = b"<!DOCTYPE D02-TS SYSTEM 'file:///etc/passwd'><D02-TS/>"
    for content in (laughs, outside, b"<?xml version='1.0'?>" + laughs):
        path = tmp_path / "x.xml"
        path.write_bytes(content)
        assert _refusal(path).reason == "xml-dtd"
        path.write_bytes(envelope([("D02.xml", content)]))
        assert _refusal(path).reason == "xml-dtd"


@pytest.mark.parametrize(
    "content",
    [
        b"<D02-TS>" + b"<a>" * 100_000,
        b"<D02-TS><NoiDung><LaoDong>" + b"<a>" * 100_000,
        b"<D02-TS><NoiDung><LaoDong><HoTen>" + b"x" * 5_000_000 + b"</HoTen></LaoDong></NoiDung></D02-TS>",
        b"<D02-TS " + b"a" * 20_000_000,
        b"<D02-TS><!--" + b"a" * 20_000_000,
        b"<Hoso>" + b"<a>" * 100_000,
        b"<D02-TS><NoiDung><LaoDong>" + b"".join(b"<a%d/>" % n for n in range(20_000)),
    ],
    ids=["deep", "deep-row", "long-text", "endless-tag", "endless-comment", "deep-envelope", "many-names"],
)
def test_xml_without_measure_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(content)
    assert _refusal(path).reason == "xml-limit"


def test_an_endless_line_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as out:
        out.write(REGISTERS["union-register"].encode())
        for _ in range(60):
            out.write(b"x" * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert _refusal(path).reason == "endless-line"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10


def test_a_large_csv_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    block = d02_csv(workers(5_000))
    header, rows = block.split("\n", 1)
    with path.open("w", encoding="utf-8") as out:
        out.write(header + "\n")
        for _ in range(40):
            out.write(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [reading] = open_readings(path)
    assert sum(1 for _ in reading.rows) == 200_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grow.csv"
    path.write_text(d02_csv(workers(20_000)), encoding="utf-8")
    [reading] = open_readings(path)
    next(reading.rows)
    with path.open("a", encoding="utf-8") as more:
        more.write("0200123456,HS-01,2026-11-03,D02-LT,99999,A,0100000000,,TM,10/2026,\n")
    with pytest.raises(FileRefused) as refused:
        list(reading.rows)
    assert refused.value.reason == "changed"


def test_a_zip_of_files_gives_each_and_survives_a_bad_one(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.csv", REGISTERS["party-register"])
    path = tmp_path / "all.zip"
    book = write_d02_workbook(tmp_path / "d.xlsx", workers(2)).read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("thư mục/dn.csv", REGISTERS["enterprise-register"])
        archive.writestr("bad.pdf", b"%PDF-1.4")
        archive.writestr("__MACOSX/x", b"junk")
        archive.writestr("nested.zip", inner.read_bytes())
        archive.writestr("../../d.xlsx", book)
    found: list[str] = []
    readings = open_readings(path)
    while True:
        try:
            reading = next(readings)
        except FileRefused as refused:
            found.append(f"{refused.file}: {refused.reason}")
        except StopIteration:
            break
        else:
            found.append(f"{reading.file}: {len(list(reading.rows))}")
    assert found == [
        "all.zip/dn.csv: 1",
        "all.zip/bad.pdf: unknown-format",
        "all.zip/nested.zip: zip-nested",
        "all.zip/d.xlsx: 2",
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_in_a_zip_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dn.csv", REGISTERS["enterprise-register"])
        archive.writestr("dn.csv", REGISTERS["union-register"])
    refused = _refusal(path)
    assert refused.reason == "zip-twice"
    assert "đổi tên một tệp" in str(refused)
    assert "rename one of them" in str(refused)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert _refusal(path).reason == "damaged"


def test_copies_on_disk_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    book = write_d02_workbook(tmp_path / "d.xlsx", workers(2))
    (tmp_path / "e.xml").write_bytes(envelope([("D02.xml", d02_xml(workers(2)))]))
    read_all(book)
    read_all(tmp_path / "e.xml")
    for path in (book, tmp_path / "e.xml"):
        with open_readings(path) as readings:
            next(next(readings).rows)
            assert list(copies.iterdir())
    assert not list(copies.iterdir())


def test_no_message_and_no_ignored_column_tells_of_a_person(tmp_path: Path) -> None:
    headless = "Phạm Thị Hòa,0116123456,031185001234\nLê B,0116123457,031185001235\n"
    path = tmp_path / "h.csv"
    path.write_text(headless, encoding="utf-8")
    refused = _refusal(path)
    assert "Hòa" not in refused.message
    assert "0116123456" not in refused.message
    text = "tax_code,name,0116123456\n0200123456,Một,x\n"
    path.write_text(text, encoding="utf-8")
    assert read_one(path)[0].ignored_columns == ["cột C / column C"]
