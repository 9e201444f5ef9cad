"""Single fields of a row, checked. Messages quote a value only where it can't be a name or a person's number."""

import re
from collections.abc import Collection
from functools import lru_cache

from producers.readers.dates import parse_day, parse_month
from producers.validate.citizen import cannot_be
from producers.validate.claims import Citation, RowFault
from producers.validate.context import Context
from producers.validate.lines import plain_line
from producers.validate.personal import is_personal
from producers.vault.identifiers import DIGITS, Identifier

QUOTABLE_DATE = re.compile(r"[0-9/.\-]{1,8}|\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}")
CODE = re.compile(r"[\w./\-]{1,40}")
NOISE = str.maketrans("", "", " .-\u00a0")

day_of = lru_cache(maxsize=8192)(parse_day)
month_of = lru_cache(maxsize=8192)(parse_month)


NAME_LENGTH = 300
"""Characters of the name of an enterprise or a union; a longer one is text that slipped into the wrong column."""


def a_name(values: dict[str, str]) -> str:
    """The stated name, empty when not stated. ``RowFault`` ``name-too-long``."""
    name = values.get("name", "")
    if len(name) > NAME_LENGTH:
        raise RowFault(
            "name",
            "name-too-long",
            f"tên dài hơn {NAME_LENGTH} ký tự. Sửa rồi gửi lại dòng này.",
            f"the name is longer than {NAME_LENGTH} characters. Correct it and send the row again.",
        )
    return name


def quoted_date(text: str) -> str:
    """The value in quotes, empty when it does not look like a date (it could be anything then)."""
    return f' "{text}"' if QUOTABLE_DATE.fullmatch(text) else ""


def _in_range(day: str, field: str, context: Context, *, far: bool = False) -> str:
    first, last = context.days[0], "2199-12-31" if far else context.days[1]
    if not first <= day <= last:
        raise RowFault(
            field,
            "day-out-of-range",
            f"ngày {day} nằm ngoài khoảng {first} đến {last}. Sửa rồi gửi lại dòng này.",
            f"{day} is outside of {first} to {last}. Correct it and send the row again.",
        )
    return day


def a_day(values: dict[str, str], field: str, context: Context, *, far: bool = False) -> str:
    """``YYYY-MM-DD`` of a stated day, empty when not stated. ``RowFault`` when it is no day or out of range.

    ``far``: a planned end may lie years ahead.
    """
    text = values.get(field, "")
    if not text:
        return ""
    day = day_of(text)
    if day is None:
        raise RowFault(
            field,
            "bad-date",
            f"ngày{quoted_date(text)} không đọc được. Ghi dạng NN/TT/NNNN rồi gửi lại dòng này.",
            f"the date{quoted_date(text)} can't be read. Write YYYY-MM-DD or DD/MM/YYYY and send the row again.",
        )
    return _in_range(day, field, context, far=far)


def required_day(values: dict[str, str], fields: tuple[str, ...], context: Context) -> str:
    """The first of the fields that is stated. ``RowFault`` ``missing-date`` when none is."""
    for field in fields:
        day = a_day(values, field, context)
        if day:
            return day
    raise RowFault(
        fields[0],
        "missing-date",
        f"thiếu ngày ({' hoặc '.join(fields)}). Điền rồi gửi lại dòng này.",
        f"there is no date ({' or '.join(fields)}). Fill it in and send the row again.",
    )


def a_month(values: dict[str, str], field: str, context: Context) -> tuple[str, str]:
    """(day, ``month`` or ``day``): a month means its first day. ``RowFault`` when missing, unreadable, out of range."""
    text = values.get(field, "")
    if not text:
        raise RowFault(
            field,
            "missing-month",
            "thiếu tháng hiệu lực (từ tháng). Điền dạng TT/NNNN rồi gửi lại dòng này.",
            "the effective month is missing. Fill it in as MM/YYYY and send the row again.",
        )
    found = month_of(text)
    if found is None:
        raise RowFault(
            field,
            "bad-month",
            f"tháng{quoted_date(text)} không đọc được. Ghi dạng TT/NNNN rồi gửi lại dòng này.",
            f"the month{quoted_date(text)} can't be read. Write MM/YYYY and send the row again.",
        )
    return _in_range(found[0], field, context), found[1]


def a_code(values: dict[str, str], field: str) -> str:
    """A register's own code (union, agreement, organisation). ``RowFault`` when missing, or no code but a person."""
    text = values.get(field, "")
    if not CODE.fullmatch(text) or is_personal(text, values):
        raise RowFault(
            field,
            "missing-code" if not text else "bad-code",
            f"cần mã ({field}): chữ, số, dấu . / - và không quá 40 ký tự,"
            " không phải họ tên hay số của một người. Sửa rồi gửi lại dòng này.",
            f"{field} must be a code of letters, digits, . / - and at most 40 characters, no person's name or number."
            " Correct it and send again.",
        )
    return text


def one_of(values: dict[str, str], field: str, allowed: dict[str, str], *, required: bool = False) -> str:
    """The canonical word for a stated one (any case); empty when not stated. ``RowFault`` ``bad-value`` otherwise."""
    text = values.get(field, "").casefold()
    if text in allowed:
        return allowed[text]
    if not text and not required:
        return ""
    words = ", ".join(dict.fromkeys(allowed.values()))
    raise RowFault(
        field,
        "bad-value",
        f"cột {field} phải là một trong: {words}. Sửa rồi gửi lại dòng này.",
        f"{field} must be one of: {words}. Correct it and send the row again.",
    )


