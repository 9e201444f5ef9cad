"""State of one unit: its counts today, what is still to come, what registers say of it, and its alert."""

from typing import Final

import msgspec

from streams.rules import no_union
from streams.rules.history import Inherited
from streams.rules.no_union import Seen
from streams.step import StateFormatError
from streams.units.swaps import Open

FORMAT: Final = b"\x01"
NO_CLOCK: Final = 0
"""The clock's day before its first tick: everything waits."""


class MarkState(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An asserted mark; ``day`` is an ordinal."""

    about: str
    day: int
    key: str
    branch: str
    on: bool
    detail: tuple[tuple[str, str], ...] = ()


class Unit(msgspec.Struct, array_like=True, gc=False):
    """Counts are those of ``day``.

    ``dated`` has the ± of every day that lies ahead, or after the last evaluated month-end (``settled``): the counts of
    later month-ends are still asked for. So it stays as short as two months and the future.
    ``held`` is the count of workers before a cause whose effects have not all arrived; -1: none.
    ``left`` is what predecessors left and no alert of the unit carries yet; ``told`` has (successor, alert) of what it
    handed on and has not taken back, ``handed`` counts the records of it; ``heard`` has (sender, alert) of what was
    handed to it and not taken back. ``swaps`` has the corrections that name another person and are not all there,
    None without any: nearly always, and nothing is quicker to read and to write.
    """

    version: int = 0
    day: int = NO_CLOCK
    workers: int = 0
    present: int = 0
    members: int = 0
    settled: int = NO_CLOCK
    dated: dict[int, tuple[int, int, int]] = {}
    marks: list[MarkState] = []
    alert: no_union.Alert | None = None
    held: int = -1
    left: list[Inherited] = []
    told: list[tuple[str, str]] = []
    handed: int = 0
    heard: list[tuple[str, str]] = []
    swaps: dict[str, Open] | None = None

    def add(self, day: int, workers: int, present: int, members: int) -> None:
        """A dated effect: at once if its day has come, else when the clock reaches it."""
        if day <= self.day:
            self.workers += workers
            self.present += present
            self.members += members
            if day <= self.settled:
                return
        was = self.dated.get(day)
        if was is not None:
            workers, present, members = workers + was[0], present + was[1], members + was[2]
        if workers or present or members:
            self.dated[day] = (workers, present, members)
        else:
            self.dated.pop(day, None)

    def advance(self, day: int) -> bool:
        """Live on a later day. True if counts or marks came due."""
        due = [then for then in self.dated if self.day < then <= day]
        for then in due:
            workers, present, members = self.dated[then]
            self.workers += workers
            self.present += present
            self.members += members
        changed = bool(due) or any(self.day < mark.day <= day for mark in self.marks)
        self.day = day
        return changed

    def workers_on(self, month_end: int) -> int:
        """Workers on a past month-end that is not settled yet, as now known."""
        return self.workers - sum(delta[0] for then, delta in self.dated.items() if month_end < then <= self.day)

    def forget(self, settled: int) -> None:
        """The month-end is evaluated: what lies on or before it is never asked for by day again."""
        if settled > self.settled:
            self.settled = settled
            self.dated = {then: delta for then, delta in self.dated.items() if then > settled}

    def seen(self, facts: "Today", who: str, workers: int) -> Seen:
        """What the rules look at, of the enterprise ``who``, which has so many workers for them."""
        ended = bool(facts.dissolved_on)
        watched = self.day != NO_CLOCK and facts.stated.get("ownership") != "public_unit"
        if not ended and not self.left:
            return Seen(self.day, workers, bool(facts.covers), ended, watched)
        successors = tuple(one for one in facts.successors if one != who) if ended else ()
        return Seen(self.day, workers, bool(facts.covers), ended, watched, successors, tuple(self.left))


class Today(msgspec.Struct, frozen=True):
    """What the marks that are due say of a unit on its day."""

    stated: dict[str, str]
    covers: dict[str, bool]  # union code -> the whole legal entity
    agreement: bool
    party: bool
    baseline: str
    dissolved_on: int
    successors: list[str]


_TO: Final = ("direction", "to")
NOTHING_SAID: Final = Today({}, {}, False, False, "none", 0, [])


def today(unit: Unit) -> Today:
    """Read the marks of a unit: the latest due one of each (about, key, branch) speaks; ended on a day beats begun."""
    if not unit.marks:
        return NOTHING_SAID
    latest: dict[tuple[str, str, str], MarkState] = {}
    stated: dict[str, str] = {}
    successors: set[str] = set()
    for mark in sorted(unit.marks, key=lambda mark: (mark.day, not mark.on, mark.detail)):
        if mark.day > unit.day:
            break
        if mark.about == "described":
            if not mark.branch:
                stated.update(mark.detail)
        elif mark.about == "edge":
            if _TO in mark.detail:
                successors.add(mark.key)
        else:
            latest[mark.about, mark.key, mark.branch] = mark
    live = {at: mark for at, mark in latest.items() if mark.on}
    covers: dict[str, bool] = {}
    for about, key, branch in live:
        if about == "cover":
            covers[key] = covers.get(key, False) or not branch
    dissolved = live.get(("dissolved", "", ""))
    baseline = live.get(("baseline", "", ""))
    return Today(
        stated=stated,
        covers=covers,
        agreement=any(about == "agreement" for about, _, _ in live),
        party=any(about == "party" for about, _, _ in live),
        baseline="none" if baseline is None else "complete" if ("complete", "yes") in baseline.detail else "partial",
        dissolved_on=dissolved.day if dissolved else 0,
        successors=sorted(successors),
    )


_unit = msgspec.msgpack.Decoder(Unit)
_encoder = msgspec.msgpack.Encoder()


def load(value: bytes | None) -> Unit:
    """Changelog bytes -> unit; None is one not seen before."""
    if value is None:
        return Unit(dated={}, marks=[], left=[], told=[], heard=[])
    if value[:1] != FORMAT:
        raise StateFormatError(
            f"state of the step units in format {value[0]}: written by a newer version of this program"
        )
    return _unit.decode(memoryview(value)[1:])


def dump(unit: Unit) -> bytes:
    """Unit -> changelog bytes."""
    return FORMAT + _encoder.encode(unit)
