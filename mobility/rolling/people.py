"""A range of persons of one partition: facts -> step -> state and counts, beside the changelog and the store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection

from consumers.store import checking
from consumers.store.asking import Row
from consumers.store.checking import Slice
from mobility.replay import data_of
from mobility.rolling import movements
from mobility.rolling.ranges import Ranges
from schemas import topics
from streams import people
from streams.engine.poison import run_step
from streams.engine.routing import Router
from streams.step import Output, Record

CHANGELOG = "people.state"
MOVING = 50_000
"""Records between two positions from which on a look is put off."""
_ID = 32
_SPAN = 1 << 128

Difference = dict[str, Any]
State = dict[bytes, bytes]


class Said(NamedTuple):
    """A statement as a record that the step reads."""

    offset: int
    key: bytes
    value: bytes


class Expected(NamedTuple):
    """What follows from one person's facts."""

    state: State
    counts: dict[str, tuple[int, int]]  # unit -> workers, members
    findings: set[tuple[str, str]]  # fact, code
    movements: dict[str, Row]  # by id, in the last version


class Found(NamedTuple):
    """What the changelog (``live``) and the store hold of persons; ``moving`` ones can't be compared now."""

    live: dict[str, State]
    facts: dict[str, list[Said]]
    counts: dict[str, dict[str, tuple[int, int]]]
    findings: dict[str, set[tuple[str, str]]]
    moving: set[str]
    days: dict[int, date | None]


def size(ranges: Ranges, partition: int) -> int:
    """Persons in the changelog of the partition."""
    persons = 0

    def count(key: bytes) -> bool:
        nonlocal persons
        persons += len(key) == _ID
        return False

    ranges.changelog(CHANGELOG, partition, count)
    return persons


def look(ranges: Ranges, connection: Connection[Any], at: Slice, partitions: int) -> tuple[int, int, list[Difference]]:
    """(compared, passed over, differences). Raises BehindError, KafkaError, psycopg.Error."""
    first, last = _SPAN * at.part // at.parts, _SPAN * (at.part + 1) // at.parts - 1
    low, high = f"{first:032x}".encode(), f"{last:032x}".encode()
    entries, position = ranges.changelog(CHANGELOG, at.partition, lambda key: low <= key[:_ID] <= high)
    route = Router(partitions)
    differences: list[Difference] = []
    following: dict[str, Row] = {}
    with connection.transaction():
        found = _found(ranges, connection, at, (UUID(int=first), UUID(int=last)), (entries, position or 0))
        everybody = found.live.keys() | found.facts.keys()
        persons = everybody - found.moving
        for person in sorted(persons):
            expected = replay(person, found.facts.get(person, []), found.days, route)
            differences += compared(person, expected, found)
            following |= expected.movements
        differences += _movements(connection, following)
    return len(persons), len(everybody) - len(persons), differences


def _movements(connection: Connection[Any], following: dict[str, Row]) -> Iterator[Difference]:
    """Readings of movements that follow from the facts and are not those that stand."""
    rows = checking.check(connection, "standing_movements", {"ids": list(following)})
    standing = {row["movement_id"].hex: row for row in rows}
    for movement, data in following.items():
        row = standing.get(movement)
        if row is None or [row["version"], *movements.reading(row)] != [data["version"], *movements.reading(data)]:
            yield movements.difference("people", movement, data, row)


def replay(person: str, facts: list[Said], days: dict[int, date | None], route: Router) -> Expected:
    """The step over one person's facts, from nothing; effects of days that a unit's clock has not reached wait."""
    result = run_step(people.step, {}, facts).result
    counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    findings: dict[tuple[str, str], bool] = {}
    moved: dict[str, Row] = {}
    for topic, outputs in result.outputs.items():
        for key, value in outputs:
            if topic == topics.CHANGES:
                _add(counts, key, msgspec.json.decode(value)["data"], days.get(route(key)))
            elif topic == topics.FINDINGS:
                data = msgspec.json.decode(value)["data"]
                findings[data["fact"], data["what"]] = data["open"]
            elif topic == topics.MOVEMENTS:
                data = msgspec.json.decode(value)["data"]
                moved[data["movement_id"]] = data
    state = {key: value for key, value in result.writes.items() if value is not None}
    return Expected(
        state,
        {unit: figures for unit, figures in counts.items() if any(figures)},
        {at for at, held in findings.items() if held},
        moved,
    )


def _add(counts: dict[str, tuple[int, int]], unit: bytes, data: Row, today: date | None) -> None:
    if data["kind"] == "effect" and today is not None and data["day"] <= today.isoformat():
        workers, members = counts[unit.decode()]
        counts[unit.decode()] = (workers + data.get("workers", 0), members + data.get("members", 0))


