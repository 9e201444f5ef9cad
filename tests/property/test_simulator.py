"""All steps together, with crashes, poison and chunk borders anywhere, equal the oracle in the end."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from schemas.topics import CHANGES, MOVEMENTS_IN, REGISTRY_IN
from tests import build
from tests.oracle.merging import after_mergers
from tests.property.judging import differences
from tests.property.simulator import Simulator
from tests.property.strategies import ENTERPRISES, histories, merged
from tests.property.strategies import registers as register_facts
from tests.property.unit_logs import day

POISON = [b"", None, b"{", b'{"time":"x","data":{"kind":"clock","day":"soon"}}', b'{"time":"x","data":{"kind":"mark"}}']


@settings(max_examples=max(20, settings().max_examples // 2))
@given(st.lists(histories(5), min_size=1, max_size=6), register_facts(6), st.integers(15, 22), st.data())
def test_crashes_redelivery_and_poison_change_nothing(
    people: list[list[PersonFact]], stated: list[RegistryFact], crowd: int, data: st.DataObject
) -> None:
    said: dict[str, list[PersonFact]] = defaultdict(list)
    city = Simulator(data.draw(st.integers(0, 1 << 30)))
    for number in range(crowd):  # a crowd near the threshold of rule 13
        person = build.person_id(f"crowd{number}")
        said[person] = [build.person_fact(f"c{number}", "joined", ENTERPRISES[0], "2025-12-01")]
    for number, facts in enumerate(people):
        person = build.person_id(f"p{number}")
        said[person] = [
            fact.model_copy(update={"fact": build.person_fact(f"{number}{fact.fact}", "noted", "", "2026-01-01").fact})
            for fact in facts
        ]
    for loser, merger in data.draw(merged(list(said)[crowd - 1 :])).items():
        said[loser] = [*said[loser], merger]
    waiting: list[tuple[str, PersonFact] | RegistryFact | bytes | int | None] = [
        (person, fact) for person, facts in said.items() for fact in facts
    ]
    waiting += stated
    waiting += [0, 1, 25, 60, 120]  # ticks
    waiting += data.draw(st.lists(st.sampled_from(POISON), max_size=3))
    city.chance.shuffle(waiting)
    for one in waiting:
        match one:
            case tuple():
                city.send(one[1], one[0])
            case RegistryFact():
                city.send(one)
            case int():
                city.tick(day(one))
            case _:
                topic = city.chance.choice([MOVEMENTS_IN, REGISTRY_IN, CHANGES])
                city.poison(topic, city.chance.choice([b"", b"clock", b"e0200123450", None]), one)
        city.work(city.chance.randint(0, 2))
    city.drain()
    city.tick(day(150))
    city.drain()
    assert list(differences(city, after_mergers(said), stated)) == []
    assert not [one for one in city.topics[MOVEMENTS_IN] if any(dead.value not in POISON for dead in one.dead)]
