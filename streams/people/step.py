"""The step: each record changes a person's facts; the difference between the two timelines goes out."""

from collections.abc import Sequence

from schemas.topics import CHANGES, MOVEMENTS
from streams import days
from streams.people import output
from streams.people.facts import CANCELLED, Fact, Person, dump, fact_of, load, person_of, read_event
from streams.people.moves import Move, Moves, resolve
from streams.people.output import Cause
from streams.people.spells import EMPTY, Delta, Timeline, Turn, fold
from streams.step import Output, Record, Result, State, Writes

_WITHDRAWN = Move(None, None)


def step(state: State, records: Sequence[Record]) -> Result:
    """``mobility.events`` -> ``unit.changes`` (effects) and ``mobility.movements``. Key: the person's id."""
    people: dict[bytes | None, _InWork] = {}
    effects: list[Output] = []
    movements: list[Output] = []
    for record in records:
        event = read_event(record.value)
        data = event.data
        fact = fact_of(data)
        key = record.key
        work = people.get(key)
        if work is None:
            work = people[key] = _InWork(person_of(key), state.get(key or b""))
        before = work.timeline
        after = work.take(fact)
        if after is before:
            continue
        correction = fact.version > 1 or fact.change == CANCELLED
        cause = Cause(work.id, event.time, data.fact, fact.version, correction)
        _changed_effects(cause, before.effects, after.effects, effects)
        if before.turns != after.turns:
            _changed_movements(cause, work, before.turns, movements)
    writes: Writes = {work.id.encode(): dump(work.person) for work in people.values() if work.changed}
    return Result(writes, {CHANGES: effects, MOVEMENTS: movements})


class _InWork:
    """A person during a chunk: decoded once, the timeline of the facts so far at hand."""

    __slots__ = ("changed", "id", "moves", "person", "timeline")

    def __init__(self, identity: str, value: bytes | None) -> None:
        self.id = identity
        self.changed = False
        self.person: Person = load(value)
        self.timeline: Timeline = EMPTY if value is None else fold(self.person.facts)
        self.moves: Moves | None = None  # of the timeline, once somebody asked

    def take(self, fact: Fact) -> Timeline:
        """The timeline with this fact, or in its new version; the same one if nothing about the fact is new."""
        facts = self.person.facts
        identity = fact.id
        for place, known in enumerate(facts):
            if known.id == identity:
                if fact.version <= known.version:
                    return self.timeline
                facts[place] = fact
                break
        else:
            facts.append(fact)
        self.changed = True
        self.timeline = fold(facts)
        return self.timeline

    def next_version(self, identity: str, *, known: bool) -> int:
        """First versions are not kept: a movement that was known and is not listed has version 1."""
        revised = self.person.revised
        if not known and not revised:
            return 1
        raw = bytes.fromhex(identity)
        version = revised.get(raw, 1 if known else 0) + 1
        if version > 1:
            revised[raw] = version
        return version


Effects = dict[tuple[str, int], Delta]


def _changed_effects(cause: Cause, old: Effects, new: Effects, outputs: list[Output]) -> None:
    """The sum of everything ever emitted for a person is the timeline of the person's facts."""
    if not old and len(new) == 1:  # most records: somebody's first fact
        for at, now in new.items():
            outputs.append(output.effect(cause, 0, at, now, more=False))
        return
    changed: list[tuple[tuple[str, int], Delta]] = []
    for at, now in new.items():
        was = old.get(at)
        if was is None:
            changed.append((at, now))
        elif was != now:
            _add_parts(changed, at, (now[0] - was[0], now[1] - was[1], now[2] - was[2]))
    for at, was in old.items():
        if at not in new:
            changed.append((at, (-was[0], -was[1], -was[2])))
    changed.sort()
    last = len(changed) - 1
    for number, (at, delta) in enumerate(changed):
        more = number < last and changed[number + 1][0][0] == at[0]
        outputs.append(output.effect(cause, number, at, delta, more=more))


def _add_parts(changed: list[tuple[tuple[str, int], Delta]], at: tuple[str, int], delta: Delta) -> None:
    """An effect is one person more or less: a correction that turns a leave into a start makes two of them."""
    workers, present, members = (max(-1, min(1, figure)) for figure in delta)
    changed.append((at, (workers, present, members)))
    rest = (delta[0] - workers, delta[1] - present, delta[2] - members)
    if any(rest):
        changed.append((at, rest))


def _changed_movements(cause: Cause, work: _InWork, turns_before: list[Turn], outputs: list[Output]) -> None:
    turns = work.timeline.turns
    if not turns_before and len(turns) == 1:  # most records: somebody's first spell
        work.moves = None
        (turn,) = turns
        _publish(cause, work, (turn.unit, turn.day), Move(None, turn), outputs, known=False)
        return
    old = resolve(turns_before) if work.moves is None else work.moves
    new = work.moves = resolve(turns)
    for at, move in new.items():
        was = old.get(at)
        if was != move:
            _publish(cause, work, at, move, outputs, known=was is not None)
    for at in old:
        if at not in new:
            _publish(cause, work, at, _WITHDRAWN, outputs, known=True)


def _publish(
    cause: Cause, work: _InWork, at: tuple[str, int], move: Move, outputs: list[Output], *, known: bool
) -> None:
    identity = output.movement_identity(cause.person, at[0], days.text(at[1]))
    outputs.append(output.movement(cause, identity, work.next_version(identity, known=known), move))
