"""A stage: a pure step bound to its topics."""

from collections.abc import Callable
from dataclasses import dataclass, field

from streams.engine.writer import never_continues
from streams.step import Step


@dataclass(frozen=True, slots=True)
class Stage:
    """A step and its topics. ``same_partition`` names the outputs that share key and partition count with the source;
    ``routed`` gives the partition count of the others. Changelog and dead topic have the source's partition count.
    ``continues`` tells of an output's value that the next of its partition belongs to it: no batch ends between them,
    so nothing of another producer comes to stand there."""

    name: str
    step: Step
    source: str
    changelog: str
    dead: str
    same_partition: frozenset[str] = frozenset()
    routed: dict[str, int] = field(default_factory=dict)
    continues: Callable[[bytes], bool] = never_continues
