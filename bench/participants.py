"""Who takes part, how each is started, and the settings that are tried for each."""

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench.peers import kafka_streams
from deploy.local import Say


@dataclass(frozen=True, slots=True)
class Start:
    """What a participant needs to know to be started for one run."""

    broker: str
    run: str
    source: str
    folder: Path
    """An empty folder for its local state."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One row of the table in one of its settings. ``share`` of the facts is enough to measure a slow one."""

    name: str
    command: Callable[[Start], Sequence[str]]
    processes: int = 1
    share: float = 1.0
    env: Mapping[str, str] | None = None
    checked: Literal["equal", "counted", "consistent", "no"] = "equal"
    """Its outputs are compared with the right answer; or compared, but a wrong one is counted and does not end the
    bench (plain Faust promises none); or with its own effects (full rules); or not (the floor)."""
    settings: Mapping[str, str] = field(default_factory=dict)


Family = list[Participant]
"""The settings of one row, the best guess first: that one runs where there is no time to try."""


def ours(name: str, steps: str) -> Family:
    """The engine with the steps ``real``, ``core`` or ``full``."""
    return [_ours(name, steps, workers) for workers in (2, 1)]


def _ours(name: str, steps: str, workers: int) -> Participant:
    return Participant(
        name,
        lambda at: _python("bench.peers.ours", at.broker, at.run, at.source, steps),
        processes=workers,
        checked="consistent" if steps == "full" else "equal",
        settings={"workers": str(workers)},
    )


def floor() -> Family:
    """No state, no logic."""
    return [
        Participant(
            "floor",
            lambda at: _python("bench.peers.floor", at.broker, at.run, at.source),
            processes=workers,
            checked="no",
            settings={"workers": str(workers)},
        )
        for workers in (2, 1)
    ]


def quix() -> Family:
    """Empty where Quix Streams (a development dependency) is not installed."""
    if importlib.util.find_spec("quixstreams") is None:
        return []
    return [
        Participant(
            "quix-eos",
            lambda at: _python("bench.peers.quix", at.broker, at.run, at.source, str(at.folder)),
            processes=workers,
            share=0.2,
            settings={"workers": str(workers)},
        )
        for workers in (2, 1)
    ]


def plain_faust() -> Family:
    """Faust without the engine, at least once; one worker: with two, a partition stalled or counts went wrong."""
    return [
        Participant(
            "faust-plain",
            lambda at: _python("bench.peers.plain_faust", at.broker, at.run, at.source, str(at.folder)),
            share=0.05,
            checked="counted",
            settings={"workers": "1"},
        )
    ]


def streams(store: str, folder: Path, *, say: Say) -> Family:
    """Kafka Streams with ``exactly_once_v2``; ``store`` is ``rocksdb`` or ``memory``."""
    env = kafka_streams.environment(kafka_streams.compiled_peer(folder, say=say), say=say)
    tried = [(cache_mb, threads, 100) for cache_mb in (0, 64) for threads in (2, 1)]
    return [_streams(store, env, *settings) for settings in [*tried, (0, 2, 1000), (64, 2, 1000)]]


def _streams(store: str, env: Mapping[str, str], cache_mb: int, threads: int, commit_ms: int) -> Participant:
    return Participant(
        f"kafka-streams-eos-{store}",
        lambda at: kafka_streams.command(
            at.broker,
            at.run,
            at.source,
            store=store,
            cache_mb=cache_mb,
            threads=threads,
            commit_ms=commit_ms,
            state=at.folder,
        ),
        env=env,
        settings={"cache_mb": str(cache_mb), "threads": str(threads), "commit_ms": str(commit_ms)},
    )


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
