"""A unit during a chunk: decoded once, written and published once."""

from schemas.ids import alert_id
from streams.rules import no_union
from streams.rules.history import Inherited
from streams.step import Output, PoisonRecordError
from streams.units import output
from streams.units.changes import Data, Swap
from streams.units.clock import Clock
from streams.units.swaps import Open, forgotten, unseen
from streams.units.unit import MarkState, Today, Unit, dump, load, today


class InWork:
    """What the unit's marks say today is remembered until one of them changes; ``unseen`` are workers that are counted
    and that the rule does not see yet (``streams.units.swaps``).

    An alert goes out as it was at its last transition (name and tax code of the unit too): so what a consumer sees does
    not depend on where a chunk ended.
    """

    __slots__ = ("alerts", "enterprise", "handed", "name", "said", "time", "touched", "unit", "unseen")

    def __init__(self, key: bytes, value: bytes | None, clock: Clock, handed: list[Output]) -> None:
        if not key.startswith((b"e", b"u")):
            raise PoisonRecordError("the key of a record about a unit is an enterprise's (e...) or a union's (u...) id")
        try:
            self.name = key.decode()
        except UnicodeDecodeError as error:
            raise PoisonRecordError("the key of the record is not UTF-8") from error
        self.enterprise = key.startswith(b"e")
        self.unit: Unit = load(value)
        self.unit.day = clock.day
        self.unit.forget(clock.evaluated)
        self.said: Today = today(self.unit)
        self.unseen = unseen(self.unit.swaps, clock.day) if self.unit.swaps else 0
        self.alerts: dict[int, Output] = {}  # by episode: those that this chunk changed
        self.handed = handed  # records for successors, of all units of the chunk, in order
        self.touched = False
        self.time = ""

    def mark(self, data: Data, day: int) -> None:
        """A register's statement, asserted or taken back."""
        mark = MarkState(data.about, day, data.key, data.branch, data.on, tuple(sorted(data.detail.items())))
        marks = self.unit.marks
        if data.sign > 0:
            marks.append(mark)
        elif mark in marks:
            marks.remove(mark)
        self.said = today(self.unit)

    def seen(self) -> no_union.Seen:
        """The unit as the rule sees it."""
        return self.unit.seen(self.said, self.name, self.unit.workers - self.unseen)

    def set_apart(self, swap: Swap, day: int, workers: int, *, more: bool) -> bool:
        """An effect of a correction that names another person. True once the rule sees it: all parts are there."""
        unit = self.unit
        swaps = unit.swaps = {} if unit.swaps is None else unit.swaps
        one = swaps.get(swap.id)
        if one is None:
            one = swaps[swap.id] = Open(unit.day, [], [])
        if workers:
            one.effects.append((day, workers))
            self.unseen += workers if day <= unit.day else 0
        if more or swap.part in one.heard:
            return False
        one.heard.append(swap.part)
        if len(one.heard) < swap.parts:
            return False
        del swaps[swap.id]
        unit.swaps = swaps or None
        self.unseen -= one.workers_on(unit.day)
        return True

    def forget_swaps(self, swaps: dict[str, Open]) -> tuple[bool, bool]:
        """On a new day: the rule sees parts that stayed alone. Gives whether they correct 20 or more, and whether
        there are any."""
        unit = self.unit
        before = unit.workers - unseen(swaps, unit.day)
        alone = forgotten(swaps, unit.day)
        for identity in alone:
            del swaps[identity]
        unit.swaps = swaps or None
        self.unseen = unseen(swaps, unit.day)
        return before >= no_union.THRESHOLD, bool(alone)

    def look(self, *, correction: bool = False) -> None:
        """Let the rules look at what the unit is now."""
        unit = self.unit
        workers = unit.workers - self.unseen
        if unit.alert is not None or workers >= no_union.THRESHOLD:
            self.take(no_union.look(unit.alert, unit.seen(self.said, self.name, workers), correction=correction))
        if unit.told or (self.said.dissolved_on and (unit.alert is not None or unit.left)):
            self.hand_on()

    def take(self, alert: no_union.Alert | None) -> None:
        """A rule's answer; a longer history is to be published."""
        was = self.unit.alert
        if alert is not None and alert is not was and (was is None or alert.history != was.history):
            self.alerts[alert.episode] = output.alert(self.name, alert, self.said, self.time)
            if self.unit.left:
                carried = {one.alert for one in alert.inherited}
                self.unit.left = [one for one in self.unit.left if one.alert not in carried]
        self.unit.alert = alert

    def act(self, data: Data, until: int) -> None:
        """What an officer does with an alert, if it is the unit's latest."""
        alert = self.unit.alert
        if alert is not None and data.alert == alert_id(no_union.NAME, self.name, alert.episode):
            self.take(no_union.act(alert, self.seen(), data.action, data.by, until))

    def inherit(self, item: Inherited, sender: str, sign: int) -> None:
        """A predecessor hands an alert on, or takes it back. What is here already, or came from here, is left out.

        Two may hand on the same one, who both had it from a third: it stays until the last of them takes it back.
        """
        unit = self.unit
        heard = (sender, item.alert)
        if sign < 0:
            unit.heard = [one for one in unit.heard if one != heard]
            if any(alert == item.alert for _, alert in unit.heard):
                return
            unit.left = [one for one in unit.left if one.alert != item.alert]
            self.take(no_union.give_back(unit.alert, self.seen(), item.alert))
            return
        if item.unit == self.name:
            return
        if heard not in unit.heard:
            unit.heard.append(heard)
        known = [*unit.left, *(unit.alert.inherited if unit.alert is not None else ())]
        if all(one.alert != item.alert for one in known):
            unit.left.append(item)

    def hand_on(self) -> None:
        """To every successor that has not been told: what the alert leaves, and what waits here for one.

        What a successor was told is taken back when it is none any more. So a record goes from an enterprise to its
        successor only, once, and nothing runs in a circle: nobody takes up what is known to it.
        """
        unit = self.unit
        heirs = self.seen().successors
        for told in [one for one in unit.told if one[0] not in heirs]:
            unit.told.remove(told)
            self.say(told[0], Inherited(told[1], "", unit.day, 0, 0, 0, ()), -1)
        if not heirs:
            return
        episode = unit.alert.episode if unit.alert is not None else 0
        left = no_union.estate(unit.alert, alert_id(no_union.NAME, self.name, episode), self.name)
        left += [one for one in unit.left if unit.day - one.on <= no_union.REOPENS_WITHIN]
        for heir in heirs:
            for item in left:
                if (heir, item.alert) not in unit.told and item.unit != heir:
                    unit.told.append((heir, item.alert))
                    self.say(heir, item, 1)

    def say(self, heir: str, item: Inherited, sign: int) -> None:
        """One record under the successor's key."""
        self.unit.handed += 1
        self.handed.append(output.inherited(self.name, self.unit.handed, heir, item, sign, self.time))

    def advance(self, clock: Clock, month_ends: list[int], time: str) -> bool:
        """The clock's day has come, and with it the evaluation of these month-ends. True if anything changed."""
        unit, alert = self.unit, self.unit.alert
        spoken, self.time = self.time, time
        changed = unit.advance(clock.day)
        if changed:
            self.said = today(unit)
        corrected = False
        if unit.swaps:
            corrected, forgot = self.forget_swaps(unit.swaps)
            changed |= forgot
        if self.enterprise:
            self.look(correction=corrected)
            for month_end in month_ends:
                workers = unit.workers_on(month_end)
                if unit.swaps:
                    workers -= unseen(unit.swaps, month_end)
                self.take(no_union.month_end(unit.alert, self.seen(), month_end, workers))
                self.look()
        unit.forget(clock.evaluated)
        if changed or unit.alert is not alert:
            return True
        self.time = spoken
        return False

    def bytes(self) -> bytes:
        """For the changelog."""
        return dump(self.unit)
