"""What a unit is on the clock's day, by the records said of it so far, summed and read anew for every question."""

from datetime import date
from typing import Any

Change = tuple[str, dict[str, Any]]
"""Key (unit) and ``data`` of a record."""


class Said:
    """Everything said so far, and the day."""

    def __init__(self) -> None:
        self.today = ""
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.came: dict[str, list[str]] = {}  # unit -> the day on which each of these was said

    def hear(self, unit: str, data: dict[str, Any]) -> None:
        self.said.setdefault(unit, []).append(data)
        self.came.setdefault(unit, []).append(self.today)

    def workers(self, unit: str, day: str, unheard: set[int] | None = None) -> int:
        """As rule 13 takes them: without the parts of corrections of which another part is missing."""
        if unheard is None:
            unheard = self.unheard(unit, self.today)
        return sum(
            one.get("workers", 0)
            for place, one in enumerate(self.said[unit])
            if one["kind"] == "effect" and one["day"] <= day and place not in unheard
        )

    def unheard(self, unit: str, today: str, *, before: int = 0) -> set[int]:
        """Places of the effects whose correction names another person and is not complete, leaving out the last
        ``before`` records. A part waits for the day on which it came and the next one."""
        records = list(zip(self.said[unit], self.came[unit], strict=True))
        if before:
            records = records[:-before]
        parts: dict[str, set[int]] = {}
        places: dict[str, set[int]] = {}
        since: dict[str, str] = {}

        def pass_to(day: str) -> None:
            for swap in [one for one, came in since.items() if too_long(came, day)]:
                del parts[swap], places[swap], since[swap]

        for place, (one, came) in enumerate(records):
            pass_to(came)
            if one["kind"] == "effect" and (swap := one.get("swap")):
                name = swap["id"]
                since.setdefault(name, came)
                places.setdefault(name, set()).add(place)
                parts.setdefault(name, set()).update(set() if one.get("more") else {swap["part"]})
                if len(parts[name]) == swap["parts"]:
                    del parts[name], places[name], since[name]
        pass_to(today)
        return set().union(*places.values())

    def marks(self, unit: str, about: str) -> list[dict[str, Any]]:
        standing: list[dict[str, Any]] = []
        for one in self.said[unit]:
            if one["kind"] == "mark" and one["about"] == about:
                mark = {name: one[name] for name in ("day", "key", "branch", "on", "detail")}
                if one["sign"] == 1:
                    standing.append(mark)
                elif mark in standing:
                    standing.remove(mark)
        return [mark for mark in standing if mark["day"] <= self.today]

    def covered(self, unit: str) -> bool:
        marks = self.marks(unit, "cover")
        for key, branch in {(mark["key"], mark["branch"]) for mark in marks}:
            last = max((m["day"], not m["on"]) for m in marks if (m["key"], m["branch"]) == (key, branch))
            if not last[1]:
                return True
        return False

    def dissolved(self, unit: str) -> bool:
        return any(not mark["branch"] for mark in self.marks(unit, "dissolved"))

    def successors(self, unit: str) -> list[str]:
        """Of a dissolved enterprise; itself is none."""
        if not self.dissolved(unit):
            return []
        edges = [mark for mark in self.marks(unit, "edge") if mark["detail"].get("direction") == "to"]
        return sorted({mark["key"] for mark in edges} - {unit})

    def described(self, unit: str) -> dict[str, str]:
        fields: dict[str, str] = {}
        for mark in sorted(
            self.marks(unit, "described"), key=lambda mark: (mark["day"], sorted(mark["detail"].items()))
        ):
            if not mark["branch"]:
                fields |= mark["detail"]
        return fields


def too_long(since: str, day: str) -> bool:
    """More than one day has begun since then; the first day of all ends every wait."""
    if not since or not day:
        return since != day
    return days_between(since, day) > 1


def days_between(first: str, second: str) -> int:
    """Days from the first to the second."""
    return (date.fromisoformat(second) - date.fromisoformat(first)).days
