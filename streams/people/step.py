"""The step: each record changes a person's facts; the difference between the two timelines goes out."""

from collections.abc import Iterable
from typing import Final

from schemas.topics import CHANGES, FINDINGS, MOVEMENTS, MOVEMENTS_IN
from streams import days
from streams.people import output
from streams.people.branches import found
from streams.people.difference import NOTHING, Difference
from streams.people.facts import CANCELLED, IDENTITY_MERGED, TRANSFERRED_IN, Fact
from streams.people.kept import page
from streams.people.merging import forward, merge
from streams.people.output import Cause, quoted
from streams.people.reading import Event, Swap, fact_of, person_of, read_event
from streams.people.spells import NOBODY, THERE
from streams.people.work import Work
from streams.step import Output, PoisonRecordError, Record, Result, State, Writes

_FOREIGN_KEY: Final = "the key is not the record's subject"
"""Counted, such a fact would stand under somebody else; and no comparison of log and store would notice."""


def step(state: State, records: Iterable[Record]) -> Result:
    """``mobility.events`` -> ``unit.changes`` (effects), ``mobility.movements``, ``mobility.findings``, and for merged
    identities ``mobility.events`` again, under the id that stays. Key: the person's id."""
    newcomers: dict[bytes, Fact] = {}
    people: dict[bytes | None, Work] = {}
    said = _Said()
    for record in records:
        event = read_event(record.value)
        fact = fact_of(event.data)
        work = people.get(record.key)
        if work is None:
            person, key = person_of(record.key)
            if event.subject != person:
                raise PoisonRecordError(_FOREIGN_KEY)
            first = newcomers.pop(key, None)
            if first is None and fact.change <= TRANSFERRED_IN and key not in state:
                newcomers[key] = fact
                said.first_start(_cause(person, key, event, fact), fact, event.data.swap)
                continue
            work = people[key] = Work(person, state, first)
        elif event.subject != work.id:
            raise PoisonRecordError(_FOREIGN_KEY)
        if work.person.winner:
            said.facts += forward(work, record.value, event.data, fact)
        elif fact.change == IDENTITY_MERGED:
            retracted, moved = merge(work, event, fact)
            if retracted is not None:
                said.difference(_cause(work.id, work.key, event, fact), work, retracted)
                work.forget()
            said.facts += moved
        elif event.data.swap is not None:
            said.part(_cause(work.id, work.key, event, fact), work, fact, event.data.swap)
        elif (difference := work.take(fact)) is not None:
            said.difference(_cause(work.id, work.key, event, fact), work, difference)
    writes: Writes = {key: page([fact], {}) for key, fact in newcomers.items()}
    for work in people.values():
        if work.changed:
            work.write(writes)
    return Result(writes, said.outputs())


def _cause(person: str, key: bytes, event: Event, fact: Fact) -> Cause:
    data = event.data
    identity = f"{data.fact}@{fact.version}"
    if data.through:
        identity = f"{identity}:{person}"  # it has caused something under the id that it came from
    correction = fact.version > 1 or fact.change in (CANCELLED, IDENTITY_MERGED)
    return Cause(person, key, quoted(event.time), fact.id.hex(), identity, correction)


class _Said:
    """What goes out, by topic and in order."""

    def __init__(self) -> None:
        self.effects: list[Output] = []
        self.movements: list[Output] = []
        self.findings: list[Output] = []
        self.facts: list[Output] = []

    def outputs(self) -> dict[str, list[Output]]:
        return {
            CHANGES: self.effects,
            MOVEMENTS: self.movements,
            FINDINGS: self.findings,
            MOVEMENTS_IN: self.facts,
        }

    def first_start(self, cause: Cause, fact: Fact, swap: Swap | None) -> None:
        """Most records: somebody's first fact, and it is a start. Says what ``difference`` and ``part`` would say."""
        unit, day = fact.unit, fact.day
        flag = "" if swap is None else output.swap_flag(swap)
        self.effects.append(output.effect(cause, 0, (unit, day), THERE, more=False, swap=flag))
        identity = output.movement_identity(cause.person, unit, days.text(day))
        self.movements.append(output.joined(cause, identity, unit, day))
        if fact.short:
            self.findings.append(output.finding(cause, 0, found(fact, "short-contract"), found=True))

    def part(self, cause: Cause, work: Work, fact: Fact, swap: Swap) -> None:
        """Publish what one part of a correction that names another person changes (docs/decisions/0005).

        The unit waits for every part: one that changes nothing there says so, unless it has come before.
        """
        known = work.known(fact.id)
        if known is not None and known.version == fact.version:
            return
        difference = work.take(fact) or NOTHING
        effects = difference.effects
        if fact.unit.startswith("e") and all(unit != fact.unit for (unit, _), _ in effects):
            effects = sorted([*effects, ((fact.unit, fact.day), NOBODY)])
        units, said = [at[0] for at, _ in effects], output.swap_flag(swap)
        for number, (at, delta) in enumerate(effects):
            flag = said if at[0] == fact.unit else ""
            more = at[0] in units[number + 1 :]
            self.effects.append(output.effect(cause, number, at, delta, more=more, swap=flag))
        self.difference(cause, work, Difference([], difference.moves, difference.findings))

    def difference(self, cause: Cause, work: Work, difference: Difference) -> None:
        """Publish what a cause changes."""
        effects, moves, findings = difference.effects, difference.moves, difference.findings
        last = len(effects) - 1
        for number, (at, delta) in enumerate(effects):
            more = number < last and effects[number + 1][0][0] == at[0]
            self.effects.append(output.effect(cause, number, at, delta, more=more))
        for (unit, day), move, known in moves:
            identity = output.movement_identity(work.id, unit, days.text(day))
            version = work.next_version(bytes.fromhex(identity), known=known)
            self.movements.append(output.movement(cause, identity, version, move))
        for number, (finding, is_so) in enumerate(findings):
            self.findings.append(output.finding(cause, number, finding, found=is_so))
