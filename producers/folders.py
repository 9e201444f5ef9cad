"""The order of a folder's files: registers first, then what refers to them, whatever the files are called."""

from collections.abc import Iterable
from pathlib import Path

from producers.readers import FeedKind, FileRefused, open_readings

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

WORKBOOK_BYTES = 32 << 20
"""A larger workbook is not opened for its kind alone: a list of so many rows is one of persons, so it comes late."""


def in_order(files: Iterable[Path]) -> list[Path]:
    """By kind, those of one kind by path; a file that can't be read comes last, where it is refused.

    A workbook of several lists and a ZIP are what their first list is.
    """
    paths = sorted(files)
    return sorted(paths, key=_rank) if len(paths) > 1 else paths


def _rank(path: Path) -> int:
    try:
        if path.stat().st_size > WORKBOOK_BYTES and _is_packed(path):
            return len(ORDER) - 1
        with open_readings(path) as readings:
            first = next(readings, None)
    except (FileRefused, OSError):
        return len(ORDER)
    return ORDER.index(first.kind) if first else len(ORDER)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"
