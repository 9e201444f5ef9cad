"""All steps together, with crashes, poison and chunk borders anywhere, equal the oracle in the end."""

from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.changes import AlertAction, Effect
from schemas.ids import alert_id
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


UNIT = ENTERPRISES[0]
WORDS = ["renamed"] * 5 + ["more", "fewer", "withdrawn", "acknowledge", "snooze", "day", "day", "month"]


@settings(max_examples=max(20, settings().max_examples // 2))
@given(st.integers(0, 1 << 30), st.integers(18, 21), st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
def test_whom_a_line_names_is_nothing_to_an_alert(seed: int, crowd: int, words: list[str]) -> None:
    """Numbers mistyped and corrected, in any interleaving, leave every alert as it is without them."""
    alerts = [tell(seed, crowd, words, renamed=renamed) for renamed in (True, False)]
    assert alerts[0] == alerts[1]


def tell(seed: int, crowd: int, words: list[str], *, renamed: bool) -> dict[str, dict[str, Any]]:
    """Alerts in the end. All but the corrections goes onto the unit's log directly, so its order there is the same."""
    city = Simulator(seed)
    city.tick(day(0))
    lines = [(f"p{number}", build.person_fact(f"{number}", "joined", UNIT, "2025-12-01")) for number in range(crowd)]
    for who, fact in lines:
        city.send(fact, build.person_id(who))
    city.drain()
    today, ticked = 0, False
    for number, word in enumerate(words):
        match word:
            case "renamed":
                line = city.chance.randrange(crowd)
                was, known = lines[line]
                gone, stated = build.renamed(known, known)
                lines[line] = f"{was}.{number}", stated
                for who, fact in ((was, gone), (lines[line][0], stated)) if renamed else ():
                    city.send(fact, build.person_id(who))
            case "more" | "fewer" | "withdrawn":
                sign = 1 if word == "more" else -1
                effect = Effect(person=build.person_id("x"), day=day(-3), workers=sign, correction=word == "withdrawn")
                city.act(UNIT, effect)
            case "acknowledge" | "snooze":
                until = day(today + 9) if word == "snooze" else ""
                city.act(UNIT, AlertAction(alert=alert_id("no-union", UNIT, 1), action=word, by="huong", until=until))
            case _:
                if ticked or word == "month":  # a part waits over one midnight
                    city.drain()
                today += 31 if word == "month" else 1
                city.tick(day(today))
                ticked = not ticked
        city.work(city.chance.randint(0, 3))
    city.drain()
    for number in range(1, 4):
        city.tick(day(today + 31 * number))
    city.drain()
    return city.alerts()
