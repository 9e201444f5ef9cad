"""The step: each record changes a subject's facts; the difference between the two sets of marks goes out."""

from collections.abc import Sequence

import msgspec

from schemas.envelope import event_type
from schemas.topics import CHANGES
from streams.registry.facts import Event, Fact, dump, load, read_event
from streams.registry.marks import Mark, fold
from streams.step import Output, PoisonRecordError, Record, Result, State, Writes

_MARK = event_type("unit", "mark")
_encode = msgspec.json.Encoder().encode


def step(state: State, records: Sequence[Record]) -> Result:
    """``registry.events`` -> ``unit.changes`` (marks). Key: the subject's id."""
    subjects: dict[bytes, dict[str, Fact]] = {}
    outputs: list[Output] = []
    for record in records:
        key = record.key
        if key is None:
            raise PoisonRecordError("a record without a key")
        event = read_event(record.value)
        facts = subjects.get(key)
        if facts is None:
            facts = load(state.get(key))
        known = facts.get(event.data.fact)
        if known is not None and known.version >= event.data.version:
            continue
        before = fold(facts.values())
        facts[event.data.fact] = event.data
        subjects[key] = facts
        after = fold(facts.values())
        changed = [(mark, -1) for mark in before - after] + [(mark, 1) for mark in after - before]
        changed.sort()
        outputs.extend(
            _output(
                event, number, sign, mark, more=any(later.unit == mark.unit for later, _ in changed[number + 1 :][:1])
            )
            for number, (mark, sign) in enumerate(changed)
        )
    writes: Writes = {key: dump(facts) for key, facts in subjects.items()}
    return Result(writes, {CHANGES: outputs})


def _output(event: Event, number: int, sign: int, mark: Mark, *, more: bool) -> Output:
    fact = event.data
    data = {
        "kind": "mark",
        "sign": sign,
        "about": mark.about,
        "day": mark.day,
        "key": mark.key,
        "branch": mark.branch,
        "on": mark.on,
        "detail": dict(mark.detail),
        "fact": fact.fact,
        "more": more,
    }
    record = {
        "specversion": "1.0",
        "id": f"{fact.fact}@{fact.version}.{number}",
        "source": "/streams/registry",
        "type": _MARK,
        "subject": mark.unit,
        "time": event.time,
        "datacontenttype": "application/json",
        "data": data,
    }
    return mark.unit.encode(), _encode(record)
