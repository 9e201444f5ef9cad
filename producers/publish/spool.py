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


class Spool:
    """Records (topic, key, value) in order; written once, then read once."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._topics: dict[str, int] = {}
        self.count = 0

    def write(self, records: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Append."""
        parts: list[bytes] = []
        for topic, key, value in records:
            number = self._topics.setdefault(topic, len(self._topics))
            parts += (_HEAD.pack(number, len(key), len(value)), key, value)
            self.count += 1
        self._file.write(b"".join(parts))

    def mark(self) -> tuple[int, int]:
        """Where it stands, to come back to with ``rewind_to``."""
        return self._file.tell(), self.count

    def rewind_to(self, mark: tuple[int, int]) -> None:
        """Forget what was written since the mark: the file that said it was refused."""
        position, self.count = mark
        self._file.seek(position)
        self._file.truncate()

    def read(self) -> Iterator[tuple[str, bytes, bytes]]:
        """All records from the first."""
        self._file.seek(0)
        topics = list(self._topics)
        while head := self._file.read(_HEAD.size):
            topic, key, value = _HEAD.unpack(head)
            yield topics[topic], self._file.read(key), self._file.read(value)

    def clear(self) -> None:
        """Empty it for the next group."""
        self._file.close()
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self.count = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
