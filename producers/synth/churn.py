"""A month in the life of the city: who leaves, starts, falls ill and comes back, and what gets declared of it, when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log
from random import Random

from producers.synth.city import ABSENT, DEAD, City, Enterprise
from producers.synth.desk import Desk
from producers.synth.ledger import Ledger
from producers.synth.lines import FAULTS_OF_ANY_FORMAT, FAULTS_OF_CSV, Line
from producers.synth.membership import Membership

SEASON_LEAVE = {0: 1.25, 1: 1.3}
SEASON_START = {0: 0.85, 1: 1.5, 2: 1.15}
"""By month of the year from 0: people leave around Tết and are hired after it."""

ABSENCE_RATE, NOTED_RATE = 0.006, 0.008
UNREPORTED, LATE, FAULTY = 0.03, 0.03, 0.004
"""Shares of leaves never declared, of lines one or two months late, of starts with a broken row."""

_LEAVES = (("GH", 50), ("GH1", 28), ("GD", 12), ("GC", 5), ("GH2", 4), ("GH4", 1))
_STARTS = (("TM", 80), ("TH", 6), ("TC", 4), ("TD", 10))
_ABSENCES = (("TS", 45, 4, 6), ("OF", 30, 1, 2), ("KL", 25, 1, 3))
_SEEKS_WORK = 0.65
_FROM_POOL = 0.5
_SAME_FACT_AGAIN, _FILE_AGAIN = 0.01, 0.01


@dataclass
class Churn:
    """Everyone but the story's enterprises. ``pending`` holds late lines by month and enterprise."""

    city: City
    desk: Desk
    membership: Membership
    ledger: Ledger
    wage_share: float
    pending: dict[int, dict[int, list[Line]]] = field(default_factory=dict)
    returns: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    pool: list[int] = field(default_factory=list)

    def month(self, month: int) -> None:
        """Let one month pass; its dossiers are on disk afterwards."""
        late = self.pending.pop(month, {})
        back = self.returns.pop(month, {})
        random = self.city.random
        for enterprise in self.city.enterprises:
            if enterprise.scripted:
                continue
            lines = late.get(enterprise.number, [])
            if enterprise.dissolved_on:
                self._file(enterprise, lines)
                continue
            before = len(enterprise.crew) + len(lines) + self._still_late(enterprise, month)
            if enterprise.crew:
                self._leaves_and_absences(enterprise, month, lines, back.get(enterprise.number, ()))
            before += self._starts(enterprise, month, lines)
            enterprise.peak = max(enterprise.peak, before + enterprise.ghosts)
            if month % 12 == 0 and enterprise.crew and random.random() < self.wage_share:
                lines += [Line(person, "DC", month, trap="wage-row") for person in enterprise.crew]
            self._file(enterprise, lines)

    def _file(self, enterprise: Enterprise, lines: list[Line]) -> None:
        if not lines:
            return
        self.desk.file(enterprise, lines)
        if enterprise.channel == "bureau":
            return
        random = self.city.random
        if random.random() < _FILE_AGAIN:
            self.desk.send_again(enterprise)
        sound = [line for line in lines if not line.fault]
        if sound and random.random() < _SAME_FACT_AGAIN:
            again = [Line(line.person, line.code, line.month, trap="fact-under-another-dossier") for line in sound]
            self.desk.file(enterprise, again, sequence=2)

    def _leaves_and_absences(
        self, enterprise: Enterprise, month: int, lines: list[Line], back: "list[int] | tuple[int, ...]"
    ) -> None:
        city, random, stamp = self.city, self.city.random, month - self.city.first
        for person in back:
            if city.employer[person] == enterprise.number and city.flags[person] & ABSENT:
                city.be_back(person)
                city.touched[person] = stamp
                self._say(enterprise, Line(person, "ON", month), lines)
        leave = enterprise.rate * SEASON_LEAVE.get(month % 12, 1.0)
        total = leave + ABSENCE_RATE + NOTED_RATE
        gone: list[int] = []
        for place in picks(random, len(enterprise.crew), total):
            person = enterprise.crew[place]
            if city.touched[person] == stamp:
                continue
            city.touched[person] = stamp
            draw = random.random() * total
            if draw < leave:
                gone.append(place)
                self._leave(enterprise, person, month, lines)
            elif draw < leave + ABSENCE_RATE:
                if not city.flags[person] & ABSENT:
                    self._absence(enterprise, person, month, lines)
            else:
                lines.append(Line(person, random.choice(("DC", "CD", "TT")), month))
        for place in reversed(gone):
            enterprise.crew[place] = enterprise.crew[-1]
            enterprise.crew.pop()

    def _leave(self, enterprise: Enterprise, person: int, month: int, lines: list[Line]) -> None:
        city, random = self.city, self.city.random
        code = random.choices([c for c, _ in _LEAVES], [w for _, w in _LEAVES])[0]
        if code in {"GH", "GH1"} and city.flags[person] & ABSENT:
            code = "GH3"
        declared = random.random() >= UNREPORTED
        if declared:
            self._say(enterprise, Line(person, code, month), lines)
        else:
            self.ledger.trap("leave-never-declared", tax_code=enterprise.tax_code)
        if code == "GH4":
            if declared:
                city.die(person)
            else:
                city.leave(person, declared=False)
                city.flags[person] |= DEAD
            return
        city.leave(person, declared=declared)
        self.membership.after_leave(person, month, retired=code == "GH2")
        if code != "GH2" and random.random() < _SEEKS_WORK:
            self.pool.append(person)

    def _absence(self, enterprise: Enterprise, person: int, month: int, lines: list[Line]) -> None:
        random = self.city.random
        code, _, shortest, longest = random.choices(_ABSENCES, [kind[1] for kind in _ABSENCES])[0]
        self.city.be_absent(person)
        self._say(enterprise, Line(person, code, month), lines)
        until = month + random.randint(shortest, longest)
        self.returns.setdefault(until, {}).setdefault(enterprise.number, []).append(person)

    def _starts(self, enterprise: Enterprise, month: int, lines: list[Line]) -> int:
        city, random, stamp = self.city, self.city.random, month - self.city.first
        usual = enterprise.usual
        if not usual and random.random() < 0.01:
            usual = enterprise.usual = random.randint(1, 8)
            starts = usual
        else:
            starts = sum(1 for _ in picks(random, usual, enterprise.rate * SEASON_START.get(month % 12, 1.0)))
        for _ in range(starts):
            person = self._applicant(enterprise)
            code = random.choices([c for c, _ in _STARTS], [w for _, w in _STARTS])[0]
            line = Line(person, code, month, trap="short-contract" if code == "TH" else "")
            declared = random.random() >= FAULTY
            city.touched[person] = stamp
            if declared:
                self._say(enterprise, line, lines)
            else:
                line.fault = random.choice(FAULTS_OF_CSV if "csv" in self._format(enterprise) else FAULTS_OF_ANY_FORMAT)
                lines.append(line)
                if month < city.last and random.random() < 0.5:
                    declared = True
                    self._later(enterprise, Line(person, code, month, trap="sent-again-after-refusal"), month + 1)
            city.hire(person, enterprise, declared=declared)
            self.membership.after_start(person, enterprise, month)
        return starts

    def _still_late(self, enterprise: Enterprise, month: int) -> int:
        return sum(len(self.pending.get(later, {}).get(enterprise.number, ())) for later in (month + 1, month + 2))

    def _applicant(self, enterprise: Enterprise) -> int:
        """Somebody who left elsewhere, or a newcomer. Never a former worker of this very enterprise.

        A return there within the month of a leave that was not counted would be read the other way round (rule 2).
        """
        city, random = self.city, self.city.random
        if self.pool and random.random() < _FROM_POOL:
            place = random.randrange(len(self.pool))
            person = self.pool[place]
            ghosts = city.ghosts.get(person, ())
            if city.employer[person] != -2 - enterprise.number and all(at != enterprise.number for at, _ in ghosts):
                self.pool[place] = self.pool[-1]
                self.pool.pop()
                return person
        return city.new_person()

    def _say(self, enterprise: Enterprise, line: Line, lines: list[Line]) -> None:
        """Declare it now, or, of a few, a month or two late; all before the last month ends."""
        random = self.city.random
        late = line.month + random.randint(1, 2) if random.random() < LATE else line.month
        if line.month < late <= self.city.last:
            line.trap = line.trap or "late-row"
            self._later(enterprise, line, late)
        else:
            lines.append(line)

    def _later(self, enterprise: Enterprise, line: Line, month: int) -> None:
        self.pending.setdefault(month, {}).setdefault(enterprise.number, []).append(line)

    @staticmethod
    def _format(enterprise: Enterprise) -> str:
        return "csv" if enterprise.channel in {"csv", "bureau"} else enterprise.channel


def picks(random: Random, count: int, chance: float) -> Iterator[int]:
    """Places below ``count``, each with that chance, ascending; takes time only for those that are picked."""
    if chance <= 0:
        return
    step = log(1 - min(chance, 0.999999))
    place = -1
    while True:
        place += 1 + int(log(1 - random.random()) / step)
        if place >= count:
            return
        yield place
