"""How fast the pure steps are, on one core without Kafka: ``python -m bench.steps [--profile CASE]``.

Every case feeds chunks of 4,000 records, keeps the state as the engine does (a dict of changelog bytes) and reports
records per second of processor time. Building the records is not counted.
"""

import argparse
import cProfile
import gc
import pstats
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from schemas.changes import CLOCK_KEY
from schemas.ids import digest, enterprise_id
from schemas.topics import CHANGES
from streams import days, people, registry, units
from streams.step import Step

CHUNK = 4_000
RECORDS = 100_000
UNITS = 3_000
FIRST_DAY = days.ordinal("2024-01-01")
_encode = msgspec.json.encode


class Fed(NamedTuple):
    """A record as a step sees it."""

    offset: int
    key: bytes
    value: bytes


class Case(NamedTuple):
    """A step, the chunks that are not measured (they make the state), and the measured ones."""

    step: Step
    before: list[list[Fed]]
    measured: list[list[Fed]]


def _event(kind: str, subject: str, data: dict[str, object]) -> bytes:
    return _encode(
        {
            "specversion": "1.0",
            "id": f"{data.get('fact', subject)}@1",
            "source": "/feeds/bhxh",
            "type": f"vn.union-mobility.{kind}.v1",
            "subject": subject,
            "time": "2026-11-03T08:00:00Z",
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def fact(person: str, number: int, change: str, unit: str, day: int, code: str, code_class: str) -> Fed:
    """A declared line as the producers write it, with every field."""
    data: dict[str, object] = {
        "fact": digest("bench", person, str(number)),
        "version": 1,
        "change": change,
        "unit": unit,
        "branch": "",
        "day": days.text(day),
        "precision": "month",
        "form": "D02",
        "code": code,
        "code_class": code_class,
        "code_table": "0123456789ab",
        "short_contract": False,
        "reason": "",
        "source": "bhxh",
        "dossier": f"600/10-2026/{number}",
        "line": str(number),
        "winner": "",
    }
    return Fed(number, person.encode(), _event(f"person.{change}", person, data))


def chunks(records: Sequence[Fed]) -> list[list[Fed]]:
    """The records in chunks of the size that the engine sees under load."""
    return [list(records[start : start + CHUNK]) for start in range(0, len(records), CHUNK)]


def _unit(number: int) -> str:
    return enterprise_id(f"{200_000_000 + number:010d}")


def simple_histories() -> Case:
    """90 % first facts of somebody not seen before, 10 % leaves of somebody known."""
    chance = random.Random(1)
    records: list[Fed] = []
    known: list[tuple[str, str]] = []
    for number in range(RECORDS):
        day = FIRST_DAY + 30 * chance.randrange(24)
        if known and chance.random() < 0.1:
            person, unit = known[chance.randrange(len(known))]
            records.append(fact(person, number, "departed", unit, day + 700, "GH1", "leave"))
        else:
            person, unit = digest("person", str(number)), _unit(chance.randrange(UNITS))
            known.append((person, unit))
            records.append(fact(person, number, "joined", unit, day, "TM", "start"))
    return Case(people.step, [], chunks(records))


def _histories(facts: int) -> list[list[Fed]]:
    """The first facts of 300 persons, then the second ones ...: spells at changing enterprises, absences."""
    chance = random.Random(2)
    persons = [digest("person", str(number)) for number in range(300)]
    turn = ("joined", "absent", "returned", "departed")
    made, units = [], [""]
    for number in range(facts):
        day = FIRST_DAY + 25 * number
        if number % 4 == 0:
            units = [_unit(chance.randrange(UNITS)) for _ in persons]
        made.append(
            [
                fact(person, number, turn[number % 4], unit, day, "TM", "start")
                for person, unit in zip(persons, units, strict=True)
            ]
        )
    return made


def _one_more(known: int) -> Case:
    """Persons with so many facts, who get eight more, one a chunk."""
    every = _histories(known + 8)
    return Case(people.step, every[:known], every[known:])


def few_facts() -> Case:
    """Persons with 5 facts."""
    return _one_more(5)


def long_histories() -> Case:
    """Persons with 100 facts: a record should cost at most twice what it does with 5."""
    return _one_more(100)


def late_facts() -> Case:
    """A fact from before everything that is known of persons with 100 facts: all of it is folded anew."""
    every = _histories(101)
    return Case(people.step, every[1:], [every[0][:200]])


def growing_histories() -> Case:
    """The same persons from their first fact to their hundredth: what a replay of years costs."""
    return Case(people.step, [], chunks([one for number in _histories(100) for one in number[:200]]))


def _effects(spread: int, records: int) -> list[list[Fed]]:
    """What ``people`` makes of joiners and leavers over so many enterprises."""
    chance = random.Random(3)
    made = []
    for number in range(records):
        sign = -1 if number % 10 == 9 else 1
        unit = _unit(chance.randrange(spread))
        identity = digest("bench", str(number))
        data: dict[str, object] = {
            "kind": "effect",
            "person": digest("person", str(number)),
            "day": days.text(FIRST_DAY + 30 * chance.randrange(24)),
            "fact": identity,
            "workers": sign,
            "present": sign,
        }
        made.append(Fed(number, unit.encode(), _event("unit.effect", unit, data)))
    return chunks(made)


def _tick(day: int) -> list[Fed]:
    data: dict[str, object] = {"kind": "clock", "day": days.text(day), "partition": 0}
    return [Fed(0, CLOCK_KEY.encode(), _event("clock.advanced", CLOCK_KEY, data))]


def many_units() -> Case:
    """Effects spread over 3,000 enterprises: a chunk touches most of them once."""
    return Case(units.step, [_tick(FIRST_DAY + 800)], _effects(UNITS, RECORDS))


def few_units() -> Case:
    """Effects of some 40 rosters at once: files arrive one enterprise after the other."""
    return Case(units.step, [_tick(FIRST_DAY + 800)], _effects(40, RECORDS))


def one_large_unit() -> Case:
    """One enterprise with 50,000 persons."""
    return Case(units.step, [_tick(FIRST_DAY + 800)], _effects(1, 50_000))


def ticks() -> Case:
    """60 days pass over 3,000 enterprises with waiting effects; a record here is a unit on a day."""
    return Case(
        units.step,
        [_tick(FIRST_DAY + 300), *_effects(UNITS, RECORDS)],
        [_tick(FIRST_DAY + 300 + number) for number in range(1, 61)],
    )


def registers() -> Case:
    """Enterprises stated once, and a union for every second one."""
    made = []
    for number in range(20_000):
        unit = _unit(number)
        subject, change = (unit, "enterprise_stated") if number % 2 else (f"uCD{number:06d}", "union_stated")
        data: dict[str, object] = {
            "fact": digest("bench", str(number)),
            "version": 1,
            "change": change,
            "subject": subject,
            "day": "2024-01-01",
            "name": f"Công ty {number}",
            "places": [] if number % 2 else [{"unit": unit, "branch": ""}],
            "source": "register",
            "dossier": "d",
            "line": str(number),
        }
        made.append(Fed(number, subject.encode(), _event("registry.stated", subject, data)))
    return Case(registry.step, [], chunks(made))


CASES: dict[str, Callable[[], Case]] = {
    "people-simple": simple_histories,
    "people-growing-to-100": growing_histories,
    "people-with-5-facts": few_facts,
    "people-with-100-facts": long_histories,
    "people-late-at-100-facts": late_facts,
    "units-3000": many_units,
    "units-40": few_units,
    "units-one-of-50000": one_large_unit,
    "units-ticks": ticks,
    "registry": registers,
}


def run(case: Case) -> Iterator[float]:
    """Processor seconds of each measured chunk."""
    state: dict[bytes, bytes] = {}
    gc.collect()
    gc.freeze()  # the records of a case are not the step's garbage to look through
    for measured, chunk in [(False, one) for one in case.before] + [(True, one) for one in case.measured]:
        started = time.process_time()
        result = case.step(state, chunk)
        if measured:
            yield time.process_time() - started
        for key, value in result.writes.items():
            if value is None:
                state.pop(key, None)
            else:
                state[key] = value


def main() -> None:
    """Print records per second of each case, or the profile of one."""
    parser = argparse.ArgumentParser(description="Speed of the pure steps on one core, without Kafka.")
    parser.add_argument("--profile", choices=CASES, help="profile this case instead of measuring all")
    chosen = parser.parse_args().profile
    if chosen:
        case = CASES[chosen]()
        profile = cProfile.Profile()
        profile.runcall(lambda: list(run(case)))
        pstats.Stats(profile).sort_stats("tottime").print_stats(20)
        return
    for name, make in CASES.items():
        case = make()
        records = sum(len(chunk) for chunk in case.measured) * (UNITS if case.before and name == "units-ticks" else 1)
        seconds = sum(run(case))
        print(f"{name:24} {records / seconds:12,.0f} records/s   outputs to {CHANGES if 'people' in name else 'state'}")


if __name__ == "__main__":
    main()
