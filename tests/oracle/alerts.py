"""Rule 13 by its text, over the ordered log of ``unit.changes`` (decoded records): every record is kept, and every
count is summed again from the first whenever it is asked for.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from schemas.ids import alert_id

GRACE_DAYS = 30
Change = tuple[str, dict[str, Any]]
"""Key (unit) and ``data`` of a record."""


def alerts_of(log: Iterable[Change]) -> dict[str, dict[str, Any]]:
    """All alerts by id at the end of the log of one partition."""
    city = _City()
    for key, data in log:
        if data["kind"] == "clock":
            city.tick(data["day"])
        else:
            city.said.setdefault(key, []).append(data)
            if key.startswith("e"):
                city.record(key, data)
    return city.alerts


class _City:
    """Everything said so far, the day, and the alerts."""

    def __init__(self) -> None:
        self.today = ""
        self.evaluated = ""
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.alerts: dict[str, dict[str, Any]] = {}
        self.current: dict[str, str] = {}  # unit -> its latest episode
        self.streaks: dict[str, list[bool | None]] = {}  # alert -> month-ends: large True, small False, neither None
        self.before_cause: dict[str, int] = {}  # unit -> workers before a cause that is not complete

    # What a unit is

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

    def described(self, unit: str) -> dict[str, str]:
        fields: dict[str, str] = {}
        for mark in sorted(
            self.marks(unit, "described"), key=lambda mark: (mark["day"], sorted(mark["detail"].items()))
        ):
            if not mark["branch"]:
                fields |= mark["detail"]
        return fields

    # What happens

    def record(self, unit: str, data: dict[str, Any]) -> None:
        """``more``: the same cause goes on, so the rule waits; "brings under 20" compares with before the cause."""
        own = data.get("workers", 0) if data.get("day", "") <= self.today else 0
        before = self.before_cause.pop(unit, self.workers(unit, self.today) - own)
        if data["kind"] == "alert":
            self.act(unit, data)
        if data.get("more"):
            self.before_cause[unit] = before
        else:
            self.look(unit, corrected=bool(data.get("correction")) and before >= 20)

    def look(self, unit: str, *, corrected: bool = False) -> None:
        if not self.today:
            return
        alert = self.alerts.get(self.current.get(unit, ""))
        workers = self.workers(unit, self.today)
        public = self.described(unit).get("ownership") == "public_unit"
        if alert is not None and alert["state"] != "resolved":
            if self.dissolved(unit):
                self.resolve(unit, alert, "dissolved")
            elif self.covered(unit):
                self.resolve(unit, alert, "covered")
            elif public or (corrected and workers < 20):
                self.resolve(unit, alert, "corrected")
            elif alert["state"] == "snoozed" and alert["snoozed_until"] <= self.today:
                alert["snoozed_until"] = ""
                self.turn(unit, alert, "open", "snooze-over")
            return
        if workers < 20 or public or self.covered(unit) or self.dissolved(unit):
            return
        if alert is not None and days_between(alert["resolved_on"], self.today) <= 90:
            alert |= {"resolved_on": "", "reason": ""}
            self.turn(unit, alert, "open", "returned")
        else:
            self.open(unit, 1 if alert is None else alert["episode"] + 1)

    def open(self, unit: str, episode: int) -> None:
        identity = alert_id("no-union", unit, episode)
        self.current[unit] = identity
        self.streaks[identity] = []
        self.alerts[identity] = {
            "id": identity,
            "rule": "no-union",
            "unit": unit,
            "episode": episode,
            "version": 0,
            "opened_on": self.today,
            "confirmed_on": "",
            "resolved_on": "",
            "reason": "",
            "snoozed_until": "",
            "by": "",
            "history": [],
        }
        self.turn(unit, self.alerts[identity], "open", "")

    def turn(self, unit: str, alert: dict[str, Any], state: str, reason: str, by: str = "") -> None:
        workers = self.workers(unit, self.today)
        alert |= {"state": state, "workers": workers, "by": by or alert["by"], "version": alert["version"] + 1}
        alert["history"].append({"on": self.today, "state": state, "reason": reason, "workers": workers, "by": by})
        self.name(unit, alert)

    def name(self, unit: str, alert: dict[str, Any]) -> None:
        fields = self.described(unit)
        alert |= {"tax_code": fields.get("tax_code", unit[1:]), "name": fields.get("name", "")}

    def resolve(self, unit: str, alert: dict[str, Any], reason: str) -> None:
        alert |= {"resolved_on": self.today, "reason": reason, "snoozed_until": ""}
        self.streaks[alert["id"]] = []
        self.turn(unit, alert, "resolved", reason)

    def act(self, unit: str, data: dict[str, Any]) -> None:
        alert = self.alerts.get(self.current.get(unit, ""))
        if alert is None or alert["id"] != data["alert"] or alert["state"] == "resolved":
            return
        if data["action"] == "acknowledge":
            alert["snoozed_until"] = ""
            self.turn(unit, alert, "acknowledged", "", data["by"])
        elif data["action"] == "reopen":
            alert["snoozed_until"] = ""
            self.turn(unit, alert, "open", "", data["by"])
        elif data["until"] > self.today:
            alert["snoozed_until"] = data["until"]
            self.turn(unit, alert, "snoozed", "", data["by"])

    def tick(self, day: str) -> None:
        if day <= self.today:
            return
        first = not self.today
        self.today = day
        due = month_ends_due(day)
        if first:  # those due before the first tick are skipped
            self.evaluated = max((one for one in due if days_between(one, day) > GRACE_DAYS), default="")
        new = [one for one in due if one > self.evaluated]
        for unit in [unit for unit in self.said if unit.startswith("e")]:
            self.look(unit)
            for month_end in new:
                self.evaluate(unit, month_end)
                self.look(unit)
        self.evaluated = max(new, default=self.evaluated)

    def evaluate(self, unit: str, month_end: str) -> None:
        alert = self.alerts.get(self.current.get(unit, ""))
        if alert is None or alert["state"] == "resolved":
            return
        then = self.workers(unit, month_end)
        streak = self.streaks[alert["id"]]
        streak.append(True if then >= 20 else False if then <= 17 else None)
        if streak[-2:] == [False, False]:
            self.resolve(unit, alert, "shrunk")
        elif streak[-2:] == [True, True] and not alert["confirmed_on"]:
            alert["confirmed_on"] = month_end
            alert["version"] += 1
            alert["workers"] = self.workers(unit, self.today)
            alert["history"].append({"on": self.today, "state": "confirmed", "reason": "", "workers": then, "by": ""})
            self.name(unit, alert)


def days_between(first: str, second: str) -> int:
    """Days from the first to the second."""
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def month_ends_due(day: str) -> list[str]:
    """All month-ends since 2020 that are due on a day: 30 days after."""
    found = []
    month_end = date(2019, 12, 31)
    while month_end + timedelta(days=GRACE_DAYS) <= date.fromisoformat(day):
        found.append(month_end.isoformat())
        month_end = (month_end + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return found
