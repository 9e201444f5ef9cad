"""The frozen core workload on Faust as its manual says, at least once: ``python -m bench.peers.plain_faust BROKER RUN
INPUT STATE``. A status goes out for every change of a unit: its tables have no hook before a commit.
"""

import logging
import sys
from typing import Any

import faust
import msgspec

from bench.logs import PARTITIONS
from bench.peers.plain_json import alert, effects_of, status, take_change

_decode, _encode = msgspec.json.decode, msgspec.json.encode


class _Row:
    """One key of a Faust table."""

    def __init__(self, table: Any, key: str) -> None:
        self._table, self._key = table, key

    def get(self, _: str) -> Any:
        return self._table.get(self._key)

    def set(self, _: str, value: Any) -> None:
        self._table[self._key] = value


def app(broker: str, run: str, source: str, folder: str) -> faust.App:
    """Two agents, two tables in memory with their changelogs."""
    made = faust.App(
        run,
        broker=f"kafka://{broker}",
        store="memory://",
        datadir=folder,
        topic_partitions=PARTITIONS,
        topic_replication_factor=1,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=0.2,
        broker_max_poll_records=4000,
        producer_linger=0.02,
        producer_compression_type="lz4",
        stream_wait_empty=False,
        web_enabled=False,
        loghandlers=[],
    )
    raw = {"key_serializer": "raw", "value_serializer": "raw"}
    events = made.topic(source, **raw)
    changes = made.topic(f"{run}.unit.changes", **raw)
    statuses = made.topic(f"{run}.unit.status", **raw)
    alerts = made.topic(f"{run}.alerts", **raw)
    people = made.Table("people", partitions=PARTITIONS)
    units = made.Table("units", partitions=PARTITIONS)

    @made.agent(events)  # type: ignore[untyped-decorator, unused-ignore]
    async def by_person(stream: Any) -> None:
        async for key, value in stream.items():
            person = key.decode()
            for effect in effects_of(person, _decode(value), _Row(people, person)):
                await changes.send(key=effect["subject"].encode(), value=_encode(effect))

    @made.agent(changes)  # type: ignore[untyped-decorator, unused-ignore]
    async def by_unit(stream: Any) -> None:
        async for key, value in stream.items():
            name = key.decode()
            unit, turned = take_change(name, _decode(value), units.get(name))
            if unit is None:
                continue
            units[name] = unit
            await statuses.send(key=key, value=_encode(status(name, unit)))
            if turned:
                said = alert(name, unit)
                await alerts.send(key=said["subject"].encode(), value=_encode(said))

    return made


class _Worker(faust.Worker):  # type: ignore[misc, unused-ignore]
    def _setup_logging(self) -> None:
        """As below."""


def main() -> None:
    """Run until a signal ends it."""
    logging.basicConfig(level="ERROR")
    _Worker(app(*sys.argv[1:5]), redirect_stdouts=False, quiet=True).execute_from_commandline()


if __name__ == "__main__":
    main()
