"""The kept cells of a row as clean text. Runs for every row of every table, so plain cells take a short way."""

import unicodedata
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from producers.readers.cells import text_of
from producers.readers.texts import clean

_BETWEEN = "|"
_AFTER, _BEFORE = f" {_BETWEEN}", f"{_BETWEEN} "
"""A space at the border of a cell; one that holds the sign itself is stripped in vain."""


class Picker:
    """``columns``: (index, name), at least two. No text may be longer than ``longest`` (characters). ``since_1904``:
    how day numbers count (``dates``)."""

    def __init__(self, columns: Sequence[tuple[int, str]], longest: int, *, since_1904: bool = False) -> None:
        self._names = [name for _, name in columns]
        self._pick = itemgetter(*(index for index, _ in columns))
        self._texts: list[tuple[int, str, Callable[[object], str]]] = [
            (i, name, text_of(name, since_1904=since_1904)) for i, name in columns
        ]
        self._longest = longest
        self._long = False  # whether the last texts, taken together, are longer than one may be

    def of_row(self, cells: Sequence[str]) -> dict[str, str]:
        """Canonical name -> text of one row of texts, without empty ones."""
        try:
            picked = self._pick(cells)
        except IndexError:  # a short row
            return self._one_by_one(cells)
        joined = _BETWEEN.join(picked)
        self._long = len(joined) > self._longest
        return {name: text for name, text in zip(self._names, _cleaned(picked, joined), strict=True) if text}

    def of_block(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, str]]:
        """The same of many rows of any cells. Columns are looked at as a whole: most hold plain texts, or nothing."""
        try:
            columns = list(zip(*map(self._pick, rows), strict=True))
        except IndexError:
            return [self._one_by_one(cells) for cells in rows]
        names: list[str] = []
        kept: list[Sequence[str]] = []
        full, self._long = True, False
        for cells, (_, name, text_of_cell) in zip(columns, self._texts, strict=True):
            try:
                joined = _BETWEEN.join(cells)
                texts = _cleaned(cells, joined)
                self._long = self._long or len(joined) > self._longest
            except TypeError:  # numbers or dates among them
                texts = list(map(text_of_cell, cells))
                self._long = True
            if any(texts):
                names.append(name)
                kept.append(texts)
                full = full and "" not in texts
        if not names:
            return [{} for _ in rows]
        if full:
            return [dict(zip(names, texts, strict=True)) for texts in zip(*kept, strict=True)]
        return [
            {name: text for name, text in zip(names, texts, strict=True) if text} for texts in zip(*kept, strict=True)
        ]

    def is_too_long(self, values: dict[str, str]) -> bool:
        """Whether one of the texts, of the row or block that was picked last, is longer than allowed."""
        return self._long and any(len(text) > self._longest for text in values.values())

    def _one_by_one(self, cells: Sequence[Any]) -> dict[str, str]:
        values: dict[str, str] = {}
        self._long = True
        for index, name, text_of_cell in self._texts:
            if index < len(cells) and (text := text_of_cell(cells[index])):
                values[name] = text
        return values


def _cleaned(cells: Sequence[str], joined: str) -> Sequence[str]:
    """``clean`` of every cell. ``joined``: all of them with ``_BETWEEN``; one look at it tells what there is to do."""
    if joined.isprintable() and (joined.isascii() or unicodedata.is_normalized("NFC", joined)):
        if _AFTER in joined or _BEFORE in joined or joined[:1] == " " or joined[-1:] == " ":
            return list(map(str.strip, cells))
        return cells
    return list(map(clean, cells))
