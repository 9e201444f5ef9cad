"""A step writes to its own source: facts of merged identities (rule 7) go round exactly once, also across kills."""

import json
import random
import time
from collections import defaultdict
from collections.abc import Callable

import pytest

from schemas.ids import enterprise_id
from schemas.persons import PersonFact
from streams.engine.routing import Router
from tests import build
from tests.chaos.processes import Worker
from tests.integration.engine.bed import Bed
from tests.oracle.merging import after_mergers
from tests.oracle.persons import figures

pytestmark = pytest.mark.services
Make = Callable[..., Bed]

PARTITIONS = 3
UNITS = [enterprise_id(f"02001234{number:02d}") for number in range(12)]


def city(chance: random.Random) -> dict[str, list[PersonFact]]:
    """Persons with a start, perhaps a leave or a correction; a third of them turn out to be another one, in chains."""
    said: dict[str, list[PersonFact]] = {}
    for number in range(900):
        unit = chance.choice(UNITS)
        facts = [build.person_fact(f"{number}", "joined", unit, "2026-01-01")]
        if chance.random() < 0.3:
            facts.append(build.person_fact(f"{number}", "joined", chance.choice(UNITS), "2026-01-05", version=2))
        if chance.random() < 0.3:
            facts.append(build.person_fact(f"{number} left", "departed", unit, "2026-03-01"))
        if number and chance.random() < 0.33:
            winner = build.person_id(str(chance.randrange(number)))
            facts.append(build.person_fact(f"{number} merged", "identity_merged", "", "2026-05-01", winner=winner))
        said[build.person_id(str(number))] = facts
    return said


def test_facts_of_merged_identities_go_round_once(bed: Make) -> None:
    chance = random.Random(7)
    said = city(chance)
    at = bed(partitions=PARTITIONS)
    everything = [(person, fact) for person, facts in said.items() for fact in facts]
    chance.shuffle(everything)
    router = Router(PARTITIONS)

    def put(some: list[tuple[str, PersonFact]]) -> None:
        by_partition = defaultdict(list)
        for person, fact in some:
            record = build.person_record(person, fact)
            by_partition[router(person.encode())].append((person.encode(), record.value))
        for partition, records in by_partition.items():
            at.put(records, partition)

    def worker() -> Worker:
        command = ["-m", "tests.integration.engine.forwarding", at.broker.address, at.name, str(PARTITIONS)]
        at.workers.append(Worker(command, at.folder / f"worker-{len(at.workers) + 1}.log"))
        return at.workers[-1]

    for part in range(3):
        put(everything[part::3])
        working = worker()
        time.sleep(4 + chance.random())
        working.kill()
    worker()
    at.wait()
    assert at.dead() == []
    assert at.open_transactions() == []
    there = at.read("in")
    forwarded = [json.loads(one.value or b"") for one in there if b'"through":["' in (one.value or b"")]
    assert len(forwarded) > 300
    assert len({event["id"] for event in forwarded}) == len(forwarded), "one was published twice"
    assert all(router(one.key) == one.partition for one in there)
    counted: dict[str, int] = defaultdict(int)
    for one in at.read("out"):
        counted[one.key.decode()] += json.loads(one.value or b"")["data"].get("workers", 0)
    expected: dict[str, int] = defaultdict(int)
    for facts in after_mergers(said).values():
        for unit, (workers, _, _) in figures(facts, "2030-01-01").items():
            expected[unit] += workers
    assert {unit: workers for unit, workers in counted.items() if workers} == {
        unit: workers for unit, workers in expected.items() if workers
    }
