"""The step: each record changes a person's facts; the difference between the two timelines goes out."""

from collections.abc import Sequence

from schemas.topics import CHANGES, MOVEMENTS
from streams import days
from streams.people import output
from streams.people.facts import CANCELLED, Fact, Person, dump, fact_of, load, read_event
from streams.people.moves import Move, resolve
from streams.people.output import Cause
from streams.people.spells import Timeline, fold
from streams.step import Output, PoisonRecordError, Record, Result, State, Writes

_WITHDRAWN = Move(None, None)
_NOTHING = (0, 0, 0)


def step(state: State, records: Sequence[Record]) -> Result:
    """``mobility.events`` -> ``unit.changes`` (effects) and ``mobility.movements``. Key: the person's id."""
    people: dict[bytes, Person] = {}
    timelines: dict[bytes, Timeline] = {}
    effects: list[Output] = []
    movements: list[Output] = []
    for record in records:
        key = record.key
        if key is None:
            raise PoisonRecordError("a record without a key")
        event = read_event(record.value)
        fact = fact_of(event.data)
        person = people.get(key)
        if person is None:
            person = load(state.get(key))
        place = _place_of(fact, person.facts)
        if place is None:
            continue
        before = timelines.get(key) or fold(person.facts)
        if place == len(person.facts):
            person.facts.append(fact)
        else:
            person.facts[place] = fact
        after = fold(person.facts)
        people[key] = person
        timelines[key] = after
        correction = fact.version > 1 or fact.change == CANCELLED
        cause = Cause(key.decode(), event.time, event.data.fact, fact.version, correction)
        effects.extend(_changed_effects(cause, before, after))
        if before.turns != after.turns:
            movements.extend(_changed_movements(cause, person, before, after))
    writes: Writes = {key: dump(person) for key, person in people.items()}
    return Result(writes, {CHANGES: effects, MOVEMENTS: movements})


def _place_of(fact: Fact, facts: list[Fact]) -> int | None:
    """Where the fact belongs: the end if it is new, its earlier version's place, None if nothing about it is new."""
    for place, known in enumerate(facts):
        if known.id == fact.id:
            return place if fact.version > known.version else None
    return len(facts)


def _changed_effects(cause: Cause, before: Timeline, after: Timeline) -> list[Output]:
    """The sum of everything ever emitted for a person is the timeline of the person's facts."""
    old, new = before.effects, after.effects
    changed = []
    for at, now in new.items():
        was = old.get(at)
        delta = now if was is None else (now[0] - was[0], now[1] - was[1], now[2] - was[2])
        if delta != _NOTHING:
            changed.append((at, delta))
    for at, was in old.items():
        if at not in new and was != _NOTHING:
            changed.append((at, (-was[0], -was[1], -was[2])))
    if len(changed) > 1:
        changed.sort()
    last = len(changed) - 1
    return [
        output.effect(cause, number, at, delta, more=number < last and changed[number + 1][0][0] == at[0])
        for number, (at, delta) in enumerate(changed)
    ]


def _changed_movements(cause: Cause, person: Person, before: Timeline, after: Timeline) -> list[Output]:
    old, new = resolve(before.turns), resolve(after.turns)
    changed = [(at, move) for at, move in new.items() if old.get(at) != move]
    changed += [(at, _WITHDRAWN) for at in old if at not in new]
    outputs = []
    for at, move in changed:
        identity = output.movement_identity(cause.person, at[0], days.text(at[1]))
        version = _next_version(person, identity, known=at in old)
        outputs.append(output.movement(cause, identity, version, move))
    return outputs


def _next_version(person: Person, identity: str, *, known: bool) -> int:
    """First versions are not kept: a movement that was known and is not listed has version 1."""
    raw = bytes.fromhex(identity)
    version = person.revised.get(raw, 1 if known else 0) + 1
    if version > 1:
        person.revised[raw] = version
    return version
