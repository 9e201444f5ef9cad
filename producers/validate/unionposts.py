"""Positions that a row of a member register states: which, since when, till when."""

import re

from producers.readers.texts import fold
from producers.validate.claims import Post, RowFault
from producers.validate.context import Context
from producers.validate.fields import a_day
from producers.validate.periods import check_days

CALLED = {
    "Chủ tịch": "Chủ tịch CĐCS|CT|Chủ tịch công đoàn|Chairperson",
    "Phó Chủ tịch": "PCT|Phó CT|Phó Chủ tịch CĐCS|Phó Chủ tịch công đoàn|Vice chairperson",
    "Ủy viên Ban Chấp hành": "UVBCH|UV BCH|Ủy viên BCH|Ban chấp hành|BCH|Committee member",
    "Ủy viên Ủy ban Kiểm tra": "UVUBKT|UV UBKT|Ủy viên UBKT|UBKT",
    "Tổ trưởng": "Tổ trưởng công đoàn|Tổ trưởng tổ công đoàn|TTCĐ",
    "Tổ phó": "Tổ phó công đoàn|Tổ phó tổ công đoàn",
    "Cán bộ công đoàn bộ phận": "CB CĐ bộ phận|CBCĐ bộ phận|Công đoàn bộ phận",
}
"""A post, and what else it is called."""

NONE = frozenset({"doanvien", "khong", "member", "dv"})
"""Words for somebody who holds no post."""

_KNOWN = {fold(word): post for post, words in CALLED.items() for word in (post, *words.split("|"))}
_PLAIN = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,()/&-]){1,99}")


def called(position: str) -> str:
    """The one name of a post that has several; any other text as it stands."""
    return _KNOWN.get(fold(position), " ".join(position.split()))


def posts_of(values: dict[str, str], union: str, context: Context) -> tuple[Post, ...]:
    """``union_position`` (several with ``;``), ``position_since``, ``position_until``. ``RowFault`` for what can't be
    understood: a mark that is none, days without a post, an end before the beginning, both full-time and not."""
    parts = map(str.strip, values.get("union_position", "").split(";"))
    stated = [text for text in parts if not _is_none(text)]
    names = list(dict.fromkeys(map(called, stated)))
    since, until = a_day(values, "position_since", context), a_day(values, "position_until", context, far=True)
    if not names and (since or until):
        raise _fault("có ngày giữ chức vụ mà không có chức vụ", "there are days of a position, but no position")
    if not all(map(_PLAIN.fullmatch, stated)):
        raise _fault(
            "không hiểu chức vụ công đoàn (ô đánh dấu chỉ được ghi x hoặc để trống)",
            "the union position can't be understood (a cell to be marked holds x or nothing)",
        )
    kinds = {"khong" in fold(name) for name in names if "chuyentrach" in fold(name)}
    if len(kinds) > 1:
        raise _fault(
            "vừa chuyên trách vừa không chuyên trách", "marked as full-time and as part-time officer at the same time"
        )
    check_days(values, "position_since", "position_until")
    return tuple(Post(union, name, since, until) for name in names)


def _is_none(text: str) -> bool:
    return not text or (fold(text) in NONE and text.replace(" ", "").isalpha())


def _fault(vietnamese: str, english: str) -> RowFault:
    return RowFault(
        "union_position",
        "bad-value",
        f"{vietnamese}. Sửa rồi gửi lại dòng này.",
        f"{english}. Correct it and send the row again.",
    )
