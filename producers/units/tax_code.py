"""Tax codes (mã số thuế): 10 digits of a legal entity, 10-3 of a branch. Source: feed description, section (f)."""

import re
from functools import lru_cache
from typing import NamedTuple

from schemas.ids import enterprise_id

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
SHAPE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?")


class Place(NamedTuple):
    """An enterprise id and the branch's code (10-3, with its dash), empty for the legal entity itself."""

    unit: str
    branch: str

    @property
    def key(self) -> str:
        """Names the place in identities: the branch where there is one, else the enterprise."""
        return self.branch or self.unit


def check_digit_fits(code: str) -> bool:
    """10 − (Σ dᵢ wᵢ mod 11) is the tenth digit; a remainder of 0 would need "10", so no such code exists."""
    rest = sum(int(digit) * weight for digit, weight in zip(code[:9], WEIGHTS, strict=True)) % 11
    return rest != 0 and int(code[9]) == 10 - rest


@lru_cache(maxsize=100_000)
def place_of(tax_code: str) -> Place | None:
    """Where a tax code leads: ``0200123456-001`` → (``e0200123456``, ``0200123456-001``). None: not a valid code.

    An enterprise's id derives from the first tax code it was seen under, so a roster may precede the register.
    """
    match = SHAPE.fullmatch(tax_code)
    if match is None or not check_digit_fits(match[1]) or match[2] == "000":
        return None
    return Place(enterprise_id(match[1]), f"{match[1]}-{match[2]}" if match[2] else "")
