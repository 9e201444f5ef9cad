"""Valid records of every input topic, made from the models of ``schemas`` and checked by them."""

from typing import Any, NamedTuple

from pydantic import BaseModel

from schemas.changes import CLOCK_KEY, AlertAction, AlertInherited, ClockAdvanced, Effect, Mark
from schemas.envelope import CloudEvent, event_type
from schemas.ids import digest, swap_id
from schemas.persons import Change, PersonFact
from schemas.registry import Place, RegistryChange, RegistryFact
from schemas.swap import Swap

TIME = "2026-11-03T08:00:00Z"


class Rec(NamedTuple):
    """A consumed record, as a step sees it."""

    offset: int
    key: bytes | None
    value: bytes | None


def person_id(name: str) -> str:
    """A person id from a short name."""
    return digest("person", name)


def person_fact(name: str, change: str, unit: str, day: str, /, *, version: int = 1, **more: Any) -> PersonFact:
    """A fact with a readable identity; anything else of the model as keyword."""
    stated = {"source": "bhxh", "dossier": "600/10-2026", "line": name, "precision": "day"} | more
    return PersonFact(fact=digest("fact", name), version=version, change=Change(change), unit=unit, day=day, **stated)


def renamed(known: PersonFact, other: PersonFact) -> tuple[PersonFact, PersonFact]:
    """A correction that names another person, as the intake says it: withdrawn there, stated here as ``other`` is; one
    cause if both are at one enterprise."""
    version = known.version + 1
    swaps: list[Swap | None] = [None, None]
    if known.unit == other.unit and known.unit.startswith("e"):
        swaps = [Swap(id=swap_id(known.fact, version), part=part, parts=2) for part in (1, 2)]
    gone = known.model_copy(update={"version": version, "change": Change.CANCELLED, "swap": swaps[0]})
    return gone, other.model_copy(update={"fact": known.fact, "version": version + 1, "swap": swaps[1]})


def registry_fact(
    name: str, change: str, subject: str, day: str, /, *, version: int = 1, places: tuple[str, ...] = (), **more: Any
) -> RegistryFact:
    """A register's fact; ``places`` are units, or ``unit/branch``."""
    reached = [Place(unit=place.partition("/")[0], branch=place.partition("/")[2]) for place in places]
    stated = {"source": "register", "dossier": "d", "line": name} | more
    return RegistryFact(
        fact=digest("fact", name),
        version=version,
        change=RegistryChange(change),
        subject=subject,
        day=day,
        places=reached,
        **stated,
    )


def record(data: BaseModel, key: str, kind: str, *, identity: str, offset: int = 0, time: str = TIME) -> Rec:
    """Any model in its envelope, on the log under a key."""
    event = CloudEvent[type(data)](  # type: ignore[misc,operator]
        id=identity, source="/feeds/test", type=kind, subject=key, time=time, data=data
    )
    return Rec(offset, key.encode(), event.model_dump_json().encode())


def person_record(person: str, fact: PersonFact, offset: int = 0, time: str = TIME) -> Rec:
    """A fact of ``mobility.events``."""
    kind = event_type("person", fact.change.value)
    return record(fact, person, kind, identity=f"{fact.fact}@{fact.version}", offset=offset, time=time)


def registry_record(fact: RegistryFact, offset: int = 0, time: str = TIME) -> Rec:
    """A fact of ``registry.events``."""
    kind = event_type("registry", fact.change.value)
    return record(fact, fact.subject, kind, identity=f"{fact.fact}@{fact.version}", offset=offset, time=time)


def change_record(
    unit: str, data: Effect | Mark | AlertAction | AlertInherited | ClockAdvanced, offset: int = 0
) -> Rec:
    """A record of ``unit.changes``."""
    kind = event_type("unit" if data.kind in ("effect", "mark") else data.kind, data.kind)
    return record(data, unit, kind, identity=f"test.{offset}", offset=offset)


def tick(day: str, offset: int = 0, partition: int = 0) -> Rec:
    """The clock's day has come."""
    return change_record(CLOCK_KEY, ClockAdvanced(day=day, partition=partition), offset)
