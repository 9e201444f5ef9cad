"""Columns that have moved by one must not carry a person's name or number onto the log as somebody's code."""

import os
from pathlib import Path

import pytest

from producers.parts import _is_archive
from producers.validate.claims import RowFault
from producers.validate.d02 import names_a_dossier
from producers.validate.fields import a_code

NAMED = {"personal_number": "031185001234"}


@pytest.mark.parametrize(
    "text", ["HS-1", "HS-X", "2026000123", "0200000102-2026-07-01", "600/10/2026", "DL0001-2026-01", "12345", "17/QĐ"]
)
def test_what_senders_write_is_a_dossier_number(text: str) -> None:
    assert names_a_dossier(text, NAMED)


@pytest.mark.parametrize("text", ["031185001234", "031 185 001 234", "Phạm Thị Hòa", "Pham Thi Hoa", ""])
def test_a_name_or_a_persons_number_is_none(text: str) -> None:
    assert not names_a_dossier(text, NAMED)


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
