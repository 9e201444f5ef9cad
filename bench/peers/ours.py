"""Ours, as a process: ``python -m bench.peers.ours BROKER RUN INPUT STEPS``.

STEPS is ``real`` (the steps people and units), ``core`` (the frozen workload's own, in ``core_steps``) or ``full`` (all
three stages). ``--profile FILE`` writes a cProfile of the event loop's thread when the worker ends.
"""

import argparse
import cProfile
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import faust

from bench.logs import PARTITIONS
from bench.peers import core_steps
from schemas import topics
from streams.app import stages
from streams.engine import add_stage, create_app, run_worker
from streams.step import Record, Result, State, Step


def app(broker: str, run: str, source: str, steps: str) -> faust.App:
    """The stages of ``streams.app`` on the topics of a run; the registers only for ``full``."""
    named = {topics.MOVEMENTS_IN: source}
    made = create_app(run, broker)
    for stage in stages(PARTITIONS):
        if stage.name == "registry" and steps != "full":
            continue
        step = getattr(core_steps, stage.name) if steps == "core" else stage.step

        def here(topic: str) -> str:
            return named.get(topic, f"{run}.{topic}")

        of_run = replace(
            stage,
            step=_renamed(step, here),
            source=here(stage.source),
            changelog=here(stage.changelog),
            dead=here(stage.dead),
            same_partition=frozenset(map(here, stage.same_partition)),
            routed={here(topic): partitions for topic, partitions in stage.routed.items()},
        )
        add_stage(made, of_run, broker)
    return made


def _renamed(step: Step, here: Callable[[str], str]) -> Step:
    """The step, its outputs on the topics of this run."""

    def renamed(state: State, records: Iterable[Record]) -> Result:
        result = step(state, records)
        return Result(result.writes, {here(topic): pairs for topic, pairs in result.outputs.items()})

    return renamed


def main() -> None:
    """Run until a signal ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("broker", "run", "source", "steps"):
        parser.add_argument(name)
    parser.add_argument("--profile")
    given = parser.parse_args()
    made = app(given.broker, given.run, given.source, given.steps)
    if not given.profile:
        run_worker(made)
        return
    profile = cProfile.Profile(time.thread_time)  # the machine may be shared: waiting is not work
    profile.enable()
    try:
        run_worker(made)
    finally:
        profile.disable()
        profile.dump_stats(f"{given.profile}.{os.getpid()}")


if __name__ == "__main__":
    main()
