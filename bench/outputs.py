"""Whether a participant's committed outputs are right: the last status of every unit and the state of every alert."""

import asyncio

import msgspec

from bench import logs
from bench.workload import Answer


class _State(msgspec.Struct, gc=False):
    unit: str = ""
    version: int = 0
    workers: int = 0
    members: int = 0
    state: str = ""


class _Event(msgspec.Struct, gc=False):
    data: _State


_decode = msgspec.json.Decoder(_Event).decode


class _Effect(msgspec.Struct, gc=False):
    kind: str
    workers: int = 0
    members: int = 0


class _Change(msgspec.Struct, gc=False):
    id: str
    subject: str
    data: _Effect


_decode_change = msgspec.json.Decoder(_Change).decode


class WrongAnswerError(RuntimeError):
    """Outputs that are not the right ones; ``units`` is how many are wrong."""

    def __init__(self, message: str, units: int) -> None:
        super().__init__(message)
        self.units = units


def compare(broker: str, run: str, right: Answer) -> None:
    """Raises WrongAnswerError that names the first few units whose counts or alerts are wrong."""
    found = asyncio.run(_final(broker, run))
    wrong = sorted(
        unit for unit in right.counts.keys() | found.counts if right.counts.get(unit) != found.counts.get(unit)
    )
    if wrong:
        shown = ", ".join(f"{unit}: {found.counts.get(unit)} not {right.counts.get(unit)}" for unit in wrong[:5])
        raise WrongAnswerError(f"{run}: (workers, members) of {len(wrong)} units are wrong: {shown}", len(wrong))
    strange = sorted(right.alerts ^ found.alerts)
    if strange:
        shown = ", ".join(strange[:5])
        raise WrongAnswerError(f"{run}: {len(strange)} alerts are wrong, such as those of {shown}", len(strange))


def consistent(broker: str, run: str) -> None:
    """The counts of every unit are the sum of its effects, each once, and no record was unprocessable.

    Raises RuntimeError.
    """
    sums, found = asyncio.run(_sums(broker, run)), asyncio.run(_final(broker, run)).counts
    wrong = sorted(unit for unit in sums.keys() | found if sums.get(unit, (0, 0)) != found.get(unit))
    if wrong:
        raise RuntimeError(f"{run}: counts of {len(wrong)} units are not the sum of their effects, such as {wrong[:5]}")


async def _sums(broker: str, run: str) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    ids: set[str] = set()
    async for _, records in logs.read(broker, f"{run}.unit.changes"):
        for record in records:
            event = _decode_change(record.value)
            if event.data.kind == "effect":
                if event.id in ids:
                    raise RuntimeError(f"{run}: effect {event.id} was written twice")
                ids.add(event.id)
                workers, members = sums.get(event.subject, (0, 0))
                sums[event.subject] = (workers + event.data.workers, members + event.data.members)
    for name in ("mobility.events.dead", "registry.events.dead", "unit.changes.dead"):
        async for _, records in logs.read(broker, f"{run}.{name}"):
            if records:
                raise RuntimeError(f"{run}: {len(records)} records are on {name}: {records[0].value.decode()}")
    return sums


async def _final(broker: str, run: str) -> Answer:
    counts: dict[str, tuple[int, int]] = {}
    async for _, records in logs.read(broker, f"{run}.unit.status"):
        last = {record.key: record.value for record in records}
        for key, value in last.items():
            if not key.startswith(b"clock/"):
                state = _decode(value).data
                counts[state.unit] = (state.workers, state.members)
    alerts: dict[bytes, _State] = {}
    async for _, records in logs.read(broker, f"{run}.alerts"):
        alerts.update((record.key, _decode(record.value).data) for record in records)
    return Answer(counts, {alert.unit for alert in alerts.values() if alert.state == "open"})
