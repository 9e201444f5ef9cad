"""A line is one line, however the program that wrote the file spells its number."""

import pytest

from producers.staging.words import line_name
from producers.validate.d02 import d02_row
from producers.validate.lines import plain_line
from tests.unit.intake.context import context, d02

SECRET = b"k" * 32


@pytest.mark.parametrize("line", ["1", "1.0", "01", " 1 ", "1,0", "001", "1.00", " 01 "])
def test_one_line_in_any_spelling(line: str) -> None:
    assert plain_line(line) == "1"
    assert line_name(line, SECRET) == "1"


@pytest.mark.parametrize("line", ["A1", "1a", "01a", "1.1", "1.10", "1/2", "1-0", "I", "0x1", "1.000", "10", "¹", "１"])
def test_another_line_stays_another(line: str) -> None:
    assert plain_line(line) == line
    assert line_name(line, SECRET) != "1"


def test_letters_stay_letters_and_zero_is_a_number() -> None:
    assert [plain_line(line) for line in ("A", "a01", "0", "00", "0.0", "")] == ["A", "a01", "0", "0", "0", ""]


@pytest.mark.parametrize("number", ["0000012345", "000000012345", "7900000001", "031185000001"])
def test_what_may_be_a_persons_number_is_not_made_shorter(number: str) -> None:
    assert plain_line(number) == number
    assert line_name(number, SECRET).startswith("h")


@pytest.mark.parametrize("cited", ["HS-1:7@2", "HS-1:07@2", "HS-1:7.0@2"])
def test_a_citation_names_the_line_in_any_spelling(cited: str) -> None:
    stated = d02_row(d02(action="replace", cites=cited), "7", context())
    assert stated.citation is not None
    assert (stated.citation.dossier, stated.citation.line, stated.citation.version) == ("HS-1", "7", 2)
