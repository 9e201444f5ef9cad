"""A record that can't be processed is refused whole: a typed error, and nothing of its chunk has happened."""

import json
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from mobility.replay import data_of
from schemas.changes import CLOCK_KEY, Effect, Mark
from schemas.topics import MOVEMENTS_IN
from streams import people, registry, units
from streams.engine.poison import run_step
from streams.step import PoisonRecordError, Record, Result, State, StateFormatError, Step
from tests import build
from tests.build import Rec
from tests.unit.streams.world import PERSON, A, B, U

PEOPLE = build.person_record(PERSON, build.person_fact("1", "joined", A, "2026-01-01"))
REGISTRY = build.registry_record(build.registry_fact("1", "union_stated", U, "2026-01-01", places=(A,)))
EFFECT = build.change_record(A, Effect(person=PERSON, day="2026-01-01", workers=1))
MARK = build.change_record(A, Mark(sign=1, about="cover", day="2026-01-01", key="CD1"))
TICK = build.tick("2026-01-31")
FIRST = {people.step: PEOPLE, registry.step: REGISTRY, units.step: EFFECT}

Change = Callable[[dict[str, Any]], object]


def changed(record: Rec, how: Change, key: bytes | None = b"") -> Rec:
    event = json.loads(record.value or b"")
    how(event["data"])
    return Rec(1, record.key if key == b"" else key, json.dumps(event).encode())


def about(record: Rec, subject: str | None) -> Rec:
    """The same in an envelope of another subject, or of none."""
    event = json.loads(record.value or b"") | {"subject": subject}
    return record._replace(
        value=json.dumps({name: value for name, value in event.items() if value is not None}).encode()
    )


def put(**fields: Any) -> Change:
    return lambda data: data.update(fields)


def drop(field: str) -> Change:
    return lambda data: data.pop(field)


POISON = [
    *[(step, Rec(1, b"e1", value)) for step in FIRST for value in (None, b"", b"{", b"\xff\xfe", b"[]", b'{"data":1}')],
    *[(step, record._replace(key=None)) for step, record in FIRST.items()],
    (people.step, changed(PEOPLE, put(change="promoted"))),
    (people.step, changed(PEOPLE, put(change="identity_merged"))),
    (people.step, changed(PEOPLE, put(day="2026-02-30"))),
    (people.step, changed(PEOPLE, put(day="2026-W05-1"))),
    (people.step, changed(PEOPLE, put(day="20260101"))),
    (people.step, changed(PEOPLE, put(day=20260101))),
    (people.step, changed(PEOPLE, drop("day"))),
    (people.step, changed(PEOPLE, put(fact="beef"))),
    (people.step, changed(PEOPLE, put(fact="x" * 32))),
    (people.step, changed(PEOPLE, put(version=0))),
    (people.step, changed(PEOPLE, put(version="1"))),
    (people.step, changed(PEOPLE, put(version=1 << 80))),
    (people.step, changed(PEOPLE, put(unit=U))),
    (people.step, changed(PEOPLE, put(unit=""))),
    (people.step, changed(PEOPLE, put(change="admitted"))),
    (people.step, changed(PEOPLE, put(), key=b"somebody")),
    (people.step, changed(PEOPLE, put(), key=b"\xff" * 32)),
    *[(step, about(record, "e0299999999")) for step, record in FIRST.items()],
    *[(step, about(record, None)) for step, record in FIRST.items()],
    (people.step, PEOPLE._replace(key=build.person_id("somebody else").encode())),
    (units.step, about(MARK, U)),
    (units.step, EFFECT._replace(key=B.encode())),
    (registry.step, changed(REGISTRY, put(change="praised"))),
    (registry.step, changed(REGISTRY, put(day="soon"))),
    (registry.step, changed(REGISTRY, put(ends_on="31/12/2026"))),
    (registry.step, changed(REGISTRY, put(places=["e1"]))),
    (registry.step, changed(REGISTRY, put(places=[{"unit": "u1"}]))),
    (registry.step, changed(REGISTRY, put(version=0))),
    (registry.step, changed(REGISTRY, put(subject=A))),
    (registry.step, changed(REGISTRY, put(change="enterprise_stated"))),
    (registry.step, changed(REGISTRY, put(), key=b"other")),
    (units.step, changed(EFFECT, put(kind="rumour"))),
    (units.step, changed(EFFECT, put(day=""))),
    (units.step, changed(EFFECT, put(day="2026-13-01"))),
    (units.step, changed(EFFECT, put(workers=2))),
    (units.step, changed(EFFECT, put(workers="1"))),
    (units.step, changed(EFFECT, put(), key=b"x1")),
    (units.step, changed(EFFECT, put(), key=b"e\xff")),
    (units.step, changed(EFFECT, put(), key=CLOCK_KEY.encode())),
    (units.step, changed(MARK, drop("sign"))),
    (units.step, changed(MARK, put(about="weather"))),
    (units.step, changed(MARK, put(detail={"a": 1}))),
    (units.step, changed(EFFECT, put(kind="alert", action="delete"))),
    (units.step, changed(TICK, put(day="today"))),
    (units.step, changed(TICK, drop("partition"))),
    (units.step, changed(TICK, put(), key=A.encode())),
]


