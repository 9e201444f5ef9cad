"""Records of the topics that the store reads, made from the models of ``schemas``."""

from itertools import count
from typing import Any

from pydantic import BaseModel

from schemas.changes import CLOCK_KEY, AlertAction, ClockAdvanced, Effect, Mark
from schemas.envelope import CloudEvent, event_type
from schemas.ids import alert_id, digest
from schemas.states import Alert, AlertStep, ClockPassed, Movement, Receipt, Refused, UnitStatus
from schemas.topics import ALERTS, CHANGES, MOVEMENTS, RECEIPTS, STATUS
from tests.build import TIME, person_id
from tests.integration.store_kit import PARTITIONS, Put

_numbers = count(1)


def said(topic: str, key: str, kind: str, data: BaseModel, *, time: str = TIME, partition: int | None = None) -> Put:
    """Any model in its envelope."""
    event = CloudEvent[type(data)](  # type: ignore[misc]
        id=f"test.{next(_numbers)}", source="/test", type=kind, subject=key, time=time, data=data
    )
    return Put(topic, key.encode(), event.model_dump_json().encode(), partition)


def effect(unit: str, who: str, day: str, figures: tuple[int, int, int] = (1, 1, 0), /, **more: Any) -> Put:
    """± of a person on a unit; ``figures`` are workers, present, members. ``at``: the recorded time."""
    at, partition = more.pop("at", TIME), more.pop("partition", None)
    workers, present, members = figures
    stated = {"fact": digest("fact", who, unit, day)} | more
    data = Effect(person=person_id(who), day=day, workers=workers, present=present, members=members, **stated)
    return said(CHANGES, unit, event_type("unit", "effect"), data, time=at, partition=partition)


def mark(unit: str, about: str, day: str, /, *, sign: int = 1, at: str = TIME, **more: Any) -> Put:
    """A register's statement."""
    data = Mark.model_validate({"sign": sign, "about": about, "day": day} | more)
    return said(CHANGES, unit, event_type("unit", "mark"), data, time=at)


def action(unit: str, what: str, by: str, until: str = "") -> Put:
    """An officer's word on the unit's first alert."""
    data = AlertAction.model_validate(
        {"alert": alert_id("no-union", unit, 1), "action": what, "by": by, "until": until}
    )
    return said(CHANGES, unit, event_type("alert", what), data)


def ticks(day: str, partitions: range = range(PARTITIONS)) -> list[Put]:
    """The clock's day on these partitions of ``unit.changes``."""
    kind = event_type("clock", "advanced")
    return [said(CHANGES, CLOCK_KEY, kind, ClockAdvanced(day=day, partition=n), partition=n) for n in partitions]


def passed(day: str, partitions: range = range(PARTITIONS)) -> list[Put]:
    """What the step units says of it."""
    kind = event_type("clock", "passed")
    return [said(STATUS, f"clock/{n}", kind, ClockPassed(day=day, partition=n)) for n in partitions]


def status(unit: str, version: int, /, **more: Any) -> Put:
    """Live state of a unit."""
    code = {"tax_code": unit[1:]} if unit[0] == "e" else {"union_code": unit[1:]}
    kind = "enterprise" if unit[0] == "e" else "union"
    data = UnitStatus.model_validate(
        {"unit": unit, "kind": kind, "day": "2026-11-03", "version": version} | code | more
    )
    return said(STATUS, unit, event_type("unit", "status"), data)


def alert(unit: str, version: int, state: str = "open", /, **more: Any) -> Put:
    """The unit's first alert."""
    identity = alert_id("no-union", unit, 1)
    stated = {
        "id": identity,
        "rule": "no-union",
        "unit": unit,
        "tax_code": unit[1:],
        "name": "Công ty Một",
        "episode": 1,
        "version": version,
        "state": state,
        "workers": 20,
        "opened_on": "2026-10-01",
        "history": [AlertStep(on="2026-10-01", state="open", workers=20)],
    }
    return said(ALERTS, identity, event_type("alert", "no-union"), Alert.model_validate(stated | more))


def movement(name: str, version: int, what: str, /, **more: Any) -> Put:
    """A movement in one of its versions."""
    stated = {"movement_id": digest("move", name), "version": version, "person": person_id(name), "what": what}
    data = Movement.model_validate(stated | {"supersedes": version - 1} | more)
    return said(MOVEMENTS, person_id(name), event_type("movement", what), data)


def receipt(name: str, rows: tuple[int, int] = (3, 1), refused: int = 0, /, **more: Any) -> Put:
    """What became of a dossier: (accepted, unchanged), and how many rows were refused."""
    stated = {
        "batch": digest("batch", name),
        "dossier": name,
        "file": f"{name}.csv",
        "sha256": digest(name),
        "feed": "csv",
    }
    why = [
        Refused(line=str(n), field="movement_code", reason="unknown", message=f'mã "X\t{n}\\" lạ')
        for n in range(refused)
    ]
    at = more.pop("at", TIME)
    data = Receipt.model_validate(stated | {"accepted": rows[0], "unchanged": rows[1], "refused": why} | more)
    return said(RECEIPTS, name, event_type("intake", "receipt"), data, time=at)
