"""The state of the simulated city: who really works where, and what has been declared about it.

Truth and declaration differ where life does: a leave that nobody reported leaves a *ghost* spell, a worker left off a
partial roster has none. The expected answer follows the declarations. Persons live in compact arrays (about 14 bytes
each), so a province fits in memory.
"""

import random
from array import array
from dataclasses import dataclass, field

from producers.synth.identifiers import Citizens

DECLARED = 1
"""Person flag: by what was declared, a spell at the present employer is open."""
ABSENT = 2
"""Really absent (sick, maternity, unpaid)."""
ABSENT_DECLARED = 4
"""Absent by what was declared."""
SUSPENDED = 8
DEAD = 16

JOBLESS = -1
"""Employer of somebody who never worked here; a former worker of enterprise n has -2 - n."""
NO_UNION = -1


@dataclass(slots=True)
class Enterprise:
    """An enterprise and the city's knowledge of it. ``crew`` holds the numbers of its real workers."""

    number: int
    tax_code: str
    unit_code: str
    name: str
    ownership: str
    area_code: str
    registered_on: str
    effective_on: str
    eligible_agreement: str = ""
    eligible_party: str = ""
    park: str = ""
    crew: "array[int]" = field(default_factory=lambda: array("i"))
    baseline: str = "none"
    unions: list[int] = field(default_factory=list)
    rate: float = 0.04
    usual: int = 0
    channel: str = "bureau"
    scripted: bool = False
    dissolved_on: str = ""
    ghosts: int = 0
    peak: int = 0


@dataclass(slots=True)
class Union:
    """A grassroots union; ``covers`` are tax codes as the register states them (a branch is 10-3)."""

    number: int
    code: str
    name: str
    covers: list[str]
    founded_on: str
    dissolved_on: str = ""


class City:
    """Everything that changes from month to month. ``first`` is the first month of movements."""

    def __init__(self, seed: int, first: int, months: int) -> None:
        """An empty city; ``first`` as in :mod:`producers.synth.months`."""
        self.random = random.Random(seed)  # noqa: S311 (a repeatable city, no secret)
        self.citizens = Citizens(seed)
        self.seed = seed
        self.first = first
        self.months = months
        self.enterprises: list[Enterprise] = []
        self.unions: list[Union] = []
        self.employer = array("i")
        self.flags = bytearray()
        self.home = array("i")
        self.touched = array("h")
        self.member_touched = array("h")
        self.ghosts: dict[int, list[tuple[int, bool]]] = {}

    @property
    def last(self) -> int:
        """Last month of movements."""
        return self.first + self.months - 1

    def new_person(self) -> int:
        """Number of a person whom nobody has met before."""
        person = len(self.flags)
        self.employer.append(JOBLESS)
        self.flags.append(0)
        self.home.append(NO_UNION)
        self.touched.append(-1)
        self.member_touched.append(-1)
        return person

    def hire(self, person: int, enterprise: Enterprise, *, declared: bool = True) -> None:
        """The person starts; ``declared`` says whether the start is, or will be, accepted by the intake."""
        self.employer[person] = enterprise.number
        self.flags[person] = (self.flags[person] & (SUSPENDED | DEAD)) | (DECLARED if declared else 0)
        enterprise.crew.append(person)

    def leave(self, person: int, *, declared: bool = True) -> None:
        """The person stops working; the caller takes the number out of the crew."""
        number, flags = self.employer[person], self.flags[person]
        if flags & DECLARED and not declared:
            self.ghosts.setdefault(person, []).append((number, bool(flags & ABSENT_DECLARED)))
            self.enterprises[number].ghosts += 1
        self.flags[person] = flags & ~(DECLARED | ABSENT | ABSENT_DECLARED)
        self.employer[person] = -2 - number

    def dismiss(self, person: int, *, declared: bool = True) -> None:
        """Like :meth:`leave`, and out of the crew: for the few persons of a story."""
        self.enterprises[self.employer[person]].crew.remove(person)
        self.leave(person, declared=declared)

    def die(self, person: int) -> None:
        """A declared death ends every spell that is open and the membership (meaning, rule 2)."""
        if self.employer[person] >= 0:
            self.leave(person)
        self.ghosts.pop(person, None)
        self.quit(person)
        self.flags[person] |= DEAD

    def be_absent(self, person: int) -> None:
        """A declared absence; without an open declared spell it has no effect on the counts."""
        self.flags[person] |= ABSENT
        if self.flags[person] & DECLARED:
            self.flags[person] |= ABSENT_DECLARED

    def be_back(self, person: int) -> None:
        """A declared return; with nothing open it starts a spell (meaning, rule 2)."""
        self.flags[person] = (self.flags[person] & ~(ABSENT | ABSENT_DECLARED)) | DECLARED

    def join(self, person: int, union: int) -> None:
        """Admission or transfer: the new home, which also ends a suspension (meaning, rule 4)."""
        self.home[person] = union
        self.flags[person] &= ~SUSPENDED

    def quit(self, person: int) -> None:
        """The membership ends, with no fallback to an earlier union."""
        self.home[person] = NO_UNION
        self.flags[person] &= ~SUSPENDED

    def found_union(self, name: str, covers: list[str], founded_on: str) -> Union:
        """A new union with the next code; the caller adds its number to the enterprises that it covers."""
        number = len(self.unions)
        union = Union(number, f"CD{number + 1:05d}", name, covers, founded_on)
        self.unions.append(union)
        return union
