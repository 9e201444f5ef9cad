"""Rule 14 by its text: what the alert of a dissolved enterprise leaves to its successors."""

from typing import Any

from tests.oracle.said import Change, Said, days_between


class Inheriting(Said):
    """Alerts, and what is handed from one to another."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[str, dict[str, Any]] = {}
        self.current: dict[str, str] = {}  # unit -> its latest episode
        self.streaks: dict[str, list[bool | None]] = {}  # alert -> month-ends: large True, small False, neither None
        self.waiting: dict[str, list[dict[str, Any]]] = {}  # unit -> what predecessors left and no alert carries
        self.told: dict[str, list[tuple[str, str]]] = {}  # unit -> (successor, alert) that it handed on
        self.heard: dict[str, list[tuple[str, str]]] = {}  # unit -> (sender, alert) of what was handed to it
        self.handed: list[Change] = []
        self.streak_left: dict[str, int] = {}  # alert -> month-ends at 20 or more when the enterprise ended
        self.carried_then: dict[str, list[dict[str, Any]]] = {}  # alert -> what it carried at its last step

    def shown(self) -> dict[str, dict[str, Any]]:
        """As published: an alert is as old as the oldest that it carries, and confirmed if one of them was.

        What it carries is shown as it stood at the alert's last step.
        """
        found = {}
        for identity, alert in self.alerts.items():
            old = [alert, *alert["inherited"]]
            confirmed = [one["confirmed_on"] for one in old if one["confirmed_on"]]
            found[identity] = alert | {
                "opened_on": min(one["opened_on"] for one in old),
                "confirmed_on": min(confirmed, default=""),
                "inherited": self.carried_then[identity],
            }
        return found

    def inherit(self, unit: str, data: dict[str, Any]) -> None:
        """What two predecessors have handed on stays until both have taken it back."""
        waiting = self.waiting.setdefault(unit, [])
        heard = self.heard.setdefault(unit, [])
        said = (data["sender"], data["alert"])
        alert = self.alerts.get(self.current.get(unit, ""))
        carried = [] if alert is None else alert["inherited"]
        if data["sign"] == 1:
            if data["unit"] != unit and said not in heard:
                heard.append(said)
            if data["unit"] != unit and data["alert"] not in [one["alert"] for one in waiting + carried]:
                waiting.append(dict(data))
            return
        if said in heard:
            heard.remove(said)
        if data["alert"] in [identity for _, identity in heard]:
            return
        waiting[:] = [one for one in waiting if one["alert"] != data["alert"]]
        if alert is not None and data["alert"] in [one["alert"] for one in carried]:
            alert["inherited"] = [one for one in carried if one["alert"] != data["alert"]]
            self.remark(unit, alert, "inheritance-withdrawn")

    def carry(self, unit: str, alert: dict[str, Any]) -> None:
        """An unresolved alert takes up all that was left at most 90 days ago."""
        fresh = [one for one in self.waiting.get(unit, []) if days_between(one["left_on"], self.today) <= 90]
        if not fresh:
            return
        self.waiting[unit] = [one for one in self.waiting[unit] if one not in fresh]
        streak = self.streaks[alert["id"]]
        longest = max([trailing(streak), *(one["month_ends"] for one in alert["inherited"])])
        if max(one["month_ends"] for one in fresh) > longest and streak and streak[-1] is False:
            streak.append(None)  # its small month-ends begin anew
        alert["inherited"] = sorted([*alert["inherited"], *fresh], key=lambda one: (one["opened_on"], one["alert"]))
        self.remark(unit, alert, "inherited")

    def remark(self, unit: str, alert: dict[str, Any], reason: str) -> None:
        """A step of the history that leaves the state, and a snooze, as they are."""
        self.turn(unit, alert, alert["state"], reason)

    def hand_on(self, unit: str) -> None:
        """Each successor is told once of the alert, of what it carries, and of what waits here for at most 90 days."""
        heirs = self.successors(unit)
        told = self.told.setdefault(unit, [])
        for heir, identity in [one for one in told if one[0] not in heirs]:
            told.remove((heir, identity))
            self.say(heir, unit, {"sign": -1, "alert": identity, "left_on": self.today})
        left = []
        alert = self.alerts.get(self.current.get(unit, ""))
        if alert is not None and alert["reason"] == "dissolved":
            own = {name: alert[name] for name in ("opened_on", "confirmed_on")}
            own |= {"alert": alert["id"], "unit": unit, "month_ends": self.streak_left[alert["id"]]}
            left = [own | {"history": list(alert["history"])}, *alert["inherited"]]
            left = [one | {"left_on": alert["resolved_on"]} for one in left]
        waiting = self.waiting.get(unit, [])
        left += [one for one in waiting if days_between(one["left_on"], self.today) <= 90]
        for heir in heirs:
            for item in left:
                if (heir, item["alert"]) not in told and item["unit"] != heir:
                    told.append((heir, item["alert"]))
                    self.say(heir, unit, item | {"sign": 1})

    def say(self, heir: str, sender: str, item: dict[str, Any]) -> None:
        nothing = {"unit": "", "opened_on": "", "confirmed_on": "", "month_ends": 0, "history": []}
        self.handed.append((heir, nothing | item | {"kind": "inherited", "sender": sender}))

    def turn(self, unit: str, alert: dict[str, Any], state: str, reason: str, by: str = "") -> None:
        workers = self.workers(unit, self.today)
        alert |= {"state": state, "workers": workers, "by": by or alert["by"], "version": alert["version"] + 1}
        alert["history"].append({"on": self.today, "state": state, "reason": reason, "workers": workers, "by": by})
        self.name(unit, alert)

    def name(self, unit: str, alert: dict[str, Any]) -> None:
        fields = self.described(unit)
        alert |= {"tax_code": fields.get("tax_code", unit[1:]), "name": fields.get("name", "")}
        told = ("alert", "unit", "opened_on", "confirmed_on", "history")
        self.carried_then[alert["id"]] = [{name: one[name] for name in told} for one in alert["inherited"]]


def trailing(streak: list[bool | None]) -> int:
    """Month-ends at 20 or more at the end of a streak."""
    return next((place for place, one in enumerate(reversed(streak)) if one is not True), len(streak))
