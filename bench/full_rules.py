"""Input for the full rules: every kind of person fact, corrections, and the registers that the third step reads.

Some two fifths of the facts are first starts; the rest are moves between enterprises declared at both ends, absences
and returns, memberships, and one in twenty corrects or withdraws an earlier fact of the same person.
"""

import random
from collections.abc import Iterator
from typing import Any

import msgspec

from bench.workload import SEED, Pair, Workload
from schemas.ids import enterprise_id, union_id

_encode = msgspec.json.Encoder().encode


class FullRules(Workload):
    """As ``Workload``; what is right is checked against its own effects (``outputs.consistent``)."""

    def __init__(self, events: int, *, seed: int = SEED) -> None:
        super().__init__(events, seed=seed)
        self._draw = random.Random(seed)
        self._weights = [self._draw.paretovariate(1.1) for _ in range(self.enterprises)]

    def facts(self) -> Iterator[Pair]:
        """Person facts, each person's in the order of their days but for the corrections."""
        draw = self._draw
        careers: dict[int, _Career] = {}
        employers = draw.choices(range(self.enterprises), weights=self._weights, k=self.events)
        persons = max(self.events // 2, 1)
        while self.written < self.events:
            person = int(draw.random() * persons)
            known = careers.setdefault(person, _Career())
            employer = employers[self.written]
            for change, unit, day in known.next(draw, employer, employer % self.unions):
                if change in ("replaced", "cancelled"):
                    fact, version, was, where, then = known.latest
                    known.latest = (fact, version + 1, was, where, then + 1)
                    kind = was if change == "replaced" else "cancelled"
                    yield self.fact(person, kind, where, then + 1, fact=fact, version=version + 1)
                else:
                    known.latest = (self.written, 1, change, unit, day)
                    yield self.fact(person, change, unit, day)

    def marks(self) -> Iterator[Pair]:
        """None: the step registry makes them."""
        return iter(())

    def registry(self) -> Iterator[Pair]:
        """Every enterprise stated, and a union for ten enterprises each, for two in five of them."""
        for number in range(self.enterprises):
            unit = enterprise_id(f"{200_000_000 + number:010d}")
            said = {"name": f"Enterprise {number}", "tax_code": unit[1:], "ownership": "private"}
            yield self._stated(unit, "enterprise_stated", said)
        for number in range(self.unions):
            union = union_id(f"CD{number:06d}")
            places = [
                {"unit": enterprise_id(f"{200_000_000 + place:010d}"), "branch": ""}
                for place in range(number, self.enterprises, self.unions)
                if place % 5 < 2
            ]
            yield self._stated(union, "union_stated", {"union_code": union[1:], "name": union, "places": places})

    def _stated(self, subject: str, change: str, fields: dict[str, Any]) -> Pair:
        fact = random.Random(f"{subject} {change}").randbytes(16).hex()
        data = {"fact": fact, "version": 1, "change": change, "subject": subject, "day": "2023-01-01"}
        data |= {"source": "register", "dossier": "bench", "line": "1"} | fields
        event = {
            "specversion": "1.0",
            "id": f"{fact}@1",
            "source": "/feeds/register",
            "type": f"vn.union-mobility.registry.{change}.v1",
            "subject": subject,
            "time": "2024-01-01T00:00:00Z",
            "datacontenttype": "application/json",
            "data": data,
        }
        return subject.encode(), _encode(event)


class _Career:
    """What a person may do next."""

    def __init__(self) -> None:
        self.at = self.home = ""
        self.away = False
        self.day = 0
        self.latest: tuple[int, int, str, str, int] = (0, 0, "", "", 0)

    def next(self, draw: random.Random, employer: int, union: int) -> list[tuple[str, str, int]]:
        """One or two facts: (change, unit, day); ``replaced`` and ``cancelled`` speak of the latest."""
        self.day += 3 + int(draw.random() * 25)
        enterprise, chance = enterprise_id(f"{200_000_000 + employer:010d}"), draw.random()
        if self.latest[1] and chance < 0.06:
            return [("replaced" if chance < 0.045 else "cancelled", "", 0)]
        if not self.at:
            self.at = enterprise
            return [("joined", enterprise, self.day)]
        here = self.at
        if self.away:
            self.away = False
            return [("returned", here, self.day)]
        if chance < 0.30:
            self.at = enterprise
            return [("transferred_out", here, self.day), ("transferred_in", enterprise, self.day + 1)]
        if chance < 0.55:
            self.at = ""
            return [("departed", here, self.day)]
        if chance < 0.70:
            self.away = True
            return [("absent", here, self.day)]
        if self.home:
            self.home, left = "", self.home
            return [("member_left", left, self.day)]
        self.home = union_id(f"CD{union:06d}")
        return [("admitted", self.home, self.day)]
