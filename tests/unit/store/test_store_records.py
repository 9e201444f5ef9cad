"""What the store reads of a record is what the models of ``schemas`` write."""

from datetime import date
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel

from consumers.store import declared, lines, records
from schemas import changes, states

PAIRS: list[tuple[Any, type[BaseModel]]] = [
    (records.Effect, changes.Effect),
    (records.Mark, changes.Mark),
    (records.Action, changes.AlertAction),
    (records.Inherited, changes.AlertInherited),
    (records.Tick, changes.ClockAdvanced),
    (records.Status, states.UnitStatus),
    (records.Passed, states.ClockPassed),
    (records.Alert, states.Alert),
    (records.Movement, states.Movement),
    (records.Receipt, states.Receipt),
    (records.Refused, states.Refused),
    (declared.Finding, states.Finding),
]
UNREAD = {
    "Effect": {"kind", "more", "swap"},
    "Mark": {"kind", "more"},
    "Action": {"kind"},
    "Inherited": {"kind", "unit", "opened_on", "confirmed_on", "month_ends", "history"},
    "Tick": {"kind", "partition"},
}


@pytest.mark.parametrize(("struct", "model"), PAIRS, ids=[model.__name__ for _, model in PAIRS])
def test_each_field_of_a_model_is_read_with_its_default(struct: Any, model: type[BaseModel]) -> None:
    unread = UNREAD.get(struct.__name__, set())
    wanted = {
        name: "required" if info.is_required() else info.get_default(call_default_factory=True)
        for name, info in model.model_fields.items()
        if name not in unread
    }
    found = {field.name: _default(field) for field in msgspec.structs.fields(struct)}
    assert found == wanted


def _default(field: Any) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return "required" if field.default_factory is msgspec.NODEFAULT else field.default_factory()


@pytest.mark.parametrize(("struct", "model"), PAIRS, ids=[model.__name__ for _, model in PAIRS])
def test_each_word_that_a_model_allows_is_read(struct: Any, model: type[BaseModel]) -> None:
    for name, info in model.model_fields.items():
        words = getattr(info.annotation, "__args__", ())
        if not words or not isinstance(words[0], str) or name not in struct.__struct_fields__:
            continue
        (field,) = (one for one in msgspec.structs.fields(struct) if one.name == name)
        for word in words:
            assert msgspec.convert(word, field.type) == word


@pytest.mark.parametrize(
    "value", ["today", "infinity", "2026-1-01", "20260101", "2026-02-30", "2026-01-01 ", "２０26-01-01"]
)
def test_a_day_is_a_day_of_the_calendar(value: str) -> None:
    with pytest.raises(ValueError, match=r"day|month"):
        lines.day(value)


def test_lines_escape_what_copy_would_take_for_structure() -> None:
    assert lines.text("a\tb\\N\n\r") == "a\\tb\\\\N\\n\\r"
    assert lines.text("") == ""
    assert lines.day("") == lines.NULL
    assert lines.day("2026-11-03") == str(date(2026, 11, 3))
    assert lines.array(['a"b\\', ""]) == '{"a\\\\"b\\\\\\\\",""}'
