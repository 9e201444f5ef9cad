"""D02 and D05: a declared movement of one person at one unit, for a month (feed description, sections a to d)."""

import re

from producers.validate.cited_place import cited_place
from producers.validate.claims import Citation, PersonClaim, RowFault, Stated
from producers.validate.context import Context, row_place
from producers.validate.fields import a_day, a_month, correction, identifiers, member_record
from producers.validate.offices import begins_as_a_name, parted
from producers.validate.periods import check_months
from producers.validate.personal import (
    ANY_DAY,
    holds_citizen_number,
    holds_name_of,
    holds_number_of,
    plain_words,
    reads_like_a_name,
)
from schemas.codes import Code, code_table, code_table_version
from schemas.ids import line_fact_id
from schemas.persons import Change

SOURCE = "bhxh"
DOSSIER_LENGTH = 100
OTHER_DIGITS = (9, 10)
QUOTABLE_CODE = re.compile(r"[A-Z]{2}[0-9]?")


def d02_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """One fact. A health code stays out of it; form D05 (voluntary insurance) is noted, without effect.

    ``RowFault``: refused form, unknown code, missing month, wrong numbers, no unit, no dossier.
    """
    form = _form(values.get("form", "") or context.form)
    action, citation = correction(values)
    if action == "cancel":
        return _withdrawal(values, context, citation)
    code = _code(values, form)
    died_on = a_day(values, "died_on", context) if code.change is Change.DIED else ""
    day, precision = died_on, "day"
    if not died_on or values.get("from_month"):
        month = a_month(values, "from_month", context)
        check_months(values, *month, leaving=code.code_class in ("leave", "death"))
        day, precision = (died_on, "day") if died_on else month
    place = row_place(values, context, day)
    dossier = _dossier(values, context)
    claim = PersonClaim(
        source=SOURCE,
        change=code.change.value,
        unit=place.unit,
        branch=place.branch,
        day=day,
        precision=precision,
        form=form,
        code="" if code.health else code.code,
        code_class=code.code_class,
        code_table=code_table_version(),
        short_contract=code.short_contract,
        secret_code=code.code if code.health else "",
        fact=line_fact_id(SOURCE, place.key, context.identity_dossier(place, dossier), form, line),
    )
    return Stated(dossier, place, [claim], identifiers(values, context.today), member_record(values), action, citation)


def _withdrawal(values: dict[str, str], context: Context, citation: Citation | None) -> Stated:
    """A row that only withdraws needs no content of its own: the citation says what goes."""
    place = cited_place(values, context, citation) if citation else row_place(values, context, context.today)
    return Stated(_dossier(values, context), place, [], action="cancel", citation=citation)


def _form(text: str) -> str:
    form = text.upper().replace(" ", "")
    for known in ("D02", "D05"):
        if not form or form.startswith(known):
            return known if form else "D02"
    shown = f' "{form}"' if re.fullmatch(r"[A-Z]{1,3}\d{1,2}(-[A-Z]{1,3})?", form) else ""
    raise RowFault(
        "form",
        "refused-form",
        f"mẫu{shown} không được nhận ở đây; chỉ nhận D02 (bắt buộc) và D05 (tự nguyện). Kê khai lại theo mẫu đúng.",
        f"form{shown} is not taken in; only D02 (compulsory) and D05 (voluntary) are. Declare it on the right form.",
    )


def _code(values: dict[str, str], form: str) -> Code:
    text = values.get("movement_code", "").upper()
    if not text:
        raise RowFault(
            "movement_code",
            "missing-movement-code",
            "thiếu mã phương án. Điền mã phương án rồi gửi lại dòng này.",
            "the movement code is missing. Fill it in and send the row again.",
        )
    code = code_table().get((form, text))
    if code is None:
        shown = f' "{text}"' if QUOTABLE_CODE.fullmatch(text) else ""
        raise RowFault(
            "movement_code",
            "unknown-movement-code",
            f"mã phương án{shown} không có trong mẫu {form}. Sửa rồi gửi lại, hoặc bổ sung mã vào schemas/codes.csv.",
            f"movement code{shown} is not known for form {form}. Correct it and send the row again, or add the code to"
            " schemas/codes.csv.",
        )
    return code


def _dossier(values: dict[str, str], context: Context) -> str:
    stated = " ".join(values.get("dossier_no", "").split())
    dossier = stated or context.dossier
    if not dossier:
        raise RowFault(
            "dossier_no",
            "missing-dossier",
            "không có số hồ sơ trong dòng hay trong tệp. Ghi số hồ sơ, hoặc gửi lại với --dossier SỐ.",
            "neither the row nor the file states a dossier number. Add dossier_no, or send it again with --dossier NO.",
        )
    if len(dossier) > DOSSIER_LENGTH:
        raise RowFault(
            "dossier_no",
            "bad-dossier",
            f"số hồ sơ dài hơn {DOSSIER_LENGTH} ký tự. Sửa rồi gửi lại dòng này.",
            f"the dossier number is longer than {DOSSIER_LENGTH} characters. Correct it and send the row again.",
        )
    wrong = not names_a_dossier(stated, values) if stated else says_of_its_row(dossier, values)
    if wrong:
        raise RowFault(
            "dossier_no",
            "bad-dossier",
            "cột số hồ sơ chứa họ tên hay số của một người, có thể vì lệch cột. Sửa rồi gửi lại dòng này.",
            "dossier_no looks like a person's name or number; perhaps columns moved. Correct it and send again.",
        )
    return dossier


def says_of_its_row(dossier: str, values: dict[str, str]) -> bool:
    """Whether the file's own dossier number (already judged by itself) names the person of this row."""
    return holds_number_of(dossier, values) or holds_name_of(dossier, values)


def names_a_dossier(text: str, values: dict[str, str] | None) -> bool:
    """Whether what a sender stated as dossier number may go onto the log: a person's name or number must not.

    Words of offices, firms and places say nothing of a person (``producers.validate.offices``). Of the others, refused
    anywhere in the text: 12 digits that may be a citizen number, the row's own numbers and name, two words with marks,
    a surname with a word behind it, three words. 9 or 10 digits alone may be a dossier, or a person's number whose
    column has moved: they are a dossier where the row (``values``; None: there is none) names its person in the right
    columns.
    """
    left = parted(text).left
    if holds_citizen_number(text) or reads_like_a_name(left) or begins_as_a_name(left) or plain_words(left) > 2:
        return False
    if values is not None and (holds_number_of(text, values) or holds_name_of(text, values)):
        return False
    if not any(map(str.isdigit, text)):
        return text.isascii() and " " not in text and bool(text)
    bare = re.sub(r"[\s.\-]", "", text)
    if values is None or len(bare) not in OTHER_DIGITS or not (bare.isdecimal() and bare.isascii()):
        return True
    try:
        identifiers(values, ANY_DAY)
    except RowFault:
        return False
    return True
