"""A context for rules that look at nothing but the row: no database behind it."""

from typing import Any, cast

from producers.areas import ShippedAreas
from producers.units.tax_code import Place, check_digit_fits
from producers.validate.context import Context, sane_days

TODAY = "2026-11-05"
FIRM = next(f"02000000{n:02d}" for n in range(100) if check_digit_fits(f"02000000{n:02d}"))


class NoDirectory:
    """No unit code is known."""

    def place_of(self, unit_code: str, day: str) -> Place | None:
        return None


class NoDossiers:
    """No dossier replaced another."""

    def first(self, source: str, place: str, dossier: str) -> str:
        return dossier


def context(**more: Any) -> Context:
    """The file states nothing unless told."""
    return Context(
        source="bhxh",
        file="file.csv",
        sha256="f" * 64,
        today=TODAY,
        days=sane_days(TODAY),
        directory=cast(Any, NoDirectory()),
        dossiers=cast(Any, NoDossiers()),
        areas=ShippedAreas(),
        **more,
    )


def d02(**more: str) -> dict[str, str]:
    """A valid D02 row; an empty value leaves the cell out."""
    row = {"tax_code": FIRM, "dossier_no": "HS-1", "insurance_number": "7900000001", "movement_code": "TM"}
    row |= {"from_month": "10/2026", "full_name": "Trần Thị Một"} | more
    return {name: value for name, value in row.items() if value}
