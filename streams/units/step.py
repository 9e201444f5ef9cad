"""The step: applies the log of each unit in its order, one record at a time; publishes each touched unit once."""

from collections.abc import Sequence

from schemas.ids import alert_id
from schemas.topics import ALERTS, STATUS
from streams.rules import no_union
from streams.step import Output, PoisonRecordError, Record, Result, State, Writes
from streams.units import clock as clocks
from streams.units import output
from streams.units.changes import Data, ordinal_of, read_event
from streams.units.unit import MarkState, Today, Unit, dump, load, today


def step(state: State, records: Sequence[Record]) -> Result:
    """``unit.changes`` -> ``unit.status`` and ``alerts``. Key: the unit's id; ``clock`` for ticks."""
    run = _Run(state)
    for record in records:
        if record.key is None:
            raise PoisonRecordError("a record without a key")
        event = read_event(record.value)
        if event.data.kind == "clock":
            run.tick(event.data, event.time)
        else:
            run.apply(record.key, event.data, event.time)
    return run.result()


class _InWork:
    """A unit during a chunk: decoded once; what its marks say today is remembered until one of them changes."""

    __slots__ = ("alerts", "enterprise", "key", "said", "time", "touched", "unit")

    def __init__(self, key: bytes, value: bytes | None, clock: clocks.Clock) -> None:
        self.key = key
        self.enterprise = key.startswith(b"e")
        self.unit: Unit = load(value)
        self.unit.day = clock.day
        self.unit.settle(clock.evaluated)
        self.said: Today = today(self.unit)
        self.alerts: dict[int, no_union.Alert] = {}  # by episode: those that this chunk changed
        self.touched = False
        self.time = ""

    def look(self, *, correction: bool = False) -> None:
        """Let the rules look at what the unit is now."""
        unit = self.unit
        if unit.alert is None and unit.workers < no_union.THRESHOLD:
            return
        self.take(no_union.look(unit.alert, unit.seen(self.said), correction=correction))

    def take(self, alert: no_union.Alert | None) -> None:
        """A rule's answer; a longer history is to be published."""
        was = self.unit.alert
        if alert is not None and (was is None or alert.history != was.history):
            self.alerts[alert.episode] = alert
        self.unit.alert = alert


class _Run:
    """One chunk at work on its partition's state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.units: dict[bytes, _InWork] = {}
        self.clock = clocks.load(state.get(clocks.KEY))
        self.ticked: dict[int, str] = {}

    def unit(self, key: bytes) -> _InWork:
        found = self.units.get(key)
        if found is None:
            found = self.units[key] = _InWork(key, self.state.get(key), self.clock)
        return found

    def apply(self, key: bytes, data: Data, time: str) -> None:
        """An effect, a mark or an action on one unit. The rules look once the last effect of a cause is in."""
        day = ordinal_of(data.day) if data.kind != "alert" else 0
        until = ordinal_of(data.until) if data.until else 0
        work = self.unit(key)
        unit = work.unit
        before = unit.workers if unit.held < 0 else unit.held
        if data.kind == "effect":
            unit.add(day, data.workers, data.present, data.members)
        elif data.kind == "mark":
            _mark(unit, data, day)
            work.said = today(unit)
        elif unit.alert is not None and data.alert == alert_id(no_union.NAME, key.decode(), unit.alert.episode):
            work.take(no_union.act(unit.alert, unit.seen(work.said), data.action, data.by, until))
        unit.version += 1
        work.touched = True
        work.time = time
        unit.held = before if data.more else -1
        if work.enterprise and not data.more:
            work.look(correction=data.correction and before >= no_union.THRESHOLD)

    def tick(self, data: Data, time: str) -> None:
        """The day has come, for every unit of this partition. A lower or repeated day is ignored."""
        day = ordinal_of(data.day)
        if day <= self.clock.day:
            return
        self.ticked[data.partition] = time
        known = [key for key in self.state if key not in self.units and key != clocks.KEY]
        for key in known + list(self.units):
            self.unit(key)  # as of the day before
        month_ends = clocks.advance(self.clock, day)
        for key, work in list(self.units.items()):
            if self._advance(work, day, month_ends):
                work.unit.version += 1
                work.touched = True
                work.time = time
            elif not work.touched:
                del self.units[key]

    def _advance(self, work: _InWork, day: int, month_ends: list[int]) -> bool:
        unit, alert = work.unit, work.unit.alert
        changed = unit.advance(day)
        if changed:
            work.said = today(unit)
        if work.enterprise:
            work.look()
        for month_end in month_ends:
            workers_then = unit.settle(month_end)
            work.take(no_union.month_end(unit.alert, unit.seen(work.said), month_end, workers_then))
            if work.enterprise:
                work.look()
        return changed or unit.alert is not alert

    def result(self) -> Result:
        """Units that only met a tick are as they were: their day is the clock's."""
        writes: Writes = {}
        statuses: list[Output] = []
        alerts: list[Output] = []
        for key, work in self.units.items():
            if work.touched:
                writes[key] = dump(work.unit)
                statuses.append(output.status(key.decode(), work.unit, work.said, work.time))
                alerts += [output.alert(key.decode(), life, work.said, work.time) for life in work.alerts.values()]
        for partition, time in self.ticked.items():
            writes[clocks.KEY] = clocks.dump(self.clock)
            statuses.append(output.clock_passed(partition, self.clock.day, time))
        return Result(writes, {STATUS: statuses, ALERTS: alerts})


def _mark(unit: Unit, data: Data, day: int) -> None:
    mark = MarkState(data.about, day, data.key, data.branch, data.on, tuple(sorted(data.detail.items())))
    if data.sign > 0:
        unit.marks.append(mark)
    elif mark in unit.marks:
        unit.marks.remove(mark)
