"""Columns that have moved by one must not carry a person's name or number onto the log as somebody's code."""

import os
from pathlib import Path

import pytest

from producers.parts import _is_archive
from producers.validate.claims import RowFault
from producers.validate.d02 import d02_row, names_a_dossier
from producers.validate.fields import a_code
from producers.validate.union import union_row
from tests.unit.intake.context import FIRM, context, d02

NAMED = {"personal_number": "031185001234"}


@pytest.mark.parametrize(
    "text",
    [
        "HS-1",
        "HS-X",
        "2026000123",
        "0200000102-2026-07-01",
        "600/10/2026",
        "DL0001-2026-01",
        "12345",
        "17/QĐ",
        "600.02 ngày 12/7/2026",
        "600/10-2026/2026-11-03",
        "Hồ sơ số 12 năm 2026",
        "600-10-2026-001",
        "2026-10-000123",
    ],
)
def test_what_senders_write_is_a_dossier_number(text: str) -> None:
    assert names_a_dossier(text, NAMED)


@pytest.mark.parametrize(
    "text",
    [
        "031185001234",
        "031 185 001 234",
        "Phạm Thị Hòa",
        "Pham Thi Hoa",
        "",
        "PHẠM THỊ LỘ - 031185000790",
        "CMND 031185000790",
        "CMND031185000790",
        "031.185.000.790",
        "HS 0311 8500 0790",
        "Pham Thi Lo 2026",
        "Phạm Lộ 12",
        "PhamThiLo",
        "Pham.Thi.Lo-2026",
        "０３１１８５０００７９０",
    ],
)
def test_a_name_or_a_persons_number_is_none(text: str) -> None:
    assert not names_a_dossier(text, NAMED)
    assert not names_a_dossier(text, None), "nor of a file, or of an option"


@pytest.mark.parametrize("text", ["BHXH 7900000001", "79-0000-0001 x", "Lo Pham 3", "Lộ Phạm số 3"])
def test_a_dossier_number_does_not_hold_what_its_row_says_of_its_person(text: str) -> None:
    row = {"insurance_number": "7900000001", "full_name": "Phạm Thị Lộ"}
    assert not names_a_dossier(text, row)
    with pytest.raises(RowFault) as refused:
        d02_row(d02(**row, dossier_no=""), "1", context(dossier=text))
    assert refused.value.reason == "bad-dossier"


@pytest.mark.parametrize("text", ["CD1", "CDCS-ABC-XYZ", "LDLD-HP", "CĐCS-01", "LĐ1", "CDTP"])
def test_codes_of_unions_stay_codes(text: str) -> None:
    assert a_code({"union_code": text} | NAMED, "union_code") == text


@pytest.mark.parametrize(
    "text", ["031185000790", "031.185.000.790", "Pham.Thi.Lo", "PHAM-THI-LO", "PhạmThịLộ", "7900000001"]
)
@pytest.mark.parametrize("field", ["union_code", "upper_union"])
def test_a_persons_name_or_number_is_no_code_of_a_union(text: str, field: str) -> None:
    row = {"union_code": "CD1", "name": "x", "tax_codes": FIRM, "effective_on": "2026-01-01"} | {field: text}
    row |= {"insurance_number": "7900000001"}
    with pytest.raises(RowFault) as refused:
        union_row(row, "1", context())
    assert (refused.value.field, refused.value.reason) == (field, "bad-code")


@pytest.mark.parametrize("text", ["0116123456", "123456789"])
def test_digits_alone_are_none_in_a_row_that_names_nobody(text: str) -> None:
    assert names_a_dossier(text, NAMED)
    assert names_a_dossier(text, None), "a file's own number is no column that moved"
    assert not names_a_dossier(text, {"personal_number": "HS-2026-01"})
    assert not names_a_dossier("0116123456", {"insurance_number": "0116123456"})


def test_a_citizen_number_is_no_code_of_a_union() -> None:
    assert a_code({"union_code": "0200123456"}, "union_code") == "0200123456"
    with pytest.raises(RowFault) as refused:
        a_code({"union_code": "031185001234"}, "union_code")
    assert refused.value.reason == "bad-code"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert not _is_archive(tmp_path / "pipe.csv")
