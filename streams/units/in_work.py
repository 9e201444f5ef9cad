"""A unit during a chunk: decoded once, written and published once."""

from streams.rules import no_union
from streams.step import Output, PoisonRecordError
from streams.units import output
from streams.units.changes import Data
from streams.units.clock import Clock
from streams.units.unit import MarkState, Today, Unit, dump, load, today


class InWork:
    """What the unit's marks say today is remembered until one of them changes.

    An alert goes out as it was at its last transition (name and tax code of the unit too): so what a consumer sees does
    not depend on where a chunk ended.
    """

    __slots__ = ("alerts", "enterprise", "name", "said", "time", "touched", "unit")

    def __init__(self, key: bytes, value: bytes | None, clock: Clock) -> None:
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
        self.alerts: dict[int, Output] = {}  # by episode: those that this chunk changed
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

    def look(self, *, correction: bool = False) -> None:
        """Let the rules look at what the unit is now."""
        unit = self.unit
        if unit.alert is None and unit.workers < no_union.THRESHOLD:
            return
        self.take(no_union.look(unit.alert, unit.seen(self.said), correction=correction))

    def take(self, alert: no_union.Alert | None) -> None:
        """A rule's answer; a longer history is to be published."""
        was = self.unit.alert
        if alert is not None and alert is not was and (was is None or alert.history != was.history):
            self.alerts[alert.episode] = output.alert(self.name, alert, self.said, self.time)
        self.unit.alert = alert

    def advance(self, clock: Clock, month_ends: list[int], time: str) -> bool:
        """The clock's day has come, and with it the evaluation of these month-ends. True if anything changed."""
        unit, alert = self.unit, self.unit.alert
        spoken, self.time = self.time, time
        changed = unit.advance(clock.day)
        if changed:
            self.said = today(unit)
        if self.enterprise:
            self.look()
            for month_end in month_ends:
                self.take(no_union.month_end(unit.alert, unit.seen(self.said), month_end, unit.workers_on(month_end)))
                self.look()
        unit.forget(clock.evaluated)
        if changed or unit.alert is not alert:
            return True
        self.time = spoken
        return False

    def bytes(self) -> bytes:
        """For the changelog."""
        return dump(self.unit)
