"""Union positions: what a row of a register says of them, and what that adds to a member's record."""

import pytest

from producers.members.holding import Position
from producers.members.positions import news_of, same_position, words
from producers.validate.claims import Post, RowFault
from producers.validate.member import member_row
from tests.unit.intake.context import context

MEMBER = {"union_code": "CD1", "change": "admitted", "effective_on": "2020-02-01", "personal_number": "031185000001"}


def posts(**more: str) -> tuple[Post, ...]:
    return member_row(MEMBER | more, "1", context()).posts


def test_positions_of_a_row_each_once_under_one_name() -> None:
    assert posts() == ()
    assert posts(union_position="Đoàn viên") == ()
    assert posts(union_position="chủ tịch CĐCS; UVBCH; Chủ tịch") == (
        Post("CD1", "Chủ tịch"),
        Post("CD1", "Ủy viên Ban Chấp hành"),
    )
    dated = {"position_since": "01/03/2024", "position_until": "2026-01-31"}
    assert posts(union_position="Trưởng ban nữ công", **dated) == (
        Post("CD1", "Trưởng ban nữ công", "2024-03-01", "2026-01-31"),
    )


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"union_position": "Chủ tịch: ?"}, "union_position", "bad-value"),
        ({"union_position": "Chủ tịch 2"}, "union_position", "bad-value"),
        ({"union_position": "x" * 101}, "union_position", "bad-value"),
        (
            {"union_position": "Cán bộ không chuyên trách; Cán bộ chuyên trách hưởng lương ngân sách"},
            "union_position",
            "bad-value",
        ),
        ({"position_since": "2024-03-01"}, "union_position", "bad-value"),
        ({"union_position": "Chủ tịch", "position_since": "31/31/2024"}, "position_since", "bad-date"),
        (
            {"union_position": "Chủ tịch", "position_since": "2024-03-01", "position_until": "2024-02-01"},
            "position_until",
            "ends-before-start",
        ),
        ({"birth_date": "01/02/1990; 02/02/1990"}, "birth_date", "bad-value"),
    ],
)
def test_what_cannot_be_understood_refuses_the_row(more: dict[str, str], field: str, reason: str) -> None:
    with pytest.raises(RowFault) as refused:
        posts(**more)
    assert (refused.value.field, refused.value.reason) == (field, reason)


CHAIR = Position("CD1", "Chủ tịch", "2024-03-01")


@pytest.mark.parametrize(
    ("known", "stated", "after"),
    [
        ({}, Position("CD1", "Chủ tịch", ""), ("", Position("CD1", "Chủ tịch", ""))),
        ({"a": Position("CD1", "Chủ tịch", "")}, Position("CD1", "Chủ tịch", ""), None),
        ({"a": CHAIR}, Position("CD1", "Chủ tịch", ""), None),
        ({"a": Position("CD1", "chủ tịch CĐCS", "2024-03-01", "2026-01-31")}, Position("CD1", "Chủ tịch", ""), None),
        ({"a": CHAIR}, Position("CD2", "Chủ tịch", ""), ("", Position("CD2", "Chủ tịch", ""))),
        ({"a": Position("CD1", "Chủ tịch", "")}, CHAIR, ("a", CHAIR)),
        ({"a": CHAIR}, CHAIR, None),
        ({"a": CHAIR}, Position("CD1", "Chủ tịch", "2025-03-01"), ("", Position("CD1", "Chủ tịch", "2025-03-01"))),
        (
            {"a": CHAIR},
            Position("CD1", "Chủ tịch", "", "2026-01-31"),
            ("a", Position("CD1", "Chủ tịch", "2024-03-01", "2026-01-31")),
        ),
        ({"a": CHAIR}, Position("CD1", "Chủ tịch", "", "2023-01-31"), None),
        (
            {"a": Position("CD1", "Chủ tịch", "2024-03-01", "2026-01-31")},
            Position("CD1", "Chủ tịch", "2024-03-01", "2025-12-31"),
            None,
        ),
    ],
)
def test_a_file_adds_what_is_missing_and_never_overwrites(
    known: dict[str, Position], stated: Position, after: tuple[str, Position] | None
) -> None:
    assert news_of(known, stated) == after


def test_a_clerk_who_knows_the_day_completes_what_a_list_left_open() -> None:
    open_ended = {"a": Position("CD1", "Ủy viên Ban Chấp hành", "")}
    assert same_position(open_ended, Position("CD1", "UVBCH", "2024-03-01")) == "a"
    assert same_position(open_ended, Position("CD2", "UVBCH", "2024-03-01")) == ""
    both = open_ended | {"b": Position("CD1", "UVBCH", "2024-03-01")}
    assert same_position(both, Position("CD1", "UVBCH", "2024-03-01")) == "b"
    assert words(open_ended["a"]).endswith("? – ")
