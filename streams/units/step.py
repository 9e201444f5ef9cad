"""The step: applies the log of each unit in its order, one record at a time; publishes each touched unit once."""

from collections.abc import Iterable

from schemas.topics import ALERTS, CHANGES, STATUS
from streams.rules.no_union import THRESHOLD
from streams.step import Output, PoisonRecordError, Record, Result, State, Writes
from streams.units import clock as clocks
from streams.units import output
from streams.units.changes import Data, inherited_of, ordinal_of, read_event
from streams.units.in_work import InWork


def step(state: State, records: Iterable[Record]) -> Result:
    """``unit.changes`` -> ``unit.status``, ``alerts``, and ``unit.changes`` of successors (rule 14).

    Key: the unit's id; ``clock`` for ticks.
    """
    run = _Run(state)
    for record in records:
        event = read_event(record.value)
        data = event.data
        if data.kind == "clock":
            if record.key != clocks.KEY:
                raise PoisonRecordError(f"a tick has the key {clocks.KEY.decode()!r}")
            run.tick(data, event.time)
        elif record.key is None:
            raise PoisonRecordError("a record without a key")
        elif record.key != event.subject.encode():
            raise PoisonRecordError("the key is not the record's subject")
        else:
            run.apply(record.key, data, event.time)
    return run.result()


class _Run:
    """One chunk at work on its partition's state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.units: dict[bytes, InWork] = {}
        self.clock = clocks.load(state.get(clocks.KEY))
        self.ticked: dict[int, str] = {}
        self.handed: list[Output] = []

    def unit(self, key: bytes) -> InWork:
        found = self.units.get(key)
        if found is None:
            found = self.units[key] = InWork(key, self.state.get(key), self.clock, self.handed)
        return found

    def apply(self, key: bytes, data: Data, time: str) -> None:
        """An effect, a mark or an action on one unit. The rules look once the last effect of a cause is in."""
        kind = data.kind
        day = ordinal_of(data.day) if kind in ("effect", "mark") else 0
        work = self.unit(key)
        unit = work.unit
        work.time = time
        before = unit.workers - work.unseen if unit.held < 0 else unit.held
        waits = data.more
        if kind == "effect":
            unit.add(day, data.workers, data.present, data.members)
            if data.swap is not None and work.enterprise:
                waits = not work.set_apart(data.swap, day, data.workers, more=waits)
        elif kind == "mark":
            work.mark(data, day)
        elif kind == "inherited":
            work.inherit(inherited_of(data), data.sender, data.sign)
        else:
            work.act(data, ordinal_of(data.until) if data.until else 0)
        unit.version += 1
        work.touched = True
        unit.held = before if data.more else -1
        if work.enterprise and not waits:
            work.look(correction=data.correction and before >= THRESHOLD)

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
            if work.advance(self.clock, month_ends, time):
                work.unit.version += 1
                work.touched = True
            elif not work.touched:
                del self.units[key]

    def result(self) -> Result:
        """Units that only met a tick are as they were: their day is the clock's."""
        writes: Writes = {}
        statuses: list[Output] = []
        alerts: list[Output] = []
        for key, work in self.units.items():
            if work.touched:
                writes[key] = work.bytes()
                statuses.append(output.status(work.name, work.unit, work.said, work.time))
                alerts += work.alerts.values()
        for partition, time in self.ticked.items():
            writes[clocks.KEY] = clocks.dump(self.clock)
            statuses.append(output.clock_passed(partition, self.clock.day, time))
        return Result(writes, {STATUS: statuses, ALERTS: alerts, CHANGES: self.handed})
