"""The movement code table (``codes.csv``): form and code -> class and change. Codes change meaning by form.

Source: code lists A, B, C, E of the feed description; classes follow from the labels.
Form DK05 is refused (meaning, rule 3).
"""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.persons import Change


@dataclass(frozen=True, slots=True)
class Code:
    """A movement code. ``health`` codes (sick, maternity, unpaid) never reach the log, only their class does."""

    form: str
    code: str
    label_vi: str
    label_en: str
    code_class: str
    change: Change
    health: bool
    short_contract: bool


@cache
def code_table() -> dict[tuple[str, str], Code]:
    """All known codes by (form, code); a form is ``D02`` or ``D05``."""
    with (files("schemas") / "codes.csv").open(encoding="utf-8") as lines:
        return {
            (row["form"], row["code"]): Code(
                form=row["form"],
                code=row["code"],
                label_vi=row["label_vi"],
                label_en=row["label_en"],
                code_class=row["class"],
                change=Change(row["change"]),
                health=row["health"] == "1",
                short_contract=row["short_contract"] == "1",
            )
            for row in csv.DictReader(lines)
        }


@cache
def code_table_version() -> str:
    """First 12 hex digits of the table's SHA-256: every fact says which table classified it."""
    return hashlib.sha256((files("schemas") / "codes.csv").read_bytes()).hexdigest()[:12]
