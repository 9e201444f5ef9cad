"""Fields of the member record: the admission form's (họ tên, ngày sinh, giới tính, quê quán, nơi ở, số định danh, điện
thoại, nơi làm việc, nghề nghiệp), the card and the decision. Ethnicity, which the form has too, is sensitive (law
91/2025) and nobody here needs it: it is not kept.
"""

import re
from collections.abc import Mapping

from producers.members.errors import MemberError
from producers.readers.dates import parse_day
from producers.validate.fields import unfit_number

LABELS: dict[str, tuple[str, str]] = {
    "full_name": ("Họ và tên", "full name"),
    "birth_date": ("Ngày sinh", "date of birth"),
    "sex": ("Giới tính", "sex"),
    "home_place": ("Quê quán", "home place"),
    "address": ("Nơi ở hiện nay", "address"),
    "phone": ("Số điện thoại", "phone"),
    "personal_number": ("Số định danh", "personal number"),
    "insurance_number": ("Mã số BHXH", "insurance number"),
    "workplace": ("Nơi làm việc", "workplace"),
    "job_title": ("Nghề nghiệp, chức danh", "job"),
    "card_number": ("Số thẻ đoàn viên", "card number"),
    "decision_no": ("Số quyết định", "decision"),
    "admitted_on": ("Ngày vào công đoàn", "admitted on"),
}
"""Field -> label in Vietnamese and English, in the order of the form."""

NUMBERS = {"personal_number": (12, 9), "insurance_number": (10, 12)}
SEXES = {"nam": "nam", "nữ": "nữ", "nu": "nữ", "male": "nam", "female": "nữ", "1": "nam", "0": "nữ"}
LONGEST = 200
BIRTH = re.compile(r"(?:\d\d/)?(?:19|20)\d\d")


def checked(field: str, value: str) -> str:
    """The value as it is kept; empty takes the field away. ``MemberError`` for an unknown field or a wrong value.

    The sentence does not quote the value: it is personal.
    """
    if field not in LABELS:
        raise MemberError(f"{field!r} is no field of the member record. Fields: {', '.join(LABELS)}.")
    text = " ".join(value.split())
    if len(text) > LONGEST or not text.isprintable():
        raise MemberError(f"{field}: more than {LONGEST} characters, or some that can't be printed. Shorten it.")
    if not text:
        if field in NUMBERS:
            raise MemberError(f"{field} can be corrected, not taken away: state the right number.")
        return ""
    if field in NUMBERS:
        return _number(field, text)
    if field == "sex":
        return _sex(text)
    if field in ("birth_date", "admitted_on"):
        return _date(field, text)
    if field == "phone" and not re.fullmatch(r"\+?[0-9 .()-]{8,20}", text):
        raise MemberError("phone: 8 to 20 digits are needed.")
    return text


def _number(field: str, text: str) -> str:
    digits = text.translate(str.maketrans("", "", " .-"))
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in NUMBERS[field] or not digits.strip("0"):
        raise MemberError(f"{field} {unfit_number(digits, NUMBERS[field])[1]}.")
    return digits


def _sex(text: str) -> str:
    if text.casefold() not in SEXES:
        raise MemberError("sex: nam or nữ.")
    return SEXES[text.casefold()]


def _date(field: str, text: str) -> str:
    day = parse_day(text)
    if day is None and not (field == "birth_date" and BIRTH.fullmatch(text)):
        raise MemberError(f"{field}: write YYYY-MM-DD or DD/MM/YYYY (a birth may be MM/YYYY or YYYY).")
    return day or text


def shown(record: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, value) in the order of the form, those that are stated; the sex in words."""
    values = [(field, record[field]) for field in LABELS if record.get(field)]
    return [(field, SEXES.get(value.casefold(), value) if field == "sex" else value) for field, value in values]
