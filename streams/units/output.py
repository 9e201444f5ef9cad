"""Records that the step units publishes: live state and alerts, as CloudEvents."""

from typing import Any

import msgspec

from schemas.envelope import event_type
from schemas.ids import alert_id
from streams import days
from streams.rules import no_union
from streams.rules.history import Inherited, Step
from streams.step import Output
from streams.units.unit import Today, Unit

_STATUS = event_type("unit", "status")
_CLOCK = event_type("clock", "passed")
_ALERT = event_type("alert", no_union.NAME)
_INHERITED = event_type("alert", "inherited")
_SOURCE = "/streams/units"
_encode = msgspec.json.Encoder().encode


def status(who: str, unit: Unit, said: Today, time: str) -> Output:
    """Live state of a unit. What is left open at a dissolved one stops counting: spells at an enterprise, memberships
    in a union (meaning, rule 14)."""
    ended = said.dissolved_on != 0
    data: dict[str, Any] = {
        "unit": who,
        "kind": "enterprise" if who[0] == "e" else "union",
        "day": _text(unit.day),
        "version": unit.version,
        "workers": 0 if ended else unit.workers,
        "present": 0 if ended else unit.present,
        "members": 0 if ended else unit.members,
    }
    if who[0] == "e":
        data["tax_code"] = said.stated.get("tax_code", who[1:])
        data["unions"] = sorted(said.covers)
        data["partial_cover"] = bool(said.covers) and not any(said.covers.values())
        data["agreement"] = said.agreement
        data["party"] = said.party
        data["baseline"] = said.baseline
    else:
        data["union_code"] = said.stated.get("union_code", who[1:])
    for name in ("name", "ownership", "area_code", "park", "eligible_agreement", "eligible_party", "upper_union"):
        if name in said.stated:
            data[name] = said.stated[name]
    if ended:
        data["dissolved_on"] = _text(said.dissolved_on)
        data["unclosed"] = max(unit.workers if who[0] == "e" else unit.members, 0)
        data["successors"] = said.successors
    return who.encode(), _record(f"{who}@{unit.version}", _STATUS, who, time, data)


def clock_passed(partition: int, day: int, time: str) -> Output:
    """Every unit of the partition lives on that day now."""
    key = f"clock/{partition}"
    data = {"partition": partition, "day": _text(day)}
    return key.encode(), _record(f"{key}@{_text(day)}", _CLOCK, key, time, data)


def alert(unit: str, life: no_union.Alert, said: Today, time: str) -> Output:
    """An alert's full state with its history."""
    identity = alert_id(no_union.NAME, unit, life.episode)
    data = {
        "id": identity,
        "rule": no_union.NAME,
        "unit": unit,
        "tax_code": said.stated.get("tax_code", unit[1:]),
        "name": said.stated.get("name", ""),
        "episode": life.episode,
        "version": life.version,
        "state": life.state,
        "workers": life.workers,
        "opened_on": _text(life.first_opened_on),
        "confirmed_on": _text(life.first_confirmed_on),
        "resolved_on": _text(life.resolved_on),
        "reason": life.reason,
        "snoozed_until": _text(life.snoozed_until),
        "by": life.by,
        "history": _history(life.history),
        "successors": list(life.successors),
        "inherited": [
            {
                "alert": one.alert,
                "unit": one.unit,
                "opened_on": _text(one.opened_on),
                "confirmed_on": _text(one.confirmed_on),
                "history": _history(one.history),
            }
            for one in life.inherited
        ],
    }
    return identity.encode(), _record(f"{identity}@{life.version}", _ALERT, identity, time, data)


def inherited(unit: str, number: int, heir: str, item: Inherited, sign: int, time: str) -> Output:
    """The ``number``-th record with which a unit hands an alert on to a successor, or takes it back."""
    data: dict[str, Any] = {"kind": "inherited", "sign": sign, "alert": item.alert, "left_on": _text(item.on)}
    data["sender"] = unit
    if sign > 0:
        data |= {
            "unit": item.unit,
            "opened_on": _text(item.opened_on),
            "confirmed_on": _text(item.confirmed_on),
            "month_ends": item.large,
            "history": _history(item.history),
        }
    return heir.encode(), _record(f"{unit}/inherited/{number}", _INHERITED, heir, time, data)


def _history(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    return [
        {"on": _text(one.on), "state": one.state, "reason": one.reason, "workers": one.workers, "by": one.by}
        for one in steps
    ]


def _text(day: int) -> str:
    return days.text(day) if day else ""


def _record(identity: str, kind: str, subject: str, time: str, data: dict[str, Any]) -> bytes:
    return _encode(
        {
            "specversion": "1.0",
            "id": identity,
            "source": _SOURCE,
            "type": kind,
            "subject": subject,
            "time": time,
            "datacontenttype": "application/json",
            "data": data,
        }
    )