@pytest.mark.parametrize(("step", "poison"), POISON)
def test_poison_is_refused_and_leaves_nothing_behind(step: Step, poison: Rec) -> None:
    first = FIRST[step]
    state = {key: value for key, value in step({}, [first]).writes.items() if value is not None}
    before = dict(state)
    with pytest.raises(PoisonRecordError) as refused:
        step(MappingProxyType(state), [first, poison, first])
    assert str(refused.value)
    assert state == before
    assert step(state, [first]) == step(before, [first])  # nothing of it is remembered elsewhere


@pytest.mark.parametrize(("step", "record"), FIRST.items())
def test_a_record_nested_too_deep_is_set_aside_alone(step: Step, record: Rec) -> None:
    deep = record._replace(value=b'{"a":' * 5000 + b"1" + b"}" * 5000)
    verdict = run_step(step, {}, [deep, record])
    assert [one for one, _ in verdict.dead] == [deep]
    assert verdict.result.writes == step({}, [record]).writes
    assert data_of(deep) is None, "the full check goes on as well"


@pytest.mark.parametrize("key", [PERSON, build.person_id("b")])
def test_a_fact_about_another_one_is_refused_also_of_somebody_known_or_merged(key: str) -> None:
    merged = build.person_fact("m", "identity_merged", "", "2026-01-01", winner=build.person_id("b"))
    notice = [
        Rec(2, at, value)
        for at, value in people.step({}, [PEOPLE, build.person_record(PERSON, merged)]).outputs[MOVEMENTS_IN]
    ]
    known = [PEOPLE, build.person_record(PERSON, merged), *notice]
    stranger = build.person_record(build.person_id("c"), build.person_fact("2", "joined", A, "2026-02-01"))
    verdict = run_step(people.step, {}, [*known, stranger._replace(key=key.encode())])
    assert [reason for _, reason in verdict.dead] == ["PoisonRecordError: the key is not the record's subject"]


@pytest.mark.parametrize("step", FIRST)
def test_state_of_a_newer_format_is_refused_with_its_number(step: Step) -> None:
    (key,) = step({}, [FIRST[step]]).writes
    with pytest.raises(StateFormatError, match="format 9"):
        step({key or b"": b"\x09..."}, [FIRST[step]._replace(offset=1)])


def test_a_clock_of_a_newer_format_is_refused() -> None:
    with pytest.raises(StateFormatError, match="format 9"):
        units.step({CLOCK_KEY.encode(): b"\x09..."}, [TICK])


def test_a_chunk_is_halved_until_the_bad_record_stands_alone() -> None:
    ran: list[int] = []

    def step(state: State, records: Sequence[Record]) -> Result:
        ran.append(len(records))
        result = Result({record.key or b"": b"%d" % record.offset for record in records}, {})
        if any(record.value == b"bad" for record in records):
            raise PoisonRecordError("bad")
        return result._replace(outputs={"seen": [(b"", b"%d" % record.offset) for record in records]})

    records = [Rec(number, b"%d" % number, b"bad" if number in (0, 700, 701) else b"good") for number in range(1024)]
    verdict = run_step(step, {}, records)
    assert [record.offset for record, _ in verdict.dead] == [0, 700, 701]
    assert [int(value) for _, value in verdict.result.outputs["seen"]] == [
        number for number in range(1024) if number not in (0, 700, 701)
    ], "in their order"
    assert len(verdict.result.writes) == 1021
    assert len(ran) < 60, "not record by record"
