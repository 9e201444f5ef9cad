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


def compare(broker: str, run: str, right: Answer) -> None:
    """Raises RuntimeError that names the first few units whose counts or alerts are wrong."""
    found = asyncio.run(_final(broker, run))
    wrong = sorted(
        unit for unit in right.counts.keys() | found.counts if right.counts.get(unit) != found.counts.get(unit)
    )
    if wrong:
        shown = ", ".join(f"{unit}: {found.counts.get(unit)} not {right.counts.get(unit)}" for unit in wrong[:5])
        raise RuntimeError(f"{run}: (workers, members) of {len(wrong)} units are wrong: {shown}")
    strange = sorted(right.alerts ^ found.alerts)
    if strange:
        raise RuntimeError(f"{run}: {len(strange)} alerts are wrong, such as those of {', '.join(strange[:5])}")


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
