"""Which facts a file has stated so far, and in which row: two rows that say different things of one are told apart
from a row that differs from what was taken in before."""

import re
from array import array

from producers.validate.claims import Citation, RowFault

NUMBERED = re.compile(r"(.*?(?:\brow |\bLaoDong |\bitem |\[))([0-9]{1,9})(.*)", re.DOTALL)
"""A place: what comes before the number, the number, what comes after it."""


class StatedLines:
    """Twelve bytes a fact, so that a file of a million rows may come. Facts are told apart by 64 bits."""

    def __init__(self) -> None:
        self._facts, self._numbers = array("q"), array("I")
        self._parts: list[tuple[int, str, str]] = []
        self._at: dict[int, int] | None = None

    def add(self, facts: list[str], place: str) -> None:
        """The row at this place states these."""
        found = NUMBERED.fullmatch(place)
        before, number, after = found.groups() if found else (place, "", "")
        if not self._parts or self._parts[-1][1:] != (before, after):
            self._parts.append((len(self._facts), before, after))
        for fact in facts:
            if self._at is not None:
                self._at.setdefault(hash(fact), len(self._facts))
            self._facts.append(hash(fact))
            self._numbers.append(int(number or 0))

    def place_of(self, fact: str) -> str | None:
        """Where the file stated it first; None if it did not."""
        if self._at is None:  # asked for in few files
            self._at = {}
            for index, known in enumerate(self._facts):
                self._at.setdefault(known, index)
        index = self._at.get(hash(fact), -1)
        if index < 0:
            return None
        _, before, after = next(part for part in reversed(self._parts) if part[0] <= index)
        return f"{before}{self._numbers[index] or ''}{after}"


def twice(line: str, first: str, second: str, *, numbered: bool) -> RowFault:
    """The refusal of a row that says otherwise than one of its own file. Places are empty where they are not known.

    ``numbered``: rows are known by their line numbers; else by what they speak of.
    """
    places = _both(first, second)
    if numbered:
        return RowFault(
            "line",
            "line-twice",
            f"STT {line} có hai lần trong tệp này{places} với nội dung khác nhau; dòng không ghi STT mang số dòng của"
            " nó trong tệp. Đánh số các dòng khác nhau rồi gửi lại dòng này.",
            f"STT {line} stands twice in this file{places} with different content; a row without one counts under its"
            " row number. Number the rows apart and send this one again.",
        )
    return RowFault(
        "line",
        "row-twice",
        f"một dòng khác của tệp này đã nói về cùng người hay đơn vị đó, cùng ngày, nhưng nội dung khác{places}."
        " Giữ một dòng đúng, bỏ dòng kia.",
        f"another row of this file says something else of the same subject and day{places}."
        " Keep the right one of the two, discard the other.",
    )


def cited_twice(citation: Citation, version: int, first: str, second: str) -> RowFault:
    """The refusal of a row that corrects what another row of its file has corrected, which is ``version`` by now."""
    places, latest = _both(first, second), f"{citation.dossier}:{citation.line}@{version}"
    return RowFault(
        "cites",
        "cited-twice",
        f"hai dòng của tệp này cùng đính chính một dòng{places}; dòng trước đã được nhận. Nếu dòng này nói về người"
        " khác, hãy khai thành dòng mới, không ghi action và cites; nếu chính dòng này mới đúng, hãy dẫn"
        f" {latest}; nếu không, bỏ dòng này.",
        f"two rows of this file correct one line{places}; the first one was taken in. If this row is about somebody"
        f" else, state it as a new line, without action and cites; if this is the right one, cite {latest}; else"
        " discard it.",
    )


def _both(first: str, second: str) -> str:
    return f" ({first}; {second})" if first and second and first != second else ""  # two parts may share a name
