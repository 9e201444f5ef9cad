"""Everything that the simulator's city published, held against the oracle; each difference is a sentence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.changes import AlertInherited
from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from schemas.states import UnitStatus
from schemas.topics import MOVEMENTS_IN
from tests.oracle import alerts as alert_oracle
from tests.oracle import persons, registers
from tests.oracle.city import open_counts_on
from tests.oracle.findings import findings
from tests.property.run import data_of
from tests.property.simulator import Simulator

Said = dict[str, list[PersonFact]]


def differences(city: Simulator, said: Said, stated: list[RegistryFact]) -> Iterator[str]:
    """All kinds; ``said`` are the facts of persons under the ids that stay (``tests.oracle.merging``)."""
    yield from of_units(city, said, stated)
    yield from of_alerts(city)
    yield from of_inheritance(city)
    yield from of_swaps(city)
    yield from of_findings(city, said)
    yield from of_movements(city, said)


def of_units(city: Simulator, said: Said, stated: Iterable[RegistryFact]) -> Iterator[str]:
    """Counts and what registers say, of every unit that somebody spoke of."""
    statuses = city.statuses()
    counts = open_counts_on(said, city.day)
    speaking = _by_unit(stated)
    for unit in sorted(statuses.keys() | counts.keys() | speaking.keys()):
        facts = speaking.get(unit, [])
        found = _shown(UnitStatus.model_validate(statuses.get(unit) or _unseen(unit)))
        expected = _expected(facts, unit, city.day, counts.get(unit, (0, 0, 0)))
        for field, value in expected.items():
            if found[field] != value:
                yield f"{unit}, {field}: {found[field]!r}, by the oracle {value!r}"


def _unseen(unit: str) -> dict[str, Any]:
    kind = "enterprise" if unit.startswith("e") else "union"
    return {"unit": unit, "kind": kind, "day": "", "version": 0, "tax_code": unit[1:]}


def _shown(status: UnitStatus) -> dict[str, Any]:
    return status.model_dump() | {"counts": (status.workers, status.present, status.members)}


def _expected(facts: list[RegistryFact], unit: str, day: str, counts: tuple[int, int, int]) -> dict[str, Any]:
    ended = registers.dissolved_on(facts, unit, day)
    fields = registers.described(facts, unit, day)
    expected: dict[str, Any] = {
        "counts": (0, 0, 0) if ended else counts,
        "dissolved_on": ended,
        "name": fields.get("name", ""),
        "upper_union": fields.get("upper_union", ""),
    }
    if unit.startswith("u"):
        return expected | {"unclosed": counts[2] if ended else 0}
    covers = registers.covers(facts, unit, day)
    return expected | {
        "unclosed": counts[0] if ended else 0,
        "successors": registers.successors(facts, unit, day) if ended else [],
        "tax_code": fields.get("tax_code", unit[1:]),
        "ownership": fields.get("ownership", ""),
        "unions": sorted(covers),
        "partial_cover": bool(covers) and not any(covers.values()),
        "agreement": registers.agreement(facts, unit, day),
        "party": registers.party(facts, unit, day),
        "baseline": registers.baseline(facts, unit, day),
    }


def _by_unit(stated: Iterable[RegistryFact]) -> dict[str, list[RegistryFact]]:
    """Unit -> all facts of every subject that ever named it: a row that leaves it out speaks of it too."""
    subjects: dict[str, list[RegistryFact]] = defaultdict(list)
    named: dict[str, set[str]] = defaultdict(set)
    for fact in stated:
        subjects[fact.subject].append(fact)
        for unit in [place.unit for place in fact.places] + [fact.subject]:
            if unit[0] in "eu":
                named[unit].add(fact.subject)
    return {unit: [fact for subject in sorted(many) for fact in subjects[subject]] for unit, many in named.items()}


def of_alerts(city: Simulator, sample: Iterable[str] = ()) -> Iterator[str]:
    """Alerts with every step of their life, of these enterprises or of all."""
    only = set(sample)
    expected: dict[str, dict[str, Any]] = {}
    for log in city.unit_log(only):
        expected |= alert_oracle.alerts_of(log)
    found = {key: alert for key, alert in city.alerts().items() if not only or alert["unit"] in only}
    for one in sorted(found.keys() | expected.keys()):
        if found.get(one) != expected.get(one):
            yield f"alert {one}: {found.get(one)}, by the oracle {expected.get(one)}"


def of_inheritance(city: Simulator) -> Iterator[str]:
    """What enterprises handed on, and took back."""
    expected: list[str] = []
    found: list[str] = []
    for log in city.unit_log():
        expected += [_handed(unit, data) for unit, data in alert_oracle.inheritances_of(log)]
        found += [_handed(unit, data) for unit, data in log if data["kind"] == "inherited"]
    if sorted(found) != sorted(expected):
        yield f"handed on: {sorted(found)}, by the oracle {sorted(expected)}"


def _handed(unit: str, data: dict[str, Any]) -> str:
    return f"{unit} {AlertInherited(**data)!r}"


def of_swaps(city: Simulator) -> Iterator[str]:
    """Each part of a correction that names another person reaches its enterprise, also one that changes nothing."""
    expected: set[tuple[str, str, int]] = set()
    for partition in city.topics[MOVEMENTS_IN]:
        for record in partition.records:
            data = data_of(record.value) if record.value and record not in partition.dead else {}
            if data.get("swap"):
                expected.add((data["unit"], data["swap"]["id"], data["swap"]["part"]))
    found = {
        (unit, data["swap"]["id"], data["swap"]["part"])
        for log in city.unit_log()
        for unit, data in log
        if data.get("swap") and not data.get("more")
    }
    for part in sorted(found ^ expected):
        yield f"swap {part}: {'only' if part in found else 'not'} on the log of the unit"


def of_findings(city: Simulator, said: Said) -> Iterator[str]:
    """Findings that are open in the end, of every person."""
    found = city.findings()
    expected = {(person, *one) for person, facts in said.items() for one in findings(facts)}
    for finding in sorted(found ^ expected):
        yield f"finding {finding}: {'not' if finding in found else 'only'} by the oracle"


def of_movements(city: Simulator, said: Said) -> Iterator[str]:
    """Movements in their last version, of these persons."""
    found = city.movements()
    for person, facts in said.items():
        mine = {key: moved for key, moved in found.get(person, {}).items() if moved[0] != "withdrawn"}
        expected = {key: tuple(moved) for key, moved in persons.movements(person, facts).items()}
        if mine != expected:
            yield f"movements of {person}: {mine}, by the oracle {expected}"
