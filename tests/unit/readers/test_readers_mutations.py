"""Hundreds of damaged variants of every kind of file: rows or a refusal come out, never anything else, and soon."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from producers.readers import FileRefused, Limits, Row, RowRefused, open_readings
from producers.readers.columns import read_header
from producers.readers.dates import parse_day, parse_month
from producers.readers.movement import movement_code
from producers.readers.texts import clean, fold
from tests.fixtures import (
    REGISTERS,
    TK1,
    d02_csv,
    d02_xml,
    envelope,
    workers,
    write_d02_workbook,
    write_union_list,
    xls,
)

VARIANTS = 300
LIMITS = Limits(
    max_unpacked_bytes=64 << 20, in_process_bytes=512 << 20, max_process_bytes=768 << 20, max_process_seconds=10
)


_TELLING = [b"\0", b'"', b"\xff\xff\xff\xff", b"<", b"&x;", b"\n", b",", b"\x80", b"]]>"]


def _mutated(content: bytes, rng: random.Random) -> bytes:
    """One to eight small injuries: flipped, cut, doubled, moved, or exchanged for telling bytes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        if not data:
            break
        at = rng.randrange(len(data))
        end = min(len(data), at + rng.randint(1, 40))
        match rng.randrange(6):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * rng.randint(1, 4)
            case 3:
                data[at:end] = rng.choice(
                    [b"\0", b'"', b"\xff\xff\xff\xff", b"<", b"&x;", b"\n", b",", b"\x80", b"]]>"]
                )
            case 4:
                data[at:end] = rng.randbytes(end - at)
            case _:
                del data[max(at, 1) :]
    return bytes(data) or b"x"


def _workbook(folder: Path) -> bytes:
    return write_d02_workbook(folder / "a.xlsx", workers(5), dummy=True, leftovers=True).read_bytes()


def _union(folder: Path) -> bytes:
    return write_union_list(
        folder / "u.xlsx", [["1", 123456789012, "Lê B", "", "05/03/1990", "HP", 6, 31185001234, "x"]]
    ).read_bytes()


KINDS: dict[str, Callable[[Path], bytes]] = {
    "csv": lambda _: d02_csv(workers(8)).encode(),
    "csv-utf-16": lambda _: d02_csv(workers(8), delimiter=";").encode("utf-16"),
    "register": lambda _: REGISTERS["enterprise-register"].encode(),
    "xml": lambda _: d02_xml(workers(4)),
    "envelope": lambda _: envelope([("D02.xml", d02_xml(workers(2))), ("TK1.xml", TK1)]),
    "workbook": _workbook,
    "union-list": _union,
}


def _read(path: Path) -> int:
    """Rows read, -1 for a refusal. Anything else is the test's failure."""
    count = 0
    try:
        with open_readings(path, limits=LIMITS) as readings:
            for reading in readings:
                for row in reading.rows:
                    assert isinstance(row, Row | RowRefused)
                    assert all(text and text == text.strip() for text in row.values.values())
                    count += 1
    except FileRefused as refused:
        assert path.name in str(refused)
        assert refused.reason != "unexpected", refused.__cause__
        return -1
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_end_in_rows_or_a_refusal(tmp_path: Path, kind: str) -> None:
    whole = KINDS[kind](tmp_path)
    rng = random.Random(f"readers {kind}")
    path = tmp_path / "m.bin"
    began, refusals = time.monotonic(), 0
    for _ in range(VARIANTS):
        path.write_bytes(_mutated(whole, rng))
        refusals += _read(path) < 0
    assert 0 < refusals <= VARIANTS
    assert time.monotonic() - began < 120


def test_damaged_contents_behind_a_sound_container(tmp_path: Path) -> None:
    """Mutations inside a ZIP die at the checksum; these are packed anew, so the spreadsheet library meets them."""
    import io
    import zipfile

    whole = _workbook(tmp_path)
    parts = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]
    rng = random.Random("readers parts")
    path = tmp_path / "m.bin"
    for number in range(VARIANTS // 2):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, _mutated(content, rng) if name == parts[number % len(parts)] else content)
        path.write_bytes(out.getvalue())
        _read(path)


def test_damaged_old_workbooks(tmp_path: Path) -> None:
    rows = [
        ["STT", "HoTen", "MasoBHXH", "PA", "TuThang"],
        *[[n, f"Lê {n}", 116000000 + n, "TM", "1/26"] for n in range(5)],
    ]
    whole = xls("Sheet1", rows)
    rng = random.Random("readers xls")
    path = tmp_path / "m.bin"
    for _ in range(40):  # each is read by a process of its own
        path.write_bytes(_mutated(whole, rng))
        _read(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.bin"
    path.write_bytes(content)
    _read(path)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60))
def test_text_rules_hold_for_any_text(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert fold(fold(text)) == fold(text)
    assert parse_day(text) is None or len(parse_day(text) or "") == 10
    parse_month(text)
    movement_code(text, text)
    read_header([text, "tax_code", text])
