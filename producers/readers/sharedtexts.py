"""The shared texts of a large workbook, in little memory; cells name them by ``MARK`` and their number."""

import re
from array import array
from collections import Counter
from itertools import accumulate, count
from operator import add
from typing import Any

MARK = "\ue000"
_DIGITS = 9
_NAMED = re.compile(f"{MARK}[0-9]{{1,{_DIGITS}}}")
_LONGEST = 1 << 17  # bytes; a cell holds 32,767 characters
_STRETCH = 10  # texts that are decoded as one: 1,024, as bits of their number


class Unreadable(Exception):
    """Rows or texts are not as a spreadsheet program writes them."""


class SharedTexts:
    """All shared texts of a workbook: UTF-8 in one piece with a NUL behind each, which no XML can hold; 4 bytes more
    for each."""

    def __init__(self) -> None:
        self._said = bytearray()
        self._ends = array("I", [0])

    def add(self, texts: list[bytes]) -> None:
        """The next texts in their order. One that no cell can hold is cut, and is too long for its row all the same."""
        if texts and max(map(len, texts)) > _LONGEST:
            texts = [text[:_LONGEST].decode("utf-8", "ignore").encode() for text in texts]
        said = b"\0".join(texts) + b"\0" if texts else b""
        if said.count(b"\0") != len(texts):
            raise Unreadable("a NUL in a text")
        self._ends.extend(map(add, accumulate(map(len, texts)), count(len(self._said) + 1)))
        self._said += said

    def named(self, cells: set[Any]) -> dict[str, str]:
        """Those of the cells that name a text (``MARK`` and its number from 0), with it; without those not there.

        Cells of neighbouring rows name neighbouring texts, mostly: where enough of a stretch is asked for, it is
        decoded as one, a sixth of the work.
        """
        known = len(self._ends) - 1
        names = [cell for cell in cells if type(cell) is str and cell[:1] == MARK]
        said = "".join(names).split(MARK)[1:]
        digits = "".join(said)
        if len(said) != len(names) or not (digits.isascii() and digits.isdecimal()) or max(map(len, said)) > _DIGITS:
            names = [name for name in names if _NAMED.fullmatch(name)]
            said = [name[1:] for name in names]
        numbers = list(map(int, said))
        if numbers and max(numbers) >= known:
            names = [name for name, number in zip(names, numbers, strict=True) if number < known]
            numbers = [number for number in numbers if number < known]
        texts: dict[int, str] = {}
        for at, asked in Counter([number >> _STRETCH for number in numbers]).items():
            if asked > 1 << (_STRETCH - 3):
                texts.update(zip(count(at << _STRETCH), self._stretch(at), strict=False))
        texts.update((number, self._one(number)) for number in set(numbers) - texts.keys())
        return dict(zip(names, map(texts.__getitem__, numbers), strict=True))

    def _one(self, number: int) -> str:
        return str(self._said[self._ends[number] : self._ends[number + 1] - 1], "utf-8")

    def _stretch(self, at: int) -> list[str]:
        begin, end = at << _STRETCH, min(at + 1 << _STRETCH, len(self._ends) - 1)
        return str(self._said[self._ends[begin] : self._ends[end] - 1], "utf-8").split("\0")
