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

    def workers(self, unit: str, day: str) -> int:
        return sum(one.get("workers", 0) for one in self.said[unit] if one["kind"] == "effect" and one["day"] <= day)

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


def days_between(first: str, second: str) -> int:
    """Days from the first to the second."""
    return (date.fromisoformat(second) - date.fromisoformat(first)).days
