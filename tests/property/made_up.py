"""Random facts of a whole city by the thousand, for the long run: quicker made than by Hypothesis, of every kind."""

import random
from datetime import date, timedelta

from schemas.ids import enterprise_id, union_id
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from tests import build
from tests.property.strategies import MEMBER_CHANGES, SPELL_CHANGES

FIRST = date(2025, 1, 1)
DAYS = 400
"""Effective days lie within so many days from the first."""


def day(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


class Makes:
    """A city of enterprises and unions; a few enterprises are large, most have a handful of people."""

    def __init__(self, chance: random.Random, enterprises: int) -> None:
        self.chance = chance
        self.units = [enterprise_id(f"{200_000_000 + number:010d}") for number in range(enterprises)]
        self.unions = [union_id(f"CD{number}") for number in range(max(2, enterprises // 10))]

    def when(self) -> str:
        return day(self.chance.randrange(DAYS))

    def persons(self, facts: int) -> dict[str, list[PersonFact]]:
        """At least so many facts by person: some corrected or said of somebody else, some sent again, some merged."""
        said: dict[str, list[PersonFact]] = {}
        count = 0
        while count < facts:
            person = build.person_id(str(len(said)))
            said[person] = self._of_person(len(said))
            count += len(said[person])
        persons = list(said)
        for number in range(1, len(persons), 40):  # mergers of identities, some of them in chains
            winner = persons[self.chance.choice([number - 1, max(0, number - 40)])]
            said[persons[number]].append(build.person_fact(f"m{number}", "identity_merged", "", day(0), winner=winner))
        for number in range(0, len(persons) - 1, 25):  # a line that named somebody else
            known = max(said[persons[number]], key=lambda fact: (fact.fact, fact.version))
            if known.change == "identity_merged":
                continue
            gone, stated = build.renamed(known, known)
            said[persons[number]].append(gone)
            said[persons[number + 1]].append(stated)
        return said

    def _of_person(self, number: int) -> list[PersonFact]:
        chance = self.chance
        near = [self.units[min(int(chance.paretovariate(0.6)), len(self.units)) - 1] for _ in range(2)]
        units = [*near, chance.choice(self.units)]
        said: list[PersonFact] = []
        for line in range(chance.randint(1, 7)):
            change = "joined" if line == 0 else chance.choice(SPELL_CHANGES * 3 + MEMBER_CHANGES * 2 + ["died"])
            member = change in MEMBER_CHANGES
            more = {
                "branch": "" if member or chance.random() < 0.9 else f"{units[0][1:]}-001",
                "precision": chance.choice(["day", "month"]),
                "short_contract": change == "joined" and chance.random() < 0.1,
            }
            place = chance.choice(self.unions if member else units)
            for version in range(1, chance.choice([2, 2, 2, 2, 3])):
                restated = "cancelled" if version > 1 and chance.random() < 0.5 else change
                fact = build.person_fact(f"{number}.{line}", restated, place, self.when(), version=version, **more)
                said.append(fact)
        if chance.random() < 0.1:
            said.append(chance.choice(said))
        return said

    def registers(self) -> list[RegistryFact]:
        """Rows of every register, one in ten of them corrected or withdrawn."""
        chance = self.chance
        said: list[RegistryFact] = []
        for number, unit in enumerate(self.units):
            owned = chance.choice(["", "private", "private", "public_unit"])
            said.append(
                self._row(f"e{number}", "enterprise_stated", unit, 0, name=f"Công ty {number}", ownership=owned)
            )
            if chance.random() < 0.05:
                said.append(self._row(f"d{number}", "enterprise_dissolved", unit, chance.choice([0, 1, 1, 2])))
            if chance.random() < 0.1:
                said.append(self._row(f"o{number}", "roster_stated", unit, 0, complete=chance.random() < 0.5))
        for number, union in enumerate(self.unions):
            said += [self._row(f"u{number}.{line}", "union_stated", union, 2) for line in range(3)]
            said.append(self._row(f"a{number}", "agreement_signed", f"aTU{number}", 2, ends_on=day(DAYS + number % 50)))
            said.append(self._row(f"p{number}", "party_founded", f"pDB{number}", 1))
            if chance.random() < 0.05:
                said.append(self._row(f"x{number}", "union_dissolved", union, 0))
        for known in [one for one in said if chance.random() < 0.1]:
            restated = {"version": 2, "day": self.when()}
            if chance.random() < 0.5:
                restated["change"] = type(known.change)("cancelled")
            said.append(known.model_copy(update=restated))
        chance.shuffle(said)
        return said

    def _row(self, line: str, change: str, subject: str, reached: int, **more: object) -> RegistryFact:
        places = tuple(self.chance.sample(self.units, reached))
        return build.registry_fact(line, change, subject, self.when(), places=places, **more)
