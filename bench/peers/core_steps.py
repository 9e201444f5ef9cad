"""The frozen core workload as two steps of our engine: the same work as in the peers, and no more (README.md)."""

from collections.abc import Iterable

import msgspec

from streams.step import Output, Record, Result, State, Writes

THRESHOLD = 20


class Fact(msgspec.Struct, gc=False):
    """A person fact, as much of it as is needed."""

    fact: str
    version: int
    change: str
    unit: str
    day: str


class FactEvent(msgspec.Struct, gc=False):
    """Its envelope."""

    time: str
    data: Fact


class Change(msgspec.Struct, gc=False):
    """An effect, a mark or a tick, as much of it as is needed."""

    kind: str
    workers: int = 0
    present: int = 0
    members: int = 0
    sign: int = 0
    about: str = ""
    key: str = ""


class ChangeEvent(msgspec.Struct, gc=False):
    """Its envelope, as much of it as is needed."""

    time: str
    data: Change


class Effect(msgspec.Struct, gc=False):
    """A person's ± on a unit, for writing."""

    person: str
    day: str
    fact: str
    workers: int
    present: int
    members: int
    kind: str = "effect"


class Envelope(msgspec.Struct, gc=False):
    """A whole CloudEvent, for writing."""

    id: str
    subject: str
    time: str
    data: object
    type: str = "vn.union-mobility.unit.effect.v1"
    source: str = "/streams/people"
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


class Person(msgspec.Struct, array_like=True, gc=False):
    """Where somebody works and which union is home; empty for none."""

    at: str = ""
    home: str = ""


class Unit(msgspec.Struct, array_like=True, gc=False):
    """Counts, live covers and the alert of a unit."""

    version: int = 0
    workers: int = 0
    present: int = 0
    members: int = 0
    covers: list[str] = []
    open: bool = False
    transitions: int = 0
    time: str = ""


_fact = msgspec.json.Decoder(FactEvent).decode
_change = msgspec.json.Decoder(ChangeEvent).decode
_person = msgspec.msgpack.Decoder(Person).decode
_unit = msgspec.msgpack.Decoder(Unit).decode
_pack = msgspec.msgpack.Encoder().encode
_json = msgspec.json.Encoder().encode


def people(state: State, records: Iterable[Record]) -> Result:
    """Depth 1, by person."""
    touched: dict[bytes, Person] = {}
    effects: list[Output] = []
    for record in records:
        key = record.key or b""
        event = _fact(record.value or b"")
        fact = event.data
        person = touched.get(key)
        if person is None:
            known = state.get(key)
            person = Person() if known is None else _person(known)
        member = 1 if person.home else 0
        if fact.change == "joined":
            if person.at:
                continue
            person.at = fact.unit
            effects.append(_effect(key, event, 0, fact.unit, 1, member))
        elif fact.change == "departed":
            if person.at != fact.unit:
                continue
            person.at = ""
            effects.append(_effect(key, event, 0, fact.unit, -1, -member))
        elif person.home == fact.unit:
            continue
        else:
            number = 0
            if member:
                effects.append(_effect(key, event, 0, person.home, 0, -1))
                number = 1
            elif person.at:
                effects.append(_effect(key, event, 0, person.at, 0, 1))
                number = 1
            effects.append(_effect(key, event, number, fact.unit, 0, 1))
            person.home = fact.unit
        touched[key] = person
    writes: Writes = {key: _pack(person) for key, person in touched.items()}
    return Result(writes, {"unit.changes": effects})


def _effect(person: bytes, event: FactEvent, number: int, unit: str, workers: int, members: int) -> Output:
    fact = event.data
    identity = f"{fact.fact}@{fact.version}.{number}"
    data = Effect(person.decode(), fact.day, fact.fact, workers, workers, members)
    value = Envelope(identity, unit, event.time, data)
    return unit.encode(), _json(value)


def units(state: State, records: Iterable[Record]) -> Result:
    """Depth 2, by unit; each touched unit's status once."""
    touched: dict[bytes, Unit] = {}
    alerts: list[Output] = []
    for record in records:
        key = record.key or b""
        event = _change(record.value or b"")
        change = event.data
        if change.kind == "clock":
            continue
        unit = touched.get(key)
        if unit is None:
            known = state.get(key)
            unit = touched[key] = Unit(covers=[]) if known is None else _unit(known)
        if change.kind == "effect":
            unit.workers += change.workers
            unit.present += change.present
            unit.members += change.members
        elif change.about == "cover":
            if change.sign > 0 and change.key not in unit.covers:
                unit.covers.append(change.key)
            elif change.sign < 0 and change.key in unit.covers:
                unit.covers.remove(change.key)
        unit.version += 1
        unit.time = event.time
        if bool(unit.covers) if unit.open else not unit.covers and unit.workers >= THRESHOLD and key[:1] == b"e":
            unit.open = not unit.open
            unit.transitions += 1
            alerts.append(_alert(key.decode(), unit))
    writes: Writes = {key: _pack(unit) for key, unit in touched.items()}
    statuses = [_status(key.decode(), unit) for key, unit in touched.items()]
    return Result(writes, {"unit.status": statuses, "alerts": alerts})


def _alert(key: str, unit: Unit) -> Output:
    identity = f"{key}#1"
    data = {
        "id": identity,
        "rule": "no-union",
        "unit": key,
        "version": unit.transitions,
        "state": "open" if unit.open else "resolved",
        "workers": unit.workers,
    }
    return _said(identity, unit.transitions, "alert.no-union", unit.time, data)


def _status(key: str, unit: Unit) -> Output:
    data = {
        "unit": key,
        "kind": "enterprise" if key[0] == "e" else "union",
        "version": unit.version,
        "workers": unit.workers,
        "present": unit.present,
        "members": unit.members,
        "unions": unit.covers,
    }
    return _said(key, unit.version, "unit.status", unit.time, data)


def _said(key: str, version: int, kind: str, time: str, data: object) -> Output:
    value = Envelope(f"{key}@{version}", key, time, data, f"vn.union-mobility.{kind}.v1", "/streams/units")
    return key.encode(), _json(value)
