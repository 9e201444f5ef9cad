"""JSON that says one thing twice is refused: the last would win, and the first be lost behind a 202."""

import pytest

from producers.http.decoding import decoded
from producers.http.problems import Problem

KNOWN = {"rows", "unit", "full_name", "line"}


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ('{"line": "1", "full_name": "A", "line": "2"}', ["line"]),
        ('{"line": "1", "line": "1"}', ["line"]),
        ('{"line": "1", "l\\u0069ne": "2"}', ["line"]),
        ('{"rows": [{"line": "1"}, {"line": "1", "line": "2"}]}', ["rows[1].line"]),
        ('{"rows": [], "unit": "a", "rows": [{}]}', ["rows"]),
        ('{"rows": [{"Trần Thị Mẫu": 1, "Trần Thị Mẫu": 2}]}', ["rows[0].(2)"]),
        ('{"rows": [{"line": {"x": [{"y": 1, "y": 2}]}}]}', ["rows[0].line.(1)[0].(2)"]),
    ],
)
def test_a_name_stated_twice_is_refused_with_its_position(raw: str, at: list[str]) -> None:
    with pytest.raises(Problem) as found:
        decoded(raw.encode(), KNOWN)
    assert (found.value.status, found.value.code, list(found.value.at)) == (422, "doubled-name", at)


def test_what_is_said_once_is_taken_as_it_is() -> None:
    raw = '{"rows": [{"line": "1"}, {"line": "1"}], "unit": null, "more": [1.5, true, 1]}'
    assert decoded(raw.encode(), KNOWN) == {
        "rows": [{"line": "1"}, {"line": "1"}],
        "unit": None,
        "more": [1.5, True, 1],
    }


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', "{'a': 1}".encode("utf-16")])
def test_what_is_no_json_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(Problem, match="not-json"):
        decoded(raw, KNOWN)
