"""The clock inside the step: the day of a partition, and which month-ends have come due (meaning, rule 13)."""

from typing import Final

import msgspec

from schemas.changes import CLOCK_KEY
from streams import days
from streams.step import StateFormatError

KEY: Final = CLOCK_KEY.encode()
GRACE: Final = 30
"""Days after a month-end on which it is evaluated: by then most late rows are in. Rule setting of ``no-union``."""

FORMAT: Final = b"\x01"


class Clock(msgspec.Struct, array_like=True, gc=False):
    """The partition's day and the last month-end that was evaluated, as ordinals; 0 before the first tick."""

    day: int = 0
    evaluated: int = 0


_clock = msgspec.msgpack.Decoder(Clock)
_encoder = msgspec.msgpack.Encoder()


def load(value: bytes | None) -> Clock:
    """Changelog bytes -> clock."""
    if value is None:
        return Clock()
    if value[:1] != FORMAT:
        raise StateFormatError(
            f"clock of the step units in format {value[0]}: written by a newer version of this program"
        )
    return _clock.decode(memoryview(value)[1:])


def dump(clock: Clock) -> bytes:
    """Clock -> changelog bytes."""
    return FORMAT + _encoder.encode(clock)


def advance(clock: Clock, day: int) -> list[int]:
    """Move to a later day; gives the month-ends to evaluate. Those due before the first tick are skipped."""
    first = clock.day == 0
    clock.day = day
    if first:
        clock.evaluated = days.month_end_before(day - GRACE - 1)
    due = []
    month_end = days.next_month_end(clock.evaluated)
    while month_end + GRACE <= day:
        due.append(month_end)
        clock.evaluated = month_end
        month_end = days.next_month_end(month_end)
    return due
