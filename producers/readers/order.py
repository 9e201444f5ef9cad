"""The order in which files that came together are taken in: registers first, then what refers to them."""

from collections.abc import Iterator

from producers.readers.model import FeedKind, Reading
from producers.readers.refusals import FileRefused

ORDER = (
    FeedKind.ENTERPRISE,
    FeedKind.UNION,
    FeedKind.AGREEMENT,
    FeedKind.PARTY,
    FeedKind.MEMBER,
    FeedKind.ROSTER,
    FeedKind.D02,
)
"""Facts mean the same in any order; unit codes, names of units and the remarks on receipts need the register first."""

LAST = len(ORDER)
"""Of a file that can't be read: it comes last, where it is refused."""
PACKED = ORDER.index(FeedKind.D02)
"""Of a workbook that is too large to be opened for its kind alone: a list of so many rows is one of persons."""
WORKBOOK_BYTES = 32 << 20


def told_by_head(head: bytes, size: int) -> int | None:
    """Place in the order as far as the first bytes of a file and its size tell it without opening: every XML that is
    read is a dossier. None when it has to be opened."""
    if head.startswith(b"PK"):
        return PACKED if size > WORKBOOK_BYTES else None
    text = head[:512].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    return ORDER.index(FeedKind.D02) if text.startswith(b"<") else None


def rank_of(readings: Iterator[Reading]) -> int:
    """Place in the order, by the kind of the first reading; those behind it are not asked for."""
    try:
        first = next(readings, None)
    except (FileRefused, OSError):
        return LAST
    return ORDER.index(first.kind) if first else LAST
