"""What a reader hands over: readings of typed rows, and the limits that hostile files run into."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class FeedKind(StrEnum):
    """What a file's content says it is; the name of the file has no part in it."""

    D02 = "d02"
    ROSTER = "opening-roster"
    ENTERPRISE = "enterprise-register"
    UNION = "union-register"
    MEMBER = "member-register"
    AGREEMENT = "agreement-register"
    PARTY = "party-register"


@dataclass(slots=True)  # not frozen: that takes a microsecond a row
class Row:
    """One row. ``line``: the stated line (STT, ``line``, ID), else the row's number in the file or sheet.

    ``place`` is for a person. ``values``: canonical English name -> text as stated, stripped, NFC; absent or empty
    cells are left out. Numbers and dates of a spreadsheet become text by the rules of ``cells``.
    """

    line: str
    place: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that the reader itself cannot make sense of; ``message`` holds no value of the row."""

    line: str
    place: str
    field: str
    reason: str
    message: str
    values: dict[str, str]


@dataclass
class Reading:
    """One list of rows of one kind. ``rows`` can be walked once.

    Walking ``rows`` may raise FileRefused at any row: then nothing of this reading may be used.
    ``notes`` may still grow while the rows are walked.
    """

    kind: FeedKind
    file: str  # name without folders; "outer/inner" for a part of a ZIP or an envelope
    sha256: str  # hex, of the whole outer file
    rows: Iterator[Row | RowRefused]
    part_sha256: str = ""  # hex, of the inner file; the same as ``sha256`` outside a ZIP or an envelope
    form: str = ""  # D02, D05, DK05; "" where the rows say it, or for registers
    unit_code: str = ""  # as an envelope or a cover states it
    tax_code: str = ""
    dossier: str = ""  # stated number, or procedure/period/date of the envelope
    dossier_derived: bool = False  # an envelope without a number: two dossiers of one day share it
    dossier_date: str = ""
    period: str = ""  # first day of the month that an envelope declares for
    signed: bool = False  # a signature element is present; it is not verified
    ignored_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one outer file. Every one of them ends in a FileRefused, never in an exhausted machine."""

    max_file_bytes: int = 2 << 30
    max_unpacked_bytes: int = 1 << 30  # all members of a ZIP or XLSX together, as really inflated
    max_ratio: int = 250  # inflated : packed, for members above ``ratio_from_bytes``; deflate itself ends near 1,000
    ratio_from_bytes: int = 16 << 20
    max_members: int = 2_000
    max_line_chars: int = 1_000_000
    max_value_chars: int = 32_767  # a spreadsheet cell cannot hold more either
    max_columns: int = 1_000
    max_inner_bytes: int = 256 << 20  # one base64 file of an envelope
    in_process_bytes: int = 128 << 20  # a workbook that may need more is read in a process of its own ...
    whole_bytes: int = 700 << 20  # ... and in slices beyond this; in truth half of it, 300,000 rows of a dossier
    max_process_bytes: int = 2 << 30  # address space of that process
    max_process_seconds: int = 300  # CPU seconds of that process
    max_xml_depth: int = 64


DEFAULT_LIMITS = Limits()
