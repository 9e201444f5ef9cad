"""Movement code out of what a form says: a code, ``TM - Tăng mới``, or the bare label."""

import re
from functools import cache, lru_cache

from producers.readers.texts import clean, fold

_CODE = re.compile(r"[A-Za-z]{2}[0-9]?\Z")
_PREFIX = re.compile(r"([A-Za-z]{2}[0-9]?)\s*[-–]\s*\S")
_FORM = re.compile(r"(?:mau)?(dk05|d05|d02)(?:lt|ts)?\Z")


@cache
def _labels() -> dict[tuple[str, str], str]:
    """(form, folded Vietnamese label) -> code. Labels shared by codes of one class give the first of the table."""
    from schemas.codes import code_table  # not above: a sheet process needs no code table and starts sooner

    found: dict[tuple[str, str], str] = {}
    for (form, code), row in code_table().items():
        found.setdefault((form, fold(row.label_vi)), code)
    return found


@lru_cache(maxsize=4096)
def form_of(text: str) -> str:
    """``D02``, ``D05`` or ``DK05`` of ``D02-LT``, ``Mẫu D02-TS``…; the text itself if it is none of them."""
    found = _FORM.match(fold(text))
    return found.group(1).upper() if found else text


@lru_cache(maxsize=4096)
def movement_code(code: str, label: str, form: str = "") -> str:
    """The code of a row: the stated code, else the prefix of the label, else the label looked up, else as stated.

    Workbooks written by tools lack the cached value of the code's formula, so ``code`` may be empty.
    An unknown code comes back as stated: validation names it.
    """
    for stated in (clean(code), clean(label)):
        if _CODE.match(stated):
            return stated.upper()
        if found := _PREFIX.match(stated):
            return found.group(1).upper()
        for one in (form,) if form in ("D02", "D05") else ("D02", "D05"):
            if stated and (known := _labels().get((one, fold(stated)))):
                return known
    return code or label
