"""The three steps as stages of one Faust app."""

from schemas import topics
from streams import people, registry, units
from streams.engine import ChunkApp, Stage, add_stage, create_app

GROUP = "mobility"


def says_more(value: bytes) -> bool:
    """Of an effect or a mark: its cause has another one on the same unit, which follows (docs/decisions/0002)."""
    return b'"more":true' in value


def stages(partitions: int) -> list[Stage]:
    """The steps with their topics; ``partitions`` is that of the topic table's ``units``."""
    return [
        Stage(
            name="people",
            step=people.step,
            source=topics.MOVEMENTS_IN,
            changelog="people.state",
            dead=f"{topics.MOVEMENTS_IN}.dead",
            same_partition=frozenset({topics.MOVEMENTS, topics.FINDINGS}),
            routed={topics.CHANGES: partitions, topics.MOVEMENTS_IN: partitions},
            continues=says_more,
        ),
        Stage(
            name="registry",
            step=registry.step,
            source=topics.REGISTRY_IN,
            changelog="registry.state",
            dead=f"{topics.REGISTRY_IN}.dead",
            routed={topics.CHANGES: partitions},
            continues=says_more,
        ),
        Stage(
            name="units",
            step=units.step,
            source=topics.CHANGES,
            changelog="units.state",
            dead=f"{topics.CHANGES}.dead",
            same_partition=frozenset({topics.STATUS}),
            routed={topics.ALERTS: partitions, topics.CHANGES: partitions},
        ),
    ]


def mobility_app(broker: str, partitions: int, *, group: str = GROUP, session_seconds: float = 10.0) -> ChunkApp:
    """The app that a worker runs: all three stages. A worker silent for ``session_seconds`` loses its partitions."""
    app = create_app(group, broker, session_seconds=session_seconds, heartbeat_seconds=session_seconds / 5)
    for stage in stages(partitions):
        add_stage(app, stage)
    return app
