"""The frozen core workload (README.md): person facts, registry marks, and what any right answer to them is.

Everything follows from the number of events and the seed. Each person's facts come in order, on days that grow, and no
enterprise ends between "surely never 20 workers" and "surely 20": so final counts and the set of alerts do not depend
on how the partitions were interleaved, and one expected answer judges every participant.
"""

import itertools
import random
from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from schemas.ids import enterprise_id, union_id

Pair = tuple[bytes, bytes]
"""Key and value of a record."""

SEED: Final = 20
THRESHOLD: Final = 20
CLOCK_DAY: Final = "2026-12-01"
"""After every day of the workload: nothing waits."""
_FIRST_DAY: Final = date(2024, 1, 1)
_SPREAD: Final = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""Odd, so that multiples of it visit every 128-bit number once: ids that look random and need no memory."""
_MASK: Final = (1 << 128) - 1


class Answer(msgspec.Struct):
    """Final state: ``counts`` by unit (workers, members), and the enterprises with an open ``no-union`` alert."""

    counts: dict[str, tuple[int, int]]
    alerts: set[str]


class Workload:
    """``facts`` is read once; afterwards ``answer`` and ``written`` are known."""

    def __init__(self, events: int, *, seed: int = SEED) -> None:
        self.events = events
        self.written = 0
        self._random = random.Random(seed)
        self.enterprises = max(events // 50, 40)
        self.unions = max(self.enterprises // 10, 4)
        self.workers = [0] * self.enterprises
        self.members = [0] * self.enterprises
        self.union_members = [0] * self.unions
        self._joins = [0] * self.enterprises

    def facts(self) -> Iterator[Pair]:
        """Person facts of ``mobility.events``: some 600 bytes each, the key a person."""
        draw = self._random
        persons = max(self.events // 2, 1)
        places = array("i", bytes(4 * persons))  # enterprise + 1, 0: none
        homes = array("i", bytes(4 * persons))
        days = array("H", bytes(2 * persons))
        weights = list(itertools.accumulate(draw.paretovariate(1.1) for _ in range(self.enterprises)))
        for start in range(0, self.events, 10_000):
            count = min(10_000, self.events - start)
            employers = draw.choices(range(self.enterprises), cum_weights=weights, k=count)
            for employer in employers:
                person = int(draw.random() * persons)
                days[person] += 1 + int(draw.random() * 28)
                here = places[person] - 1
                if here < 0:
                    places[person] = employer + 1
                    yield self._joined(person, employer, days[person], member=homes[person] > 0)
                    continue
                chance = draw.random()
                if chance < 0.55:
                    places[person] = 0
                    self.workers[here] -= 1
                    self.members[here] -= homes[person] > 0
                    yield self.fact(person, "departed", _enterprise(here), days[person])
                elif chance < 0.85 and not homes[person]:
                    union = here % self.unions
                    homes[person] = union + 1
                    self.union_members[union] += 1
                    self.members[here] += 1
                    yield self.fact(person, "admitted", union_id(f"CD{union:06d}"), days[person])
                else:  # declared again: kept, without effect
                    yield self.fact(person, "joined", _enterprise(here), days[person])
        yield from self._filled_up(persons)

    def _filled_up(self, persons: int) -> Iterator[Pair]:
        """New persons for every enterprise that may have had 20 workers on the way and has fewer now."""
        for employer in range(self.enterprises):
            if self._joins[employer] >= THRESHOLD:
                for _ in range(THRESHOLD - self.workers[employer]):
                    yield self._joined(persons, employer, 1, member=False)
                    persons += 1

    def _joined(self, person: int, employer: int, day: int, *, member: bool) -> Pair:
        self.workers[employer] += 1
        self.members[employer] += member
        self._joins[employer] += 1
        return self.fact(person, "joined", _enterprise(employer), day)

    def fact(self, person: int, change: str, unit: str, day: int, *, fact: int | None = None, version: int = 1) -> Pair:
        """The next record: a new fact, or with ``fact`` and ``version`` one that restates an earlier."""
        number = self.written
        self.written = number + 1
        who = f"{(person + 1) * _SPREAD & _MASK:032x}"
        identity = f"{((number if fact is None else fact) + 1) * _SPREAD & _MASK:032x}"
        form, code, kind = _FORMS.get(change, ("", "", ""))
        value = (
            f'{{"specversion":"1.0","id":"{identity}@{version}","source":"/feeds/bhxh","type":"vn.union-mobility.person.{change}.v1"'
            f',"subject":"{who}","time":"2024-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}Z"'
            f',"datacontenttype":"application/json","data":{{"fact":"{identity}","version":{version},"change":"{change}"'
            f',"unit":"{unit}","branch":"","day":"{_day(day)}","precision":"month","form":"{form}","code":"{code}"'
            f',"code_class":"{kind}","code_table":"0123456789ab","short_contract":false,"reason":"","source":"bhxh"'
            f',"dossier":"600-2026-{number // 40:07d}","line":"{number % 40}","winner":""}}}}'
        )
        return who.encode(), value.encode()

    def marks(self) -> Iterator[Pair]:
        """Registry marks of ``unit.changes``, there before the facts: two enterprises in five have a union."""
        return (self._cover(employer) for employer in range(self.enterprises) if employer % 5 < 2)

    def registry(self) -> Iterator[Pair]:
        """Facts of ``registry.events``: none, its marks are given."""
        return iter(())

    def late_marks(self) -> Iterator[Pair]:
        """Marks for after the timed part: a union for one more in five, so that alerts resolve too."""
        return (self._cover(employer) for employer in range(self.enterprises) if employer % 5 == 2)

    def _cover(self, employer: int) -> Pair:
        unit, union = _enterprise(employer), f"CD{employer % self.unions:06d}"
        fact = f"{(employer + 1) * _SPREAD & _MASK:032x}"
        mark = {"kind": "mark", "sign": 1, "about": "cover", "day": "2024-01-01", "key": union, "fact": fact}
        return unit.encode(), change(unit, "unit.mark", f"{fact}@1", mark)

    def tick(self, partition: int) -> Pair:
        """The clock's day for one partition of ``unit.changes``."""
        data = {"kind": "clock", "day": CLOCK_DAY, "partition": partition}
        return b"clock", change("clock", "clock.advanced", f"clock/{partition}", data)

    def answer(self, *, late: bool) -> Answer:
        """What is right once all facts are in; ``late`` with the late marks too."""
        covered = 3 if late else 2
        counts = {union_id(f"CD{number:06d}"): (0, count) for number, count in enumerate(self.union_members) if count}
        for employer, joins in enumerate(self._joins):
            if joins or employer % 5 < covered:
                counts[_enterprise(employer)] = (self.workers[employer], self.members[employer])
        large = (employer for employer, workers in enumerate(self.workers) if workers >= THRESHOLD)
        return Answer(counts, {_enterprise(employer) for employer in large if employer % 5 >= covered})


_FORMS: Final = {
    "joined": ("D02", "TM", "start"),
    "departed": ("D02", "GH", "leave"),
    "admitted": ("member-register", "", ""),
}
_DAYS: Final = [(_FIRST_DAY + timedelta(days=number)).isoformat() for number in range(1000)]


def _day(number: int) -> str:
    return _DAYS[number]


def _enterprise(number: int) -> str:
    return enterprise_id(f"{200_000_000 + number:010d}")


def change(subject: str, kind: str, identity: str, data: dict[str, object]) -> bytes:
    """A record of ``unit.changes`` as the step registry, or the clock, writes it."""
    event = {
        "specversion": "1.0",
        "id": identity,
        "source": "/bench",
        "type": f"vn.union-mobility.{kind}.v1",
        "subject": subject,
        "time": "2024-01-01T00:00:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }
    return msgspec.json.encode(event)
