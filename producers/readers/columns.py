"""What a header row makes of a file: its kind, the columns that are kept, and what is wrong with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from producers.readers.harmless import is_known_title
from producers.readers.model import FeedKind
from producers.readers.refusals import FileRefused
from producers.readers.texts import fold, shown
from producers.readers.vocabulary import is_dropped, name_of

_PERSON_NUMBER = ("insurance_number", "personal_number")
_REQUIRED: dict[FeedKind, tuple[tuple[str, ...], ...]] = {  # each group: one of these columns
    FeedKind.D02: (("movement_code", "movement_label"), _PERSON_NUMBER, ("from_month", "died_on")),
    FeedKind.ROSTER: (_PERSON_NUMBER, ("from_month",), ("as_of",)),
    FeedKind.ENTERPRISE: (("tax_code",),),
    FeedKind.UNION: (("union_code",),),
    FeedKind.MEMBER: (_PERSON_NUMBER, ("change", "card_number")),
    FeedKind.AGREEMENT: (("agreement_code",), ("tax_codes",)),
    FeedKind.PARTY: (("organisation_code",), ("tax_codes",)),
}


@dataclass(frozen=True)
class Header:
    """What a header row says: the kind, and (index, canonical name) of the columns that are kept."""

    kind: FeedKind
    columns: tuple[tuple[int, str], ...]
    ignored: tuple[str, ...] = ()
    width: int = 0  # up to the last column with a title
    full_width: int = 0  # with untitled columns at the end
    twice: tuple[str, int, int] | None = None  # canonical name and the 0-based indexes of its two columns
    missing: tuple[str, ...] = field(default=())

    def require(self, file: str, place: str) -> None:
        """Raise FileRefused when a column stands twice or a needed one is missing."""
        if self.twice:
            name, first, second = self.twice
            raise FileRefused(
                "duplicate-header", file, place, what=name, first=column_letter(first), second=column_letter(second)
            )
        if self.missing:
            raise FileRefused("missing-columns", file, place, kind=self.kind.value, what=", ".join(self.missing))


def column_letter(index: int) -> str:
    """Spreadsheet letter of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def told_title(title: str, index: int) -> str:
    """A column's title for the log, or its letter: a title may be anything, also the person who drew the list up."""
    return shown(title) if is_known_title(title) else f"cột {column_letter(index)} / column {column_letter(index)}"


def _kind_of(found: dict[FeedKind, set[str]]) -> FeedKind | None:
    """The kind by its telling columns; at least two known columns, so that a cover line is not taken for a header."""
    numbers = set(_PERSON_NUMBER)
    d02, union = found[FeedKind.D02], found[FeedKind.UNION]
    enterprise, member = found[FeedKind.ENTERPRISE], found[FeedKind.MEMBER]
    tests = (
        (FeedKind.D02, d02 & {"movement_code", "movement_label"} or ("cites" in d02 and d02 & {"dossier_no"})),
        (FeedKind.ROSTER, found[FeedKind.ROSTER] & {"as_of"}),
        (FeedKind.MEMBER, member & {"change", "card_number"} or ("union_code" in member and member & numbers)),
        (FeedKind.AGREEMENT, found[FeedKind.AGREEMENT] & {"agreement_code"}),
        (FeedKind.PARTY, found[FeedKind.PARTY] & {"organisation_code"}),
        (FeedKind.UNION, union & {"union_code"} and not enterprise & {"ownership", "area_code", "registered_on"}),
        (FeedKind.ENTERPRISE, enterprise & {"tax_code"} and len(enterprise) > 1 and "full_name" not in member),
        (FeedKind.MEMBER, {"full_name", "effective_on"} <= member),  # a member list without any official number
    )
    return next((kind for kind, says_so in tests if says_so and len(found[kind]) > 1), None)


def read_header(cells: Sequence[str], *, first_wins: bool = False) -> Header | None:
    """What this row is as a header; None if it is none. ``first_wins``: the template repeats codes in stale columns."""
    if sum(1 for cell in cells if cell) < 2:
        return None
    found = {kind: {name for cell in cells if cell and (name := name_of(kind, cell))} for kind in FeedKind}
    kind = _kind_of(found)
    if kind is None:
        return None
    columns: dict[str, int] = {}
    twice: tuple[str, int, int] | None = None
    ignored: list[str] = []
    for index, cell in enumerate(cells):
        name = name_of(kind, cell) if cell else None
        if name is None:
            folded = fold(cell)
            if folded and not (kind is FeedKind.D02 and is_dropped(folded)):
                ignored.append(told_title(cell, index))
        elif name not in columns:
            columns[name] = index
        elif not first_wins and twice is None:
            twice = (name, columns[name], index)
    missing = [] if "cites" in columns else [g for g in _REQUIRED[kind] if not columns.keys() & set(g)]
    return Header(
        kind,
        tuple(sorted((index, name) for name, index in columns.items())),
        tuple(ignored),
        max((i + 1 for i, cell in enumerate(cells) if cell), default=0),
        len(cells),
        twice,
        tuple(" / ".join(group) for group in missing),
    )


def is_header_again(kind: FeedKind, values: dict[str, str]) -> bool:
    """Whether a row below the header states the titles once more, as lists do that were printed page by page: every
    kept cell holds a title of its own column."""
    return len(values) > 1 and all(
        not text[0].isdigit() and name_of(kind, text) == name for name, text in values.items()
    )


def is_numbering(cells: Sequence[str]) -> bool:
    """A row of column numbers under a header: ``(1) (2) (3)`` or ``1 2 3``, at least two of them and nothing else."""
    marks = [cell.strip("()[] ") for cell in cells if cell]
    short = [mark for mark in marks if re.fullmatch(r"[0-9]{1,2}|[A-Z]", mark)]
    if len(marks) < 2 or len(short) != len(marks):
        return False
    numbers = [int(mark) for mark in marks if mark.isdigit()]
    return len(numbers) >= 2 and numbers == sorted(numbers) and len(set(numbers)) == len(numbers)
