"""The order of files that stand together in a folder (``producers.readers.order``), whatever they are called."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from producers.dropfolder.places import is_unfinished
from producers.readers import open_readings
from producers.readers.order import LAST, rank_of, told_by_head

ANSWER_NAME, ANSWER_HEAD = "expected.json", b'{\n"size": '
"""The answer that ``mobility synth`` writes beside the files of its city, and how it begins."""


def below(folder: Path) -> Iterator[Path]:
    """The files below a folder, and the links there, which are not followed."""
    for place, inner, files in os.walk(folder):
        at = Path(place)
        yield from (path for name in inner if (path := at / name).is_symlink())
        yield from (path for name in files if (path := at / name).is_symlink() or path.is_file())


def is_passed_over(path: Path, folder: Path) -> bool:
    """Of the files below a folder: hidden ones, and the generator's own answer, neither of which is a declaration of
    anybody; and, as in a drop folder, links and names of unfinished files and of office programs' locks."""
    if path.is_symlink() or is_unfinished(path.name):
        return True
    if any(piece.startswith(".") for piece in path.relative_to(folder).parts):
        return True
    if path.name != ANSWER_NAME:
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(ANSWER_HEAD)) == ANSWER_HEAD
    except OSError:
        return False  # the intake refuses it, and says why


def in_order(files: Iterable[Path]) -> list[Path]:
    """By kind, those of one kind by path; a file that can't be read comes last, where it is refused."""
    paths = sorted(files)
    return sorted(paths, key=rank) if len(paths) > 1 else paths


def rank(path: Path) -> int:
    """Place of a file in the order. A workbook of several lists and a ZIP are what their first list is."""
    try:
        with path.open("rb") as file:
            told = told_by_head(file.read(512), path.stat().st_size)
        if told is not None:
            return told
        with open_readings(path) as readings:
            return rank_of(readings)
    except OSError:
        return LAST
