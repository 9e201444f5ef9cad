"""The step: each record changes a subject's facts; the difference between the two sets of marks goes out."""

from collections.abc import Iterable

from schemas.topics import CHANGES
from streams.registry.facts import Fact, dump, load, read_event
from streams.registry.marks import Mark, fold
from streams.registry.output import mark_record
from streams.step import Output, PoisonRecordError, Record, Result, State, Writes


def step(state: State, records: Iterable[Record]) -> Result:
    """``registry.events`` -> ``unit.changes`` (marks). Key: the subject's id."""
    subjects: dict[bytes, dict[str, Fact]] = {}
    marks: dict[bytes, set[Mark]] = {}
    outputs: list[Output] = []
    for record in records:
        event = read_event(record.value)
        fact = event.data
        key = fact.subject.encode()
        if record.key != key:
            raise PoisonRecordError("the key of a record on registry.events is the subject of its fact")
        if event.subject != fact.subject:
            raise PoisonRecordError("the key is not the record's subject")
        facts = subjects.get(key)
        if facts is None:
            facts = load(state.get(key))
        known = facts.get(fact.fact)
        if known is not None and known.version >= fact.version:
            continue
        before = marks[key] if key in marks else fold(facts.values())
        facts[fact.fact] = fact
        subjects[key] = facts
        after = marks[key] = fold(facts.values())
        changed = sorted([(mark, -1) for mark in before - after] + [(mark, 1) for mark in after - before])
        last = len(changed) - 1
        for number, (mark, sign) in enumerate(changed):
            more = number < last and changed[number + 1][0].unit == mark.unit
            outputs.append(mark_record(event, number, sign, mark, more=more))
    writes: Writes = {key: dump(facts) for key, facts in subjects.items()}
    return Result(writes, {CHANGES: outputs})
