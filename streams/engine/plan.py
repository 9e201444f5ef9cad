"""What the owners of a stage need to know."""

from collections.abc import Callable
from dataclasses import dataclass

from streams.engine.routing import Router
from streams.engine.transport import ChunkConsumer
from streams.engine.writer import never_continues
from streams.step import Step

TRANSACTION_SECONDS = 45.0
"""A chunk's transaction that takes longer is given up and tried again."""
TRANSACTION_TIMEOUT_MS = 60_000
"""The broker aborts what a dead worker left open after so long, if no other worker has before. More than the above."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A stage with what it runs on. ``consumer`` gives the worker's one consumer, once it has been started."""

    name: str
    step: Step
    source: str
    changelog: str
    dead: str
    broker: str
    group: str
    same_partition: frozenset[str]  # outputs with the key and partition count of the source
    routers: dict[str, Router]  # the other outputs
    consumer: Callable[[], ChunkConsumer]
    continues: Callable[[bytes], bool] = never_continues  # of an output's value: the next one belongs to it
    transaction_timeout_ms: int = TRANSACTION_TIMEOUT_MS
