"""The kept cells of a row as clean text. Runs once for every row of every table, so plain rows take a short way."""

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
    """``picker(cells)`` -> canonical name -> text, without empty ones. ``columns``: (index, name), at least two."""

    def __init__(self, columns: Sequence[tuple[int, str]]) -> None:
        self._names = [name for _, name in columns]
        self._pick = itemgetter(*(index for index, _ in columns))
        self._texts: list[tuple[int, str, Callable[[object], str]]] = [(i, name, text_of(name)) for i, name in columns]

    def __call__(self, cells: Sequence[Any]) -> dict[str, str]:
        """Texts only, printable and composed: taken as they are. Anything else goes cell by cell."""
        try:
            picked = self._pick(cells)
            joined = _BETWEEN.join(picked)
        except (TypeError, IndexError):  # numbers or dates among them; a short row
            return self._one_by_one(cells)
        if joined.isprintable() and (joined.isascii() or unicodedata.is_normalized("NFC", joined)):
            if not (_AFTER in joined or _BEFORE in joined or joined[:1] == " " or joined[-1:] == " "):
                return {name: text for name, text in zip(self._names, picked, strict=True) if text}
            return {name: text for name, cell in zip(self._names, picked, strict=True) if (text := cell.strip())}
        return {name: text for name, cell in zip(self._names, picked, strict=True) if (text := clean(cell))}

    def _one_by_one(self, cells: Sequence[Any]) -> dict[str, str]:
        values: dict[str, str] = {}
        for index, name, text_of_cell in self._texts:
            if index < len(cells):
                cell = cells[index]
                text = clean(cell) if type(cell) is str else text_of_cell(cell)
                if text:
                    values[name] = text
        return values
