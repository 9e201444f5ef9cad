"""Random histories of persons and units as the steps would write them, and what they come to by plain summing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

import msgspec

from consumers.store.chunks import Chunk, Raw
from schemas.topics import CHANGES
from streams.units.unit import MarkState, Today, Unit, today
from tests.build import person_id
from tests.integration import store_records as make
from tests.integration.store_kit import PARTITIONS, Put

FIRST = date(2026, 1, 1)
Figures = tuple[int, int, int]
NONE: Figures = (0, 0, 0)


class Effect(NamedTuple):
    """One dated ± as it was recorded."""

    person: str
    unit: str
    day: date
    figures: Figures
    at: datetime


class Mark(NamedTuple):
    """One statement as it was recorded."""

    unit: str
    sign: int
    state: MarkState
    at: datetime


def plus(one: Figures, other: Figures) -> Figures:
    """Sum by figure."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


@dataclass
class History:
    """A log of ``unit.changes``, partition by partition, and the facts in it. Everybody is somewhere at most once."""

    chance: Random
    effects: list[Effect] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    log: list[list[Put]] = field(default_factory=lambda: [[] for _ in range(PARTITIONS)])
    clock: list[date | None] = field(default_factory=lambda: [None] * PARTITIONS)
    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    _timelines: dict[tuple[str, str], dict[date, Figures]] = field(default_factory=dict)
    _asserted: list[tuple[str, MarkState]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.units = [f"e{n}" for n in range(6)] + [f"u{n}" for n in range(3)]
        self.persons = [f"p{n}" for n in range(14)]

    def grow(self, steps: int) -> None:
        """So many things happen, one after the other."""
        for _ in range(steps):
            self.now += timedelta(seconds=self.chance.choice([0, 1, 3600]))
            what = self.chance.random()
            if what < 0.6:
                self._rewrite(self.chance.choice(self.persons), self.chance.choice(self.units))
            elif what < 0.93:
                self._state(self.chance.choice(self.units + 4 * ["e0", "u0"]))  # some are much spoken of
            else:
                self._tick()

    def day(self, reach: int = 120) -> date:
        """Any day of the history; some lie after the clock's."""
        return FIRST + timedelta(days=self.chance.randrange(reach))

    def partition(self, unit: str) -> int:
        """Of the unit's records."""
        return self.units.index(unit) % PARTITIONS

    def _rewrite(self, person: str, unit: str) -> None:
        """The person's days at the unit are other ones from now on; the log gets the difference."""
        before = self._timelines.get((person, unit), {})
        days = sorted({self.day() for _ in range(self.chance.choice([0, 1, 1, 2, 3]))})
        after, held = {}, NONE
        for place, day in enumerate(days):
            state: Figures = NONE if place % 2 else (1, self.chance.randrange(2), self.chance.randrange(2))
            state = (0, 0, state[0]) if unit[0] == "u" else state
            after[day] = (state[0] - held[0], state[1] - held[1], state[2] - held[2])
            held = state
        self._timelines[person, unit] = after
        for day in sorted(before.keys() | after.keys(), key=lambda _: self.chance.random()):
            was, now = before.get(day, NONE), after.get(day, NONE)
            change = (now[0] - was[0], now[1] - was[1], now[2] - was[2])
            while change != NONE:  # a record says one more or one less
                part: Figures = tuple(max(-1, min(1, figure)) for figure in change)  # type: ignore[assignment]
                change = (change[0] - part[0], change[1] - part[1], change[2] - part[2])
                self.effects.append(Effect(person_id(person), unit, day, part, self.now))
                at = self.partition(unit)
                self.log[at].append(make.effect(unit, person, str(day), part, at=self.now.isoformat(), partition=at))

    def _state(self, unit: str) -> None:
        """A mark is asserted, or one of those taken back."""
        ours = [one for one in self._asserted if one[0] == unit]
        if ours and self.chance.random() < 0.4:
            taken = self.chance.choice(ours)
            self._asserted.remove(taken)
            self._mark(unit, -1, taken[1])
            return
        held = [state for _, state in ours if state.about in ("cover", "agreement", "dissolved")]
        if held and self.chance.random() < 0.4:  # an end on the day of a beginning, or the other way round
            turned = self.chance.choice(held)
            turned = msgspec.structs.replace(turned, on=not turned.on)
            self._asserted.append((unit, turned))
            self._mark(unit, 1, turned)
            return
        about = self.chance.choice(["described", "cover", "cover", "agreement", "dissolved", "baseline", "edge"])
        key = self.chance.choice(["k1", "k2"]) if about in ("cover", "agreement", "edge") else ""
        detail = {
            "described": {
                "name": f"tên {self.chance.randrange(9)}",
                "tax_code": f"0{self.chance.randrange(9)}",
                **self.chance.choice([{}, {"area_code": f"1050{self.chance.randrange(9)}"}]),
            },
            "baseline": {"complete": self.chance.choice(["yes", "no"])},
            "edge": {"direction": "to" if key == "k1" else "from"},
        }.get(about, {})
        branch = ""
        if about in ("cover", "described", "dissolved"):
            branch = self.chance.choice(["", "", "b-001"])
        on = about in ("described", "baseline", "edge") or self.chance.random() < 0.6
        day = self.day(5) + timedelta(days=20)  # few days, so that beginnings and ends meet on one
        state = MarkState(about, day.toordinal(), key, branch, on, tuple(sorted(detail.items())))
        if any(one.about == "described" and (one.day, one.branch) == (state.day, branch) for _, one in ours):
            return  # the step registry describes a unit once a day
        self._asserted.append((unit, state))
        self._mark(unit, 1, state)

    def _mark(self, unit: str, sign: int, state: MarkState) -> None:
        self.marks.append(Mark(unit, sign, state, self.now))
        more = {"key": state.key, "branch": state.branch, "on": state.on, "detail": dict(state.detail)}
        day = str(date.fromordinal(state.day))
        self.log[self.partition(unit)].append(
            make.mark(unit, state.about, day, sign=sign, at=self.now.isoformat(), **more)
        )

    def _tick(self) -> None:
        """A day comes, on every partition or (the writer was cut) on some; lower ones too."""
        day = self.day(100)
        reached = self.chance.choice([range(PARTITIONS), range(self.chance.randrange(PARTITIONS))])
        for at in reached:
            self.log[at] += make.ticks(str(day), range(at, at + 1))
            known = self.clock[at]
            self.clock[at] = day if known is None else max(known, day)

    def chunks(self) -> list[list[Chunk]]:
        """The log cut into batches anywhere, its partitions at different speeds."""
        done = [0] * PARTITIONS
        batches = []
        while any(place < len(log) for place, log in zip(done, self.log, strict=True)):
            batch = []
            for at, log in enumerate(self.log):
                end = min(len(log), done[at] + self.chance.choice([0, 1, 5, 40]))
                raw = [Raw(offset, log[offset].key, log[offset].value) for offset in range(done[at], end)]
                if raw:
                    batch.append(Chunk(CHANGES, at, done[at], end, raw))
                done[at] = end
            batches.append(batch)
        return batches

    def held(self, valid_at: date | None, known_at: datetime | None) -> dict[tuple[str, str], Figures]:
        """(person, unit) -> figures; without a day, as of the clock of the unit's partition."""
        sums: dict[tuple[str, str], Figures] = defaultdict(lambda: NONE)
        for one in self.effects:
            until = valid_at or self.clock[self.partition(one.unit)]
            if until is not None and one.day <= until and (known_at is None or one.at <= known_at):
                sums[one.person, one.unit] = plus(sums[one.person, one.unit], one.figures)
        return sums

    def counts(self, valid_at: date | None, known_at: datetime | None) -> dict[str, Figures]:
        """Unit -> figures, of all units that have an effect by then."""
        sums: dict[str, Figures] = defaultdict(lambda: NONE)
        for (_, unit), figures in self.held(valid_at, known_at).items():
            sums[unit] = plus(sums[unit], figures)
        return sums

    def said(self, unit: str, valid_at: date, known_at: datetime) -> Today:
        """By the reading of the step units itself."""
        asserted: list[MarkState] = []
        for one in self.marks:
            if one.unit == unit and one.at <= known_at:
                asserted.append(one.state) if one.sign > 0 else asserted.remove(one.state)
        return today(Unit(day=valid_at.toordinal(), marks=asserted, dated={}))

    def known(self, known_at: datetime) -> set[str]:
        """Units that anything was recorded of by then."""
        return {one.unit for one in (*self.effects, *self.marks) if one.at <= known_at}

    def persons_and_members(
        self, valid_at: date | None, known_at: datetime | None, dissolved: set[str]
    ) -> tuple[int, int]:
        """Distinct persons with an open spell at an enterprise that stands; distinct active members."""
        held = self.held(valid_at, known_at)
        persons = {
            who for (who, unit), sums in held.items() if unit[0] == "e" and sums[0] > 0 and unit not in dissolved
        }
        return len(persons), len({who for (who, unit), sums in held.items() if unit[0] == "u" and sums[2] > 0})