YES_NO = {
    "yes": "yes",
    "no": "no",
    "có": "yes",
    "không": "no",
    "y": "yes",
    "n": "no",
    "1": "yes",
    "0": "no",
    "x": "yes",
}


def identifiers(values: dict[str, str], today: str) -> tuple[Identifier, ...]:
    """The numbers that name the row's person. ``RowFault`` when there is none, one has a wrong length, or twelve digits
    are no citizen number. ``today``: ``YYYY-MM-DD``."""
    found: dict[str, Identifier] = {}
    for field, lengths in (("insurance_number", (10, 12)), ("personal_number", (12, 9))):
        number = values.get(field, "").translate(NOISE)
        if not number:
            continue
        if len(number) not in lengths or not (number.isascii() and number.isdigit()) or not number.strip("0"):
            name = "mã số BHXH" if field == "insurance_number" else "số định danh"
            vietnamese, english = unfit_number(number, lengths)
            raise RowFault(
                field,
                "bad-" + field.replace("_", "-"),
                f"{name} không hợp lệ: {vietnamese}. Sửa rồi gửi lại dòng này.",
                f"{field} {english}. Correct it and send the row again.",
            )
        kind = DIGITS[len(number)]
        wrong = cannot_be(number, today) if kind == "personal" else None
        if wrong:
            raise RowFault(
                field,
                "bad-personal-number",
                f"số định danh không hợp lệ: {wrong[0]}. Sửa rồi gửi lại dòng này.",
                f"not a citizen number: {wrong[1]}. Correct it and send the row again.",
            )
        if found.setdefault(kind, Identifier(kind, number)).number != number:
            raise RowFault(field, "two-identities", *TWO_IDENTITIES)
    if not found:
        raise RowFault(
            "personal_number",
            "missing-number",
            "dòng không có mã số BHXH (10 số) hay số định danh (12 số). Bổ sung rồi gửi lại dòng này.",
            "the row has neither insurance_number (10 digits) nor personal_number (12). Add one and send it again.",
        )
    return tuple(found.values())


def unfit_number(number: str, lengths: Collection[int]) -> tuple[str, str]:
    """What is wrong with a number that is not of these lengths, not of the digits 0 to 9, or all zeros."""
    if len(number) not in lengths:
        return (
            f"có {len(number)} ký tự; cần {' hoặc '.join(map(str, lengths))} chữ số",
            f"has {len(number)} characters; {' or '.join(map(str, lengths))} digits are needed",
        )
    if not (number.isascii() and number.isdigit()):
        return (
            "có ký tự không phải chữ số 0-9 (chữ cái, hay chữ số kiểu toàn khổ)",
            "has characters other than the digits 0 to 9 (letters, or digits of another script or width)",
        )
    return "toàn số 0", "is all zeros"


TWO_IDENTITIES = (
    "hai số trong dòng này thuộc hai người khác nhau đã biết. Cán bộ kiểm tra, sửa số sai, hoặc đề nghị gộp hai người.",
    "the two numbers of this row lead to two known persons. A clerk must find the wrong number, or have them merged.",
)

RECORD = (
    "full_name",
    "birth_date",
    "sex",
    "job_title",
    "card_number",
    "insurance_number",
    "personal_number",
    "decision_no",
    "home_place",
    "address",
    "phone",
    "workplace",
)


def member_record(values: dict[str, str]) -> dict[str, str]:
    """What the row states for the member record; goes to the vault only."""
    return {field: values[field] for field in RECORD if field in values}


def correction(values: dict[str, str]) -> tuple[str, Citation | None]:
    """``action`` and ``cites`` of a row. ``RowFault`` when one is there without the other, or can't be read."""
    if "action" not in values and "cites" not in values:
        return "new", None
    action = one_of(values, "action", ACTIONS) or "new"
    text = values.get("cites", "")
    if action == "new":
        if text:
            raise RowFault(
                "action",
                "citation-without-action",
                "có cột cites mà action không phải replace hay cancel. Ghi rõ rồi gửi lại dòng này.",
                "cites is given but action is neither replace nor cancel. Say which and send the row again.",
            )
        return action, None
    dossier, colon, rest = text.rpartition(":")
    line, _, version = rest.partition("@")
    if not colon or not dossier or not line or (version and not version.isdecimal()):
        raise RowFault(
            "cites",
            "missing-citation" if not text else "bad-citation",
            "sửa hay hủy phải nêu dòng gốc trong cột cites: HỒ_SƠ:DÒNG@PHIÊN_BẢN.",
            "replace and cancel must name what they correct in cites: DOSSIER:LINE@VERSION.",
        )
    return action, Citation(dossier, plain_line(line), int(version or 0))


ACTIONS = {
    "new": "new",
    "replace": "replace",
    "cancel": "cancel",
    "mới": "new",
    "thay thế": "replace",
    "sửa": "replace",
    "hủy": "cancel",
    "huỷ": "cancel",
}
