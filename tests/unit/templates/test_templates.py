"""Every template is read back as what it is; its example harms nothing; each column and each allowed value is known."""

from pathlib import Path

import openpyxl
import pytest

from producers.readers import FileRefused, Row, RowRefused, open_readings
from producers.readers.examples import EXAMPLES, MARK
from producers.readers.model import FeedKind
from producers.readers.vocabulary import name_of
from producers.templates.columns import TEMPLATES, columns_of
from producers.validate.enterprise import OWNERSHIP
from producers.validate.fields import ACTIONS, YES_NO
from producers.validate.member import WORDS
from producers.validate.rows import RULES
from schemas.codes import code_table
from tests.fixtures.templates import FORMATS, fill, written
from tests.unit.intake.context import context

CASES = [(name, form) for name in TEMPLATES for form in FORMATS]


def read(path: Path) -> tuple[FeedKind, list[Row | RowRefused], list[str], list[str]]:
    with open_readings(path) as readings:
        (one,) = [(r.kind, list(r.rows), r.notes, r.ignored_columns) for r in readings]
    return one


def stated(path: Path) -> dict[str, str]:
    """What the file is held to state of itself, beside its rows."""
    with open_readings(path) as readings:
        (one,) = readings
        said = {name: getattr(one, name) for name in ("form", "unit_code", "tax_code", "dossier", "dossier_date")}
    return {name: text for name, text in said.items() if text}


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_filled_template_is_read_back_and_every_row_is_valid(tmp_path: Path, name: str, form: str) -> None:
    kind = TEMPLATES[name]
    path = written(tmp_path, name, form)
    real = {"full_name": "Trần Thị Bình", "insurance_number": "7900000001", "personal_number": "031185000001"}
    row = EXAMPLES[kind] | {key: value for key, value in real.items() if key in EXAMPLES[kind]} | {"line": "1"}
    fill(path, kind, [row, row | {"line": "2"}])
    found, rows, notes, ignored = read(path)
    assert (found, ignored, len(rows)) == (kind, [], 2)
    assert stated(path) == {}
    assert any("example row" in note for note in notes)
    assert not any("not read" in note for note in notes)
    rule = RULES[kind][1]
    for one in rows:
        assert isinstance(one, Row)
        assert {key: one.values[key] for key in row if key != "line"} == {k: v for k, v in row.items() if k != "line"}
        assert rule(one.values, one.line, context()).claims


@pytest.mark.parametrize(("name", "form"), CASES)
def test_an_example_that_was_typed_over_is_refused_and_an_untouched_one_is_no_row(
    tmp_path: Path, name: str, form: str
) -> None:
    kind = TEMPLATES[name]
    path = written(tmp_path, name, form)
    assert read(path)[1] == []
    assert stated(path) == {}
    fill(path, kind, [EXAMPLES[kind] | {"line": MARK, "cites": "HS-1:1"}])
    (row,) = read(path)[1]
    assert isinstance(row, RowRefused)
    assert row.reason == "example-row"


@pytest.mark.parametrize("name", TEMPLATES)
def test_columns_headers_and_examples_are_those_of_the_vocabulary(name: str) -> None:
    kind = TEMPLATES[name]
    columns = columns_of(kind)
    assert [name_of(kind, column.header) for column in columns] == [column.name for column in columns]
    assert [name_of(kind, f"{column.header} ({column.name})") for column in columns] == [c.name for c in columns]
    assert set(EXAMPLES[kind]) <= {column.name for column in columns}
    assert all(column.vi and column.en for column in columns)


def test_each_allowed_value_is_one_that_validation_takes() -> None:
    known = {
        "ownership": set(OWNERSHIP), "eligible_agreement": set(YES_NO), "eligible_party": set(YES_NO),
        "complete": set(YES_NO), "change": set(WORDS), "action": set(ACTIONS), "form": {"D02", "D05"},
        "movement_code": {code for form, code in code_table() if form == "D02"}, "sex": {"0", "1"},
    }  # fmt: skip
    for kind in TEMPLATES.values():
        for column in columns_of(kind):
            assert set(column.choices) <= known.get(column.name, set())
    assert {word for column in columns_of(FeedKind.MEMBER) if column.name == "change" for word in column.choices} == {
        word for word in WORDS if not word.isascii() or " " in word
    }


def test_a_workbook_offers_allowed_values_and_keeps_zeros(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, "d02", "xlsx"))
    sheet = book.worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 4
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet["A1"].comment


def test_a_name_that_is_no_template_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        read(tmp_path / "none.xlsx")
