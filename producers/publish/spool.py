"""Encoded events of a group of files, between staging and publishing: in memory while few, else in a file.

They need not survive a crash: what was staged but not published is taken out of the index again, and the file with the
rows is still there. Nothing in them is personal.
"""

import tempfile
from collections.abc import Iterable, Iterator
from struct import Struct
from types import TracebackType

_HEAD = Struct("<BII")
IN_MEMORY = 16 << 20
_PARTS = 3_000  # gathered before they are written: rows come one by one
_PIECE = 256 << 10  # read at once: three reads a record take a quarter of the time of publishing it


class Spool:
    """Records (topic, key, value) in order; written once, then read once."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._topics: dict[str, int] = {}
        self._parts: list[bytes] = []
        self.count = 0

    def write(self, records: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Append."""
        parts, topics, before = self._parts, self._topics, len(self._parts)
        for topic, key, value in records:
            number = topics.setdefault(topic, len(topics))
            parts += (_HEAD.pack(number, len(key), len(value)), key, value)
        self.count += (len(parts) - before) // 3
        if len(parts) > _PARTS:
            self._put()

    def _put(self) -> None:
        self._file.write(b"".join(self._parts))
        self._parts.clear()

    def mark(self) -> tuple[int, int]:
        """Where it stands, to come back to with ``rewind_to``."""
        self._put()
        return self._file.tell(), self.count

    def rewind_to(self, mark: tuple[int, int]) -> None:
        """Forget what was written since the mark: the file that said it was refused."""
        self._parts.clear()
        position, self.count = mark
        self._file.seek(position)
        self._file.truncate()

    def read(self) -> Iterator[tuple[str, bytes, bytes]]:
        """All records from the first."""
        self._put()
        self._file.seek(0)
        topics, unpack, head = list(self._topics), _HEAD.unpack_from, _HEAD.size
        rest = b""
        while piece := self._file.read(_PIECE):
            piece = rest + piece
            at, end = 0, len(piece)
            while at + head <= end:
                topic, key, value = unpack(piece, at)
                middle = at + head + key
                if middle + value > end:
                    break
                yield topics[topic], piece[at + head : middle], piece[middle : middle + value]
                at = middle + value
            rest = piece[at:]

    def clear(self) -> None:
        """Empty it for the next group."""
        self._parts.clear()
        self._file.close()
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self.count = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
