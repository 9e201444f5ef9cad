"""Rows below a list that are no rows of it: totals, and who signs. One rule for every feed and both kinds of tables."""

import re

from producers.readers.texts import fold

_COUNTED = "nguoi|laodong|nguoilaodong|nld|cnvcld|congnhan|doanvien|donvi|doanhnghiep|[0-9]"
_TOTAL = re.compile(rf"((tongcong|tongso|congtong|total)(so)?|cong|tong)({_COUNTED})*")
"""Whole texts only: *Tổng công ty Hoa Mai* is a firm."""
_DATED = re.compile(r"[a-z]{0,30}ngay[0-9]{0,2}thang[0-9]{0,2}nam([0-9]{4})?")
_SIGNING = (
    *("nguoilap", "nguoikekhai", "nguoikiemtra", "giamdoc", "tonggiamdoc", "phogiamdoc"),
    *("kyten", "kyghiro", "kyhoten", "kyvaghiro", "kydongdau", "kysoboi", "daidiendonvi", "nguoisudunglaodong"),
    *("xacnhancua", "tmbanchaphanh", "bangchu"),
)
_MARKED = {"thutruong": "thủ trưởng", "ketoan": "kế toán"}
"""Without marks these may be a name (*Thu Trường*): with marks they must be the word."""
_MOST_CELLS = 4
_COUNT = re.compile(r"[0-9]{1,3}([.,]?[0-9]{3})?")
_MAY_COUNT = frozenset({"line", "full_name", "name"})
"""Columns in which the number of a total may stand: nobody is known by one there."""


def is_closing(values: dict[str, str]) -> bool:
    """Whether a row holds nothing but words of a total or a signature, and perhaps a count beside them.

    Strict, since a person passed over is a person lost: no number of a person, no code, no date, no other word.
    """
    if len(values) > _MOST_CELLS:
        return False
    words = 0
    for name, text in values.items():
        if not text[0].isdigit() and _says_so(text):
            words += 1
        elif name not in _MAY_COUNT or not _COUNT.fullmatch(text):
            return False
    return words > 0


def _says_so(text: str) -> bool:
    folded = fold(text)
    if folded.startswith(_SIGNING) or _TOTAL.fullmatch(folded) or _DATED.fullmatch(folded):
        return True
    return any(
        folded.startswith(bare) and (text.isascii() or text.casefold().startswith(marked))
        for bare, marked in _MARKED.items()
    )
