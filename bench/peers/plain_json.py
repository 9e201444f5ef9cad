"""The workload's logic on decoded JSON and a key-value state, for the libraries that work a record at a time."""

from typing import Any, Protocol

THRESHOLD = 20
Event = dict[str, Any]


class KeyedState(Protocol):
    """What a library gives for one key."""

    def get(self, key: str) -> Any:
        """None when there is nothing."""

    def set(self, key: str, value: Any) -> None:
        """Replaces."""


def effects_of(person: str, event: Event, state: KeyedState) -> list[Event]:
    """Depth 1: the effects of one fact; ``at`` and ``home`` are the person's enterprise and union."""
    fact = event["data"]
    known = state.get("person")
    at, home = known or ("", "")
    change, unit = fact["change"], fact["unit"]
    member = 1 if home else 0
    if change == "joined":
        if at:
            return []
        state.set("person", [unit, home])
        return [_effect(person, event, 0, unit, 1, member)]
    if change == "departed":
        if at != unit:
            return []
        state.set("person", ["", home])
        return [_effect(person, event, 0, unit, -1, -member)]
    if home == unit:
        return []
    effects = []
    if member:
        effects.append(_effect(person, event, 0, home, 0, -1))
    elif at:
        effects.append(_effect(person, event, 0, at, 0, 1))
    effects.append(_effect(person, event, len(effects), unit, 0, 1))
    state.set("person", [at, unit])
    return effects


def _effect(person: str, event: Event, number: int, unit: str, workers: int, members: int) -> Event:
    fact = event["data"]
    data = {"kind": "effect", "person": person, "day": fact["day"], "fact": fact["fact"]}
    if workers:
        data |= {"workers": workers, "present": workers}
    if members:
        data["members"] = members
    identity = f"{fact['fact']}@{fact['version']}.{number}"
    return _said(identity, "/streams/people", "unit.effect", unit, event["time"], data)


def take_change(key: str, event: Event, unit: Event | None) -> tuple[Event | None, bool]:
    """Depth 2: the unit after one change, None for a tick; and whether its alert opened or was resolved."""
    data = event["data"]
    kind = data["kind"]
    if kind == "clock":
        return None, False
    if unit is None:
        unit = {"version": 0, "workers": 0, "present": 0, "members": 0, "covers": [], "open": False, "turns": 0}
    if kind == "effect":
        for figure in ("workers", "present", "members"):
            unit[figure] += data.get(figure, 0)
    elif data["about"] == "cover":
        covers = set(unit["covers"])
        unit["covers"] = sorted(covers | {data["key"]} if data["sign"] > 0 else covers - {data["key"]})
    unit["version"] += 1
    unit["time"] = event["time"]
    covered = bool(unit["covers"])
    turned = covered if unit["open"] else not covered and unit["workers"] >= THRESHOLD and key[0] == "e"
    if turned:
        unit["open"] = not unit["open"]
        unit["turns"] += 1
    return unit, turned


def status(key: str, unit: Event) -> Event:
    """Live state of a unit."""
    data = {
        "unit": key,
        "kind": "enterprise" if key[0] == "e" else "union",
        "version": unit["version"],
        "workers": unit["workers"],
        "present": unit["present"],
        "members": unit["members"],
        "unions": unit["covers"],
    }
    return _said(f"{key}@{unit['version']}", "/streams/units", "unit.status", key, unit["time"], data)


def alert(key: str, unit: Event) -> Event:
    """The alert's state."""
    identity = f"{key}#1"
    data = {
        "id": identity,
        "rule": "no-union",
        "unit": key,
        "version": unit["turns"],
        "state": "open" if unit["open"] else "resolved",
        "workers": unit["workers"],
    }
    return _said(f"{identity}@{unit['turns']}", "/streams/units", "alert.no-union", identity, unit["time"], data)


def _said(identity: str, source: str, kind: str, subject: str, time: str, data: Event) -> Event:
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": f"vn.union-mobility.{kind}.v1",
        "subject": subject,
        "time": time,
        "datacontenttype": "application/json",
        "data": data,
    }
