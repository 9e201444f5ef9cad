"""What a file's rows share: where they speak for when they don't say it themselves, and the day of today."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from producers.areas import ShippedAreas
from producers.index.dossiers import Dossiers
from producers.readers import FeedKind, Reading
from producers.readers.dates import parse_day
from producers.units.directory import UnitDirectory
from producers.units.tax_code import Place, place_of
from producers.validate.claims import FileFault, RowFault
from producers.validate.unitnames import UNIT_CODE, shown_unit


@dataclass(slots=True)
class Context:
    """``place`` and ``dossier`` are the file's own, or the user's; empty where neither says it. ``unit_code``: by which
    ``place`` was found, as it was on the day of the dossier; each row speaks for its holder on the row's own day.

    ``days``: first and last acceptable day. ``replaces``: the dossier that the file restates whole, or empty.
    """

    source: str
    file: str
    sha256: str
    today: str
    days: tuple[str, str]
    directory: UnitDirectory
    dossiers: Dossiers
    areas: ShippedAreas
    place: Place | None = None
    place_is_option: bool = False
    unit_code: str = ""
    option: str = ""
    dossier: str = ""
    dossier_derived: bool = False
    form: str = ""
    replaces: str = ""

    def identity_dossier(self, place: Place, dossier: str) -> str:
        """The number under which a dossier's lines have their identity."""
        return self.dossiers.first(self.source, place.key, self.replaces or dossier)

    def place_on(self, day: str) -> Place | None:
        """Where the file speaks for on a day: a unit code is handed on, and the register says when."""
        return self.directory.place_of(self.unit_code, day) if self.unit_code else self.place


def said_of(context: Context) -> dict[str, str]:
    """What the file or the command said for its rows, for judging one of them again later. Nothing personal."""
    said = {
        "place": context.place.key if context.place else "",
        "place_is_option": "yes" if context.place_is_option else "",
        "unit_code": context.unit_code,
        "option": context.option,
        "dossier": context.dossier,
        "dossier_derived": "yes" if context.dossier_derived else "",
        "form": context.form,
        "replaces": context.replaces,
    }
    return {name: value for name, value in said.items() if value}


def place_of_key(key: str) -> Place | None:
    """The place that ``Place.key`` names; None for what is none."""
    return Place(key, "") if re.fullmatch(r"e[0-9]{10}", key) else place_of(key)


OF_A_PLACE = (FeedKind.D02, FeedKind.ROSTER)
"""Feeds whose file may say for all its rows where they speak for. Of members the option is a union, which is theirs to
read; rows of registers name their subjects themselves."""

FIRST_DAY = "1950-01-01"
YEARS_AHEAD = 2


def sane_days(today: str) -> tuple[str, str]:
    """1950 to today + 2 years: outside of it a date is a typing error."""
    return FIRST_DAY, f"{int(today[:4]) + YEARS_AHEAD:04d}{today[4:]}"


class StatedPlace(NamedTuple):
    """Where a file speaks for, whether only ``--unit`` says so, and the unit code by which it was found, if by one."""

    place: Place | None
    is_option: bool
    unit_code: str


def stated_place(reading: Reading, option: str, directory: UnitDirectory, today: str) -> StatedPlace:
    """Where a file of ``OF_A_PLACE`` speaks for: its envelope or cover, else ``--unit``. A unit code is taken as of
    ``dossier_day``, so that a file says the same whenever it is sent.

    ``FileFault`` when what they say is no valid tax code or no known unit code.
    """
    if reading.kind not in OF_A_PLACE:
        return StatedPlace(None, False, "")
    day = dossier_day(reading, today)
    entity = place_of(option) if option else None
    chosen = entity or directory.place_of(option, day) if option else None
    if option and chosen is None:
        raise FileFault(
            "bad-unit",
            f"--unit{shown_unit(option)} không phải mã số thuế hợp lệ hay mã đơn vị đã biết."
            " Dùng mã số thuế của đơn vị.",
            f"--unit{shown_unit(option)} is neither a valid tax code nor a known unit code. Give the unit's tax code.",
        )
    if reading.tax_code:
        place = place_of(reading.tax_code)
        if place is None:
            raise FileFault(
                "bad-tax-code",
                "mã số thuế của hồ sơ không hợp lệ (sai số kiểm tra). Sửa rồi gửi lại.",
                "the tax code of the dossier fails its check digit. Correct it and send again.",
            )
        return StatedPlace(place, False, "")
    if reading.unit_code:
        place = directory.place_of(reading.unit_code, day)
        if place:
            return StatedPlace(place, False, reading.unit_code)
        if chosen is None:
            raise FileFault("unknown-unit-code", *unknown_unit_code(reading.unit_code))
    return StatedPlace(chosen, chosen is not None, "" if entity else option)


def dossier_day(reading: Reading, today: str) -> str:
    """The day for which a file as a whole speaks: its period, else its date, else today."""
    return reading.period or parse_day(reading.dossier_date) or today


def unknown_unit_code(code: str) -> tuple[str, str]:
    """The sentences for a unit code that no register row has stated."""
    shown = f" {code}" if UNIT_CODE.fullmatch(code) else ""
    return (
        f"mã đơn vị{shown} chưa gắn với doanh nghiệp nào. Nạp danh sách doanh nghiệp có mã đơn vị này, hoặc gửi lại với"
        " --unit MÃ_SỐ_THUẾ.",
        f"unit code{shown} belongs to no known enterprise. Load the enterprise register with that unit_code, or use"
        " --unit TAX_CODE.",
    )


def row_place(values: dict[str, str], context: Context, day: str) -> Place:
    """Where a row speaks for: its tax code, its unit code, its file, ``--unit``. ``RowFault`` when none says it."""
    tax_code = values.get("tax_code", "")
    if tax_code:
        return tax_place(tax_code)
    unit_code = values.get("unit_code", "")
    if unit_code:
        place = context.directory.place_of(unit_code, day)
        if place is None and context.place_is_option:
            place = context.place_on(day)
        if place is None:
            raise RowFault("unit_code", "unknown-unit-code", *unknown_unit_code(unit_code))
        return place
    place = context.place_on(day)
    if place is None:
        raise RowFault(
            "tax_code",
            "missing-unit",
            "không biết dòng này thuộc đơn vị nào. Ghi mã số thuế vào dòng, hoặc gửi lại với --unit MÃ.",
            "neither the row nor the file says which unit it speaks for. Add tax_code, or use --unit TAX_OR_UNIT_CODE.",
        )
    return place


def codes_differ(tax_code: str, unit_code: str, directory: UnitDirectory, day: str) -> bool:
    """Whether a stated unit code is known, and of another enterprise than the tax code beside it.

    The tax code counts (``row_place``, ``stated_place``): it is what an enterprise's id is made of, the unit code is an
    alias that the register hands on, and a dossier must count the same before and after the register comes.
    """
    place = place_of(tax_code)
    holder = directory.place_of(unit_code, day) if place and unit_code else None
    return place is not None and holder is not None and holder.unit != place.unit


def tax_place(tax_code: str, field: str = "tax_code") -> Place:
    """The place of a tax code. ``RowFault`` ``bad-tax-code`` when its shape or check digit is wrong."""
    place = place_of(tax_code)
    if place is None:
        raise RowFault(
            field,
            "bad-tax-code",
            "mã số thuế phải có 10 chữ số (chi nhánh: 10-3) và đúng số kiểm tra. Sửa rồi gửi lại dòng này.",
            "a tax code has 10 digits (a branch 10-3) and a valid check digit. Correct it and send the row again.",
        )
    return place
