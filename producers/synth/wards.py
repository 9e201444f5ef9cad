"""Ward codes of the city by day: a code means nothing without its scheme and date."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Wards:
    """Codes of the scheme before and since 2025-07-01, and the first day of the new one."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    changed_on: str

    def on(self, day: str, bits: int) -> str:
        """A ward code that is valid on the ISO day."""
        codes = self.new if day >= self.changed_on else self.old
        return codes[bits % len(codes)]


@cache
def wards() -> Wards:
    """Read ``schemas/areas``, the dated table that the whole product shares."""
    with (files("schemas") / "areas" / "haiphong_areas.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["level"] == "ward"]
    new = [row for row in rows if row["scheme"] == "new"]
    return Wards(
        old=tuple(row["code"] for row in rows if row["scheme"] == "old"),
        new=tuple(row["code"] for row in new),
        changed_on=new[0]["valid_from"],
    )
