"""Member register: admissions, transfers shown at the receiving union, leavings with their reason, suspensions."""

from producers.validate.claims import PersonClaim, RowFault, Stated
from producers.validate.context import Context
from producers.validate.fields import a_code, correction, identifiers, member_record, one_of, required_day
from producers.validate.unionposts import posts_of
from schemas.ids import union_id
from schemas.persons import Change

SOURCE = "member-register"

CHANGES: dict[str, tuple[Change, str]] = {
    "admitted": (Change.ADMITTED, ""),
    "transferred_in": (Change.MEMBER_TRANSFERRED, ""),
    "left": (Change.MEMBER_LEFT, "left"),
    "struck_off": (Change.MEMBER_LEFT, "struck_off"),
    "retired": (Change.MEMBER_LEFT, "retired"),
    "died": (Change.DIED, ""),
    "suspended": (Change.SUSPENDED, ""),
    "reinstated": (Change.REINSTATED, ""),
}
WORDS = {word: word for word in CHANGES} | {
    "kết nạp": "admitted",
    "chuyển đến": "transferred_in",
    "ra khỏi": "left",
    "xóa tên": "struck_off",
    "nghỉ hưu": "retired",
    "chết": "died",
    "tạm dừng": "suspended",
    "khôi phục": "reinstated",
}


def member_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """One fact, exact to the day, and positions in that union. Where the row names no union, ``--unit`` does (a union's
    own list)."""
    if "union_code" not in values and not context.option:
        raise RowFault(
            "union_code",
            "missing-unit",
            "không biết đoàn viên thuộc công đoàn nào. Thêm cột union_code, hoặc gửi lại với --unit MÃ_CÔNG_ĐOÀN.",
            "neither the row nor the file says which union it speaks for. Add union_code, or use --unit UNION_CODE.",
        )
    code = a_code({"union_code": context.option} | values, "union_code")
    unit = union_id(code)
    day = required_day(values, ("effective_on",), context)
    word = one_of(values, "change", WORDS, required=True)
    change, reason = CHANGES[word]
    action, citation = correction(values)
    claim = PersonClaim(
        source=SOURCE,
        change=change.value,
        unit=unit,
        branch="",
        day=day,
        precision="day",
        form=SOURCE,
        reason=reason,
        register=SOURCE,
        register_key=unit,
        on=day,
    )
    if ";" in values.get("birth_date", ""):
        raise RowFault(
            "birth_date",
            "bad-value",
            "có hai ngày sinh (cột Nam và cột Nữ). Giữ lại ngày đúng rồi gửi lại dòng này.",
            "there are two dates of birth (the men's column and the women's). Keep the right one and send it again.",
        )
    person = identifiers(values, context.today)
    posts = posts_of(values, code, context)
    return Stated(context.sha256, None, [claim], person, member_record(values), action, citation, posts=posts)
