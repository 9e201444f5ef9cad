"""Hundreds of damaged variants of every kind of file: rows or a refusal come out, never anything else, and soon."""

import random
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from producers.readers import FileRefused, Limits, Row, RowRefused, open_readings
from producers.readers.columns import read_header
from producers.readers.dates import parse_day, parse_month
from producers.readers.movement import movement_code
from producers.readers.texts import clean, fold
from tests.hostile.cases import CASES
from tests.hostile.damage import injured, old_book, repacked, sound_files
from tests.hostile.judge import read, time_limit

VARIANTS = 200
LIMITS = Limits(
    max_unpacked_bytes=64 << 20, in_process_bytes=512 << 20, max_process_bytes=768 << 20, max_process_seconds=10
)


KINDS = (
    "csv",
    "csv-semicolon-utf-16",
    "enterprise-register",
    "union-register",
    "member-register",
    "agreement-register",
    "party-register",
    "opening-roster",
    "xml",
    "envelope",
    "workbook",
    "union-list",
    "zip",
)


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
    whole = sound_files(tmp_path)[kind]
    rng = random.Random(f"readers {kind}")
    path = tmp_path / "m.bin"
    began, refusals = time.monotonic(), 0
    for _ in range(VARIANTS):
        path.write_bytes(injured(whole, rng))
        refusals += _read(path) < 0
    assert 0 < refusals <= VARIANTS
    assert time.monotonic() - began < 120


def test_damaged_contents_behind_a_sound_container(tmp_path: Path) -> None:
    """Mutations inside a ZIP die at the checksum; these are packed anew, so the spreadsheet library meets them."""
    whole = sound_files(tmp_path)["workbook"]
    parts = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]
    rng = random.Random("readers parts")
    path = tmp_path / "m.bin"
    for number in range(VARIANTS // 2):
        path.write_bytes(repacked(whole, parts[number % len(parts)], lambda inner: injured(inner, rng)))
        _read(path)


def test_damaged_old_workbooks(tmp_path: Path) -> None:
    whole = old_book()
    rng = random.Random("readers xls")
    path = tmp_path / "m.bin"
    for _ in range(40):  # each is read by a process of its own
        path.write_bytes(injured(whole, rng))
        _read(path)


@settings(max_examples=80, deadline=None)
@given(case=st.sampled_from(sorted(set(CASES) - {"bombs"})), seed=st.integers(0, 2**32))
def test_every_hostile_case_ends_in_rows_or_a_refusal(case: str, seed: int) -> None:
    """The whole intake's answer to them is looked at by the long runner: ``python -m tests.hostile``."""
    with tempfile.TemporaryDirectory() as folder, time_limit(60):
        path = CASES[case](random.Random(seed), Path(folder))
        if not path.is_dir():
            read(path)


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
