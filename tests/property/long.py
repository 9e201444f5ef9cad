"""The long run: ``python -m tests.property.long --facts 1000000 [--seed 1] [--sample 300]``.

Facts of a whole city, sent in a jumbled order with duplicates, corrections and mergers of identities, through the
simulator with crashes; in the end every count of every unit, all that registers say and every finding are compared with
the oracle, and the alerts of a sample of enterprises and the movements of a sample of persons.
"""

import argparse
import random
import sys
import time
from collections import Counter

from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from schemas.topics import CHANGES
from tests.oracle.merging import after_mergers
from tests.property import judging
from tests.property.made_up import DAYS, Makes, day
from tests.property.simulator import Simulator

TICKS = 40
LARGEST = 1_500
"""Changes of an enterprise whose alerts are recomputed: the oracle sums all of them again at each."""


def main() -> int:
    """Exit code 1 on a difference; the seed in the output repeats it."""
    parser = argparse.ArgumentParser(description="All steps against the oracle, on a city of random facts.")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=300, help="enterprises whose alerts are recomputed")
    parser.add_argument("--persons", type=int, default=20_000, help="persons whose movements are recomputed")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    started = time.monotonic()
    makes = Makes(chance, max(3, asked.facts // 150))
    said, stated = makes.persons(asked.facts), makes.registers()
    count = sum(map(len, said.values()))
    city = run(chance, asked.seed, said, stated)
    elapsed = time.monotonic() - started
    print(
        f"seed {asked.seed}: {count:,} facts of {len(said):,} persons and {len(stated):,} rows of registers went "
        f"through in {elapsed:,.0f} s; comparing ...",
        flush=True,
    )
    merged = after_mergers(said)
    some = {person: merged[person] for person in chance.sample(sorted(merged), min(asked.persons, len(merged)))}
    wrong = [
        *judging.of_units(city, merged, stated),
        *judging.of_findings(city, merged),
        *judging.of_movements(city, some),
        *judging.of_alerts(city, sample(chance, city, makes.units, asked.sample)),
    ]
    for one in wrong[:20]:
        print(one)
    print(
        f"{len(wrong)} differences; {len(city.statuses()):,} units, {len(city.findings()):,} findings, movements of "
        f"{len(some):,} persons, {len(city.alerts()):,} alerts, {time.monotonic() - started:,.0f} s",
        flush=True,
    )
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
    city.tick(day(DAYS + 120))
    city.drain()
    return city


def sample(chance: random.Random, city: Simulator, units: list[str], number: int) -> list[str]:
    """Enterprises that the oracle can judge in a moment."""
    changes = Counter(record.key for partition in city.topics[CHANGES] for record in partition.records)
    small = [unit for unit in units if changes[unit.encode()] <= LARGEST]
    return chance.sample(small, min(number, len(small)))


if __name__ == "__main__":
    sys.exit(main())
