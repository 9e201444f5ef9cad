"""The example row of each template, and how a row says that it is one.

A template's example carries ``VÍ DỤ`` in its line column. Left in as it is, it is passed over; with other content it is
refused, lest somebody's real row, typed over the example, got lost without a word.
"""

from producers.readers.model import FeedKind
from producers.readers.texts import fold

MARK = "VÍ DỤ"
TEMPLATE_SHEETS = frozenset({"huongdan", "danhmuc"})
"""Folded names of the sheets of a template that are no list: the guide, and the allowed values."""

_PERSON = {"full_name": "Nguyễn Văn A", "insurance_number": "0123456789", "personal_number": "012345678901"}
_FIRM = "0200123457"

EXAMPLES: dict[FeedKind, dict[str, str]] = {
    FeedKind.D02: {
        "tax_code": _FIRM, "dossier_no": "HS-2026-001", "form": "D02", **_PERSON, "movement_code": "TM",
        "from_month": "10/2026",
    },
    FeedKind.ROSTER: {
        "tax_code": _FIRM, **_PERSON, "from_month": "01/2025", "as_of": "2026-10-01", "complete": "có",
    },
    FeedKind.ENTERPRISE: {
        "tax_code": _FIRM, "unit_code": "TA0001A", "name": "Công ty TNHH Ví Dụ", "effective_on": "2026-01-01",
        "ownership": "tư nhân", "eligible_agreement": "có", "eligible_party": "không", "registered_on": "2015-03-20",
    },
    FeedKind.UNION: {
        "union_code": "CD-VIDU", "name": "CĐCS Công ty TNHH Ví Dụ", "tax_codes": f"{_FIRM};{_FIRM}-001",
        "effective_on": "2026-01-01", "founded_on": "2020-05-01", "upper_union": "CDTP",
    },
    FeedKind.MEMBER: {
        **_PERSON, "union_code": "CD-VIDU", "change": "kết nạp", "effective_on": "2026-10-02",
        "decision_no": "12/QĐ-CĐCS",
    },
    FeedKind.AGREEMENT: {
        "agreement_code": "TU-VIDU", "tax_codes": _FIRM, "signed_on": "2026-01-01", "ends_on": "2028-12-31",
    },
    FeedKind.PARTY: {"organisation_code": "CB-VIDU", "tax_codes": _FIRM, "founded_on": "2026-01-01"},
}  # fmt: skip
"""Canonical name -> text of the example, without the mark."""


def says_example(line: str) -> bool:
    """Whether a line column holds the mark, in whatever spelling."""
    return not line.isdecimal() and fold(line) in ("vidu", "example")


def is_example(kind: FeedKind, values: dict[str, str]) -> bool:
    """Whether a marked row is the template's own, untouched."""
    return {name: text for name, text in values.items() if name != "line"} == EXAMPLES[kind]
