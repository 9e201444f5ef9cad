"""The long run: ``python -m tests.property.long --facts 1000000 [--seed 1] [--sample 300]``.

Facts of a whole city, sent in a jumbled order with duplicates, corrections and mergers of identities, through the
simulator with crashes; in the end every count of every unit is compared with the oracle, and the alerts of a sample of
enterprises.
"""

import argparse
import random
import sys
import time
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from schemas.ids import enterprise_id, union_id
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from tests import build
from tests.oracle import alerts, registers
from tests.oracle.city import counts_on
from tests.oracle.merging import after_mergers
from tests.property.simulator import Simulator
from tests.property.strategies import MEMBER_CHANGES, SPELL_CHANGES

FIRST = date(2025, 1, 1)
TICKS = 40


def day(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


def person_facts(chance: random.Random, number: int, units: list[str], unions: list[str]) -> list[PersonFact]:
    """A handful of facts about one person, some corrected, some sent again."""
    said: list[PersonFact] = []
    for line in range(chance.randint(1, 7)):
        change = "joined" if line == 0 else chance.choice(SPELL_CHANGES * 3 + MEMBER_CHANGES * 2 + ["died"])
        place = chance.choice(unions if change in MEMBER_CHANGES else units)
        for version in range(1, chance.choice([2, 2, 2, 2, 3])):
            restated = "cancelled" if version > 1 and chance.random() < 0.5 else change
            when = day(chance.randrange(400))
            said.append(build.person_fact(f"{number}.{line}", restated, place, when, version=version))
    if chance.random() < 0.1:
        said.append(chance.choice(said))
    return said


def main() -> int:
    """Exit code 1 on a difference; the seed in the output repeats it."""
    parser = argparse.ArgumentParser(description="All steps against the oracle, on a city of random facts.")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=300, help="enterprises whose alerts are recomputed")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    started = time.monotonic()
    units = [enterprise_id(f"{200_000_000 + number:010d}") for number in range(max(3, asked.facts // 150))]
    unions = [union_id(f"CD{number}") for number in range(max(2, len(units) // 10))]
    said: dict[str, list[PersonFact]] = {}
    count = 0
    while count < asked.facts:
        near = [units[min(int(chance.paretovariate(0.6)), len(units)) - 1] for _ in range(2)]
        person = build.person_id(str(len(said)))
        said[person] = person_facts(chance, len(said), [*near, chance.choice(units)], unions)
        count += len(said[person])
    persons = list(said)
    for number in range(1, len(persons), 40):  # mergers of identities, some of them in chains
        winner = persons[chance.choice([number - 1, max(0, number - 40)])]
        said[persons[number]].append(build.person_fact(f"m{number}", "identity_merged", "", day(0), winner=winner))
    stated = [
        build.registry_fact(f"u{number}", "union_stated", union, day(chance.randrange(400)), places=(unit,))
        for number, union in enumerate(unions)
        for unit in [chance.choice(units)]
    ]
    city = run(chance, asked.seed, said, stated)
    print(f"seed {asked.seed}: {count:,} facts went through in {time.monotonic() - started:,.0f} s; comparing ...")
    wrong = differences(city, after_mergers(said), stated, chance.sample(units, min(asked.sample, len(units))))
    for one in wrong[:20]:
        print(one)
    print(f"{len(wrong)} differences, {len(city.alerts()):,} alerts, {time.monotonic() - started:,.0f} s")
    return 1 if wrong else 0


def run(chance: random.Random, seed: int, said: dict[str, list[PersonFact]], stated: list[RegistryFact]) -> Simulator:
    """Everything sent in a jumbled order, ticks in between."""
    city = Simulator(seed, partitions=4, largest_chunk=4_000, crashes=0.05)
    facts = [(person, fact) for person, many in said.items() for fact in many]
    chance.shuffle(facts)
    for row in stated:
        city.send(row)
    ticks = [len(facts) * number // TICKS for number in range(TICKS)]
    for at, (person, fact) in enumerate(facts):
        city.send(fact, person)
        if ticks and at == ticks[0]:
            city.tick(day(12 * (TICKS - len(ticks))))
            city.work(20)
            ticks.pop(0)
    city.drain()
    city.tick(day(520))
    city.drain()
    return city


def differences(
    city: Simulator, said: dict[str, list[PersonFact]], stated: list[RegistryFact], sample: list[str]
) -> list[str]:
    """What the steps tell otherwise than the oracle."""
    wrong = []
    statuses = city.statuses()
    for unit, expected in counts_on(said, stated, city.day).items():
        status = statuses.get(unit, {"workers": 0, "present": 0, "members": 0})
        found = (status["workers"], status["present"], status["members"])
        if found != expected:
            wrong.append(f"{unit}: {found}, by the oracle {expected}")
    by_unit: dict[str, list[RegistryFact]] = defaultdict(list)
    for fact in stated:
        for place in fact.places:
            by_unit[place.unit].append(fact)
    for unit, rows in by_unit.items():
        covers = sorted(registers.covers(rows, unit, city.day))
        if statuses[unit]["unions"] != covers:
            wrong.append(f"{unit}: covered by {statuses[unit]['unions']}, by the oracle {covers}")
    told = {key: alert for key, alert in city.alerts().items() if alert["unit"] in set(sample)}
    expected_alerts: dict[str, dict[str, Any]] = {}
    for log in city.unit_log(only=sample):
        expected_alerts |= alerts.alerts_of(log)
    wrong += [
        f"alert {one}" for one in told.keys() | expected_alerts.keys() if told.get(one) != expected_alerts.get(one)
    ]
    return wrong


if __name__ == "__main__":
    sys.exit(main())
