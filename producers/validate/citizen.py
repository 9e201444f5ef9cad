"""The citizen number (số định danh cá nhân, 12 digits): what its structure says, and what can't be one.

Source: circular 59/2021/TT-BCA, article 4, and decree 137/2015/NĐ-CP: 3 digits of the province (or country) where
the birth was registered, 1 of century and sex, 2 of the year of birth, 6 random. It has no check digit. Provinces were
not renumbered when they merged in 2025.
"""

from collections.abc import Mapping

from producers.vault.record import YEAR

PROVINCES = frozenset(
    f"{code:03d}"
    for code in (
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
        34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
        67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
    )
)  # fmt: skip
"""Codes of the 63 provinces and cities (circular 07/2016/TT-BCA, appendix 1, taken over by circular 59/2021/TT-BCA).

Of those born abroad it is the country's code, 100 and above (the circular's second appendix). No copy of that list
could be checked when this was written: what is public quotes the provinces alone. So any such code is taken, lest the
number of somebody born abroad were refused for a code that a guessed list leaves out; a wrong one still has to pass the
century, the sex and the year of birth."""

CENTURIES = {"0": 1900, "1": 1900, "2": 2000, "3": 2000}
MALE = frozenset("02")


def cannot_be(number: str, today: str) -> tuple[str, str] | None:
    """Why 12 digits are no citizen number, in Vietnamese and English; None when they may be one. ``today``: YYYY-MM-DD.

    The sentences do not quote the number.
    """
    if number[:3] not in PROVINCES and int(number[:3]) < 100:
        return ("ba số đầu không phải mã tỉnh nào", "the first three digits are the code of no province")
    century = CENTURIES.get(number[3])
    if century is None:
        return ("số thứ tư (thế kỷ, giới tính) phải từ 0 đến 3", "the fourth digit (century and sex) must be 0 to 3")
    if century + int(number[4:6]) > int(today[:4]):
        return ("năm sinh trong số nằm ở tương lai", "the year of birth in the number lies in the future")
    return None


def born_in(number: str) -> int | None:
    """The year of birth that a citizen number says; None when it is none."""
    century = CENTURIES.get(number[3:4]) if len(number) == 12 and number.isdecimal() else None
    return century + int(number[4:6]) if century is not None else None


def disagreements(record: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where the citizen number and the record say different things, in Vietnamese and English, without quoting either.

    Noted, not refused: registers have more wrong birth dates than wrong numbers, and the number is the identity.
    """
    number = record.get("personal_number", "")
    year = born_in(number)
    if year is None:
        return []
    found: list[tuple[str, str]] = []
    stated = YEAR.search(record.get("birth_date", ""))
    if stated and int(stated[0]) != year:
        found.append(
            ("năm sinh khác với số định danh", "the year of birth is not the one that the personal number says")
        )
    sex = record.get("sex", "").casefold()
    male = True if sex in ("nam", "1", "male", "m") else False if sex in ("nữ", "nu", "0", "female", "f") else None
    if male is not None and male != (number[3] in MALE):
        found.append(("giới tính khác với số định danh", "the sex is not the one that the personal number says"))
    return found
