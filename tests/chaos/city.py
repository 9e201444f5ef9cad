"""An endless, seeded stream of facts about a small city: every kind, corrections, mergers of identities, and poison."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from schemas import topics
from schemas.changes import AlertAction
from schemas.ids import alert_id
from schemas.persons import Change, PersonFact
from schemas.registry import RegistryChange, RegistryFact
from tests import build

ENTERPRISES = [f"e02{number:08d}" for number in range(60)]
UNIONS = [f"u{number:04d}" for number in range(12)]
FIRST_DAY = date(2026, 1, 1)
POISON = [b"", b"{", b"\xff\xfe", b'{"time":"x"}', b'{"time":"2026-01-01T00:00:00Z","data":{"fact":1}}', None]

Message = tuple[str, bytes, bytes | None]
"""Topic, key, value."""


class City:
    """Facts refer to what was said before, so that leaves, returns and corrections mean something."""

    def __init__(self, seed: int, persons: int = 1500) -> None:
        self._random = random.Random(seed)
        self._persons = [build.person_id(f"{seed}/{number}") for number in range(persons)]
        self._said: list[tuple[str, PersonFact]] = []
        self._register: list[RegistryFact] = []
        self._winners: dict[str, str] = {}
        self._number = 0
        self.poison = 0

    def messages(self) -> Iterator[Message]:
        """What is declared, in the order in which it is sent."""
        while True:
            chance = self._random.random()
            if chance < 0.002:
                self.poison += 1
                topic = self._random.choice([topics.MOVEMENTS_IN, topics.REGISTRY_IN, topics.CHANGES])
                yield topic, b"%032x" % self._random.getrandbits(128), self._random.choice(POISON)
            elif chance < 0.03:
                record = build.registry_record(self._registered())
                assert record.key is not None
                yield topics.REGISTRY_IN, record.key, record.value
            elif chance < 0.033:
                yield self._action()
            elif chance < 0.036:
                yield from self._merged()
            else:
                person, fact = self._corrected() if chance < 0.15 and self._said else self._declared()
                self._said.append((person, fact))
                record = build.person_record(person, fact)
                yield topics.MOVEMENTS_IN, person.encode(), record.value

    def _name(self) -> str:
        self._number += 1
        return f"chaos/{self._number}"

    def _day(self) -> str:
        return (FIRST_DAY + timedelta(days=self._random.randrange(400))).isoformat()

    def _unit(self) -> str:
        return ENTERPRISES[int(len(ENTERPRISES) ** self._random.random()) - 1]  # a few are large

    def _declared(self) -> tuple[str, PersonFact]:
        draw = self._random
        if self._said and draw.random() < 0.45:
            person, earlier = draw.choice(self._said)
            unit = earlier.unit if earlier.unit.startswith("e") else self._unit()
            change = draw.choice(["departed", "transferred_out", "absent", "returned", "departed", "died"])
            if change == "died" and draw.random() < 0.9:
                change = "departed"
            return person, build.person_fact(self._name(), change, unit, self._day(), branch=earlier.branch)
        person = draw.choice(self._persons)
        if draw.random() < 0.2:
            change = draw.choice(["admitted", "admitted", "member_transferred", "member_left", "suspended"])
            return person, build.person_fact(self._name(), change, draw.choice(UNIONS), self._day())
        unit = self._unit()
        change = draw.choice(["joined", "joined", "joined", "transferred_in", "listed"])
        branch = f"{unit[1:]}-001" if draw.random() < 0.1 else ""
        return person, build.person_fact(self._name(), change, unit, self._day(), branch=branch)

    def _corrected(self) -> tuple[str, PersonFact]:
        """The next version of something said: withdrawn, or restated on another day."""
        person, fact = self._random.choice(self._said)
        changed: dict[str, Any] = {"version": fact.version + 1}
        changed |= {"change": Change.CANCELLED} if self._random.random() < 0.5 else {"day": self._day()}
        return person, fact.model_copy(update=changed)

    def _merged(self) -> Iterator[Message]:
        """Two persons turn out to be one, in chains but not in circles; facts of the one that is gone go on coming."""
        loser, winner = self._random.sample(self._persons, 2)
        stays = winner
        while stays in self._winners:
            stays = self._winners[stays]
        if loser not in self._winners and stays != loser:
            self._winners[loser] = winner
            fact = build.person_fact(self._name(), "identity_merged", "", self._day(), winner=winner)
            yield topics.MOVEMENTS_IN, loser.encode(), build.person_record(loser, fact).value

    def _registered(self) -> RegistryFact:
        draw = self._random
        kind = draw.random()
        if kind < 0.35:
            unit = draw.choice(ENTERPRISES)
            owner = "public_unit" if draw.random() < 0.1 else "private"
            stated = {"tax_code": unit[1:], "name": f"Công ty {unit[-2:]}", "ownership": owner}
            fact = build.registry_fact(self._name(), "enterprise_stated", unit, self._day(), **stated)
        elif kind < 0.9:
            union = draw.choice(UNIONS)
            places = tuple(draw.sample(ENTERPRISES, draw.randrange(1, 5)))
            fact = build.registry_fact(
                self._name(), "union_stated", union, self._day(), places=places, union_code=union[1:]
            )
        elif self._register and kind < 0.97:
            earlier = draw.choice(self._register)
            fact = earlier.model_copy(update={"version": earlier.version + 1, "change": RegistryChange.CANCELLED})
        else:
            fact = build.registry_fact(self._name(), "enterprise_dissolved", draw.choice(ENTERPRISES), self._day())
        self._register.append(fact)
        return fact

    def _action(self) -> Message:
        """An officer acts on an alert that may or may not be there."""
        unit = self._unit()
        action = self._random.choice(["acknowledge", "snooze", "reopen"])
        until = self._day() if action == "snooze" else ""
        act = AlertAction(alert=alert_id("no-union", unit, 1), action=action, by="officer", until=until)  # type: ignore[arg-type]
        self._number += 1
        return topics.CHANGES, unit.encode(), build.change_record(unit, act, self._number).value