def compared(person: str, expected: Expected, found: Found) -> Iterator[Difference]:
    """Differences of one person, named by their id and never by what a record says of them."""
    live = found.live.get(person, {})
    if live != expected.state and not _same(person, live, expected.state):
        yield _difference(person, "state", len(expected.state), len(live), None)
    stored = found.counts.get(person, {})
    for unit in sorted(expected.counts.keys() | stored.keys()):
        wanted, kept = expected.counts.get(unit, (0, 0)), stored.get(unit, (0, 0))
        for figure, said, shown in zip(("workers", "members"), wanted, kept, strict=True):
            if said != shown:
                yield _difference(person, f"{figure} at {unit}", said, None, shown)
    for fact, what in sorted(expected.findings ^ found.findings.get(person, set())):
        yield _difference(person, f"finding {what} of {fact}", int((fact, what) in expected.findings), None, None)


def _same(person: str, one: State, other: State) -> bool:
    """States that differ in bytes may say the same: what was settled when depends on how the records came in chunks.

    They say the same if the step answers the same to anything: to a death before all and after all, which takes back
    everything, and to a merger, which gives out every fact.
    """
    if not one or not other:
        return False
    return all(_answer(one, probe) == _answer(other, probe) for probe in _probes(person))


def _answer(state: State, probe: Said) -> tuple[dict[str, list[Output]], list[str]]:
    verdict = run_step(people.step, state, [probe])
    return (
        {topic: sorted(outputs) for topic, outputs in verdict.result.outputs.items()},
        [reason for _, reason in verdict.dead],
    )


def _probes(person: str) -> Iterator[Said]:
    for change, day, winner in (
        ("died", "0001-01-01", ""),
        ("died", "9999-12-31", ""),
        ("identity_merged", "2000-01-01", "f" * _ID),
    ):
        data = {"fact": "f" * _ID, "version": 1, "change": change, "unit": "", "day": day, "winner": winner}
        more = {"source": "verify", "dossier": "", "line": ""}
        yield _said(person, 0, "2000-01-01T00:00:00Z", data | more)


def _found(  # in one transaction, which then also has the movements
    ranges: Ranges, connection: Connection[Any], at: Slice, between: tuple[UUID, UUID], live: tuple[State, int]
) -> Found:
    entries, position = live
    states: dict[str, State] = defaultdict(dict)
    for key, value in entries.items():
        states[key[:_ID].decode()][key] = value
    moment = checking.moment(connection)
    ids = checking.persons_between(connection, at.partition, *between) | {UUID(hex=person) for person in states}
    asked = {"persons": list(ids), "partition": at.partition}
    facts = _facts(checking.check(connection, "facts", asked))
    counts = _counts(checking.check(connection, "person_units", asked))
    findings = _findings(checking.check(connection, "findings", asked))
    return Found(states, facts, counts, findings, _moving(ranges, at.partition, moment, position), moment.days)


def _moving(ranges: Ranges, partition: int, moment: checking.Moment, position: int) -> set[str]:
    """Whoever has a record that one side has taken and another may not have: equal offsets for everybody else."""
    behind = [place for place in moment.offsets if place[0] == topics.CHANGES]
    behind += [(topics.FINDINGS, partition), (topics.MOVEMENTS, partition)]
    source = (topics.MOVEMENTS_IN, partition)
    ends = ranges.ends([*behind, source])
    begin = min(position, moment.offsets.get(source, 0))
    moving = {
        record.key.decode(errors="replace")
        for record in ranges.records(*source, begin, ends[source], at_most=MOVING)
        if record.key
    }
    for place in behind:
        for record in ranges.records(*place, moment.offsets.get(place, 0), ends[place], at_most=MOVING):
            moving.add(str((data_of(record) or {}).get("person", "")))
    return moving


def _facts(rows: Iterable[Row]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        person = row["person"].hex
        data = row["rest"] or {
            "fact": row["fact"].hex,
            "version": row["version"],
            "change": row["change"],
            "unit": row["unit"],
            "branch": row["branch"],
            "day": row["day"].isoformat(),
            "precision": "day" if row["exact"] else "month",
            "short_contract": row["short"],
            "source": "",
            "dossier": "",
            "line": "",
        }
        found[person].append(_said(person, row["offset"], row["recorded_at"].isoformat(), data))
    return found


def _said(person: str, offset: int, time: str, data: Row) -> Said:
    return Said(offset, person.encode(), msgspec.json.encode({"subject": person, "time": time, "data": data}))


def _counts(rows: Iterable[Row]) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        found[row["person"].hex][row["unit"]] = (row["workers"], row["members"])
    return found


def _findings(rows: Iterable[Row]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        found[row["person"].hex].add((row["fact"].hex, row["what"]))
    return found


def _difference(person: str, figure: str, log: object, live: object, store: object) -> Difference:
    return {"kind": "people", "key": person, "figure": figure, "log": log, "live": live, "store": store}


_READS: type[Record] = Said  # a statement is a record to the step
