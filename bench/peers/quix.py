"""The frozen core workload on Quix Streams with its exactly-once.

``python -m bench.peers.quix BROKER RUN INPUT STATE``. Quix has no hook before a commit, so a status goes out for every
change of a unit, not once per commit.
"""

import sys
from typing import Any

from quixstreams import Application, State

from bench.peers.plain_json import alert, effects_of, status, take_change


def main() -> None:
    """Run until a signal ends it."""
    broker, run, source, folder = sys.argv[1:5]
    app = Application(
        broker_address=broker,
        consumer_group=run,
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_interval=0.5,
        state_dir=folder,
        loglevel="WARNING",
        auto_create_topics=True,
        producer_extra_config={"compression.type": "lz4", "linger.ms": 50, "batch.size": 256 << 10},
        consumer_extra_config={"max.partition.fetch.bytes": 4 << 20},
    )
    bytes_in = {"key_deserializer": "str", "value_deserializer": "json"}
    bytes_out = {"key_serializer": "str", "value_serializer": "json"}
    events = app.topic(source, **bytes_in)
    changes = app.topic(f"{run}.unit.changes", **bytes_in, **bytes_out)
    statuses = app.topic(f"{run}.unit.status", **bytes_out)
    alerts = app.topic(f"{run}.alerts", **bytes_out)

    def people(event: dict[str, Any], key: str, _time: int, _headers: Any, state: State) -> list[dict[str, Any]]:
        return effects_of(key, event, state)

    def units(event: dict[str, Any], key: str, _time: int, _headers: Any, state: State) -> list[dict[str, Any]]:
        unit = state.get("unit")
        unit, turned = take_change(key, event, unit)
        if unit is None:
            return []
        state.set("unit", unit)
        return [status(key, unit), *([alert(key, unit)] if turned else [])]

    first = app.dataframe(events)
    first = first.apply(people, stateful=True, expand=True, metadata=True)
    first.to_topic(changes, key=lambda event: event["subject"])
    second = app.dataframe(changes)
    second = second.apply(units, stateful=True, expand=True, metadata=True)
    second.to_topic(
        lambda event, *_: alerts if event["type"].endswith("no-union.v1") else statuses,
        key=lambda event: event["subject"],
    )
    app.run()


if __name__ == "__main__":
    main()
