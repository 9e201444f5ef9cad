"""Pages of a long list."""

from dataclasses import dataclass
from typing import Final

SIZE: Final = 50
_LAST: Final = 1_000_000
_DIGITS: Final = 19
"""As many as the largest number of PostgreSQL has."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of ``size`` rows stands among ``total``; pages count from 1."""

    number: int
    total: int = 0
    size: int = SIZE

    @property
    def skip(self) -> int:
        """Rows before it."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The place of its first row, from 1."""
        return self.skip + 1

    @property
    def last(self) -> int:
        """The place of its last row."""
        return min(self.skip + self.size, self.total)

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.last < self.total


def whole_number(stated: object, most: int) -> int | None:
    """What a form or an address states as digits, 0 to ``most``; None for anything else."""
    if isinstance(stated, str) and stated.isascii() and stated.isdigit() and len(stated) <= _DIGITS:
        number = int(stated)
        return number if number <= most else None
    return None


def asked_page(stated: str) -> int:
    """The page that an address asks for; the first one where it asks for nonsense."""
    return whole_number(stated, _LAST) or 1


def words(stated: str) -> list[str]:
    """What is sought: every word must be found. No more than ten of them, of no more than 60 characters each."""
    return [one[:60] for one in stated.replace("\x00", "").split()[:10]]
