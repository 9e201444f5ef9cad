"""Rules 13 and 14 (inherited alerts) by their text, over the ordered log of ``unit.changes`` (decoded records): every
record is kept, and every count is summed again from the first whenever it is asked for.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from schemas.ids import alert_id
from tests.oracle.inheritance import Inheriting, trailing
from tests.oracle.said import Change, days_between

GRACE_DAYS = 30


def alerts_of(log: Iterable[Change]) -> dict[str, dict[str, Any]]:
    """All alerts by id at the end of the log of one partition."""
    return _read(log).shown()


def inheritances_of(log: Iterable[Change]) -> list[Change]:
    """What enterprises of one partition hand on to successors (key), or take back, in order."""
    return _read(log).handed


def _read(log: Iterable[Change]) -> "_City":
    city = _City()
    for key, data in log:
        if data["kind"] == "clock":
            city.tick(data["day"])
        else:
            city.hear(key, data)
            if key.startswith("e"):
                city.record(key, data)
    return city


class _City(Inheriting):
    """The life of alerts."""

    def __init__(self) -> None:
        super().__init__()
        self.evaluated = ""
        self.before_cause: dict[str, int] = {}  # unit -> workers before a cause that is not complete

    def record(self, unit: str, data: dict[str, Any]) -> None:
        """``more``: the same cause goes on, so the rule waits; "brings under 20" compares with before the cause."""
        latest = {len(self.said[unit]) - 1}
        heard = self.workers(unit, self.today, self.unheard(unit, self.today, before=1) | latest)
        before = self.before_cause.pop(unit, heard)
        if data["kind"] == "alert":
            self.act(unit, data)
        if data["kind"] == "inherited":
            self.inherit(unit, data)
        if data.get("more"):
            self.before_cause[unit] = before
        else:
            self.look(unit, corrected=bool(data.get("correction")) and before >= 20)

    def look(self, unit: str, *, corrected: bool = False) -> None:
        if self.today:
            self.judge(unit, corrected=corrected)
            self.hand_on(unit)

    def judge(self, unit: str, *, corrected: bool) -> None:
        alert = self.alerts.get(self.current.get(unit, ""))
        workers = self.workers(unit, self.today)
        public = self.described(unit).get("ownership") == "public_unit"
        if alert is not None and alert["state"] != "resolved":
            if self.dissolved(unit):
                alert["successors"] = self.successors(unit)
                self.streak_left[alert["id"]] = trailing(self.streaks[alert["id"]])
                self.resolve(unit, alert, "dissolved")
                return
            if self.covered(unit):
                self.resolve(unit, alert, "covered")
                return
            if public or (corrected and workers < 20):
                self.resolve(unit, alert, "corrected")
                return
            if alert["state"] == "snoozed" and alert["snoozed_until"] <= self.today:
                alert["snoozed_until"] = ""
                self.turn(unit, alert, "open", "snooze-over")
            self.carry(unit, alert)
            return
        if alert is not None and alert["reason"] == "dissolved" and alert["successors"] != self.successors(unit):
            alert["successors"] = self.successors(unit)
            self.turn(unit, alert, "resolved", "successors")
        if workers < 20 or public or self.covered(unit) or self.dissolved(unit):
            return
        if alert is not None and days_between(alert["resolved_on"], self.today) <= 90:
            alert |= {"resolved_on": "", "reason": "", "successors": []}
            for one in alert["inherited"]:
                one["month_ends"] = 0
            self.turn(unit, alert, "open", "returned")
        else:
            self.open(unit, 1 if alert is None else alert["episode"] + 1)
        self.carry(unit, self.alerts[self.current[unit]])

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
            "successors": [],
            "inherited": [],
        }
        self.turn(unit, self.alerts[identity], "open", "")

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
        first, yesterday = not self.today, self.today
        self.today = day
        due = month_ends_due(day)
        if first:  # those due before the first tick are skipped
            self.evaluated = max((one for one in due if days_between(one, day) > GRACE_DAYS), default="")
        new = [one for one in due if one > self.evaluated]
        for unit in [unit for unit in self.said if unit.startswith("e")]:
            alone = self.unheard(unit, day) != self.unheard(unit, yesterday)
            before = self.workers(unit, day, self.unheard(unit, yesterday))
            self.look(unit, corrected=alone and before >= 20)
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
        for one in alert["inherited"]:
            one["month_ends"] = one["month_ends"] + 1 if then >= 20 else 0
        if streak[-2:] == [False, False]:
            self.resolve(unit, alert, "shrunk")
            return
        all_of_it = [alert, *alert["inherited"]]
        new = not any(one["confirmed_on"] for one in all_of_it)
        rows = [trailing(streak), *(one["month_ends"] for one in alert["inherited"])]
        for one, row in zip(all_of_it, rows, strict=True):
            if row >= 2 and not one["confirmed_on"]:
                one["confirmed_on"] = month_end
        if new and any(one["confirmed_on"] for one in all_of_it):
            alert["version"] += 1
            alert["workers"] = self.workers(unit, self.today)
            alert["history"].append({"on": self.today, "state": "confirmed", "reason": "", "workers": then, "by": ""})
            self.name(unit, alert)


def month_ends_due(day: str) -> list[str]:
    """All month-ends since 2020 that are due on a day: 30 days after."""
    found = []
    month_end = date(2019, 12, 31)
    while month_end + timedelta(days=GRACE_DAYS) <= date.fromisoformat(day):
        found.append(month_end.isoformat())
        month_end = (month_end + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return found
