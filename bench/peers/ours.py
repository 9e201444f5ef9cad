"""Ours, as a process: ``python -m bench.peers.ours BROKER RUN INPUT STEPS``.

STEPS is ``real`` (the steps people and units), ``core`` (the frozen workload's own, in ``core_steps``) or ``full`` (all
three stages). ``--profile FILE`` writes a cProfile of the event loop's thread when the worker ends.
"""

import argparse
import cProfile
import os
import time

import faust

from bench.logs import PARTITIONS
from bench.peers import core_steps
from schemas import topics
from streams import people, registry, units
from streams.engine import Stage, add_stage, create_app, run_worker
from streams.step import Record, Result, State, Step


def app(broker: str, run: str, source: str, steps: str) -> faust.App:
    """The stages of ``streams.app`` on the topics of a run."""
    made = create_app(run, broker)
    by_person, by_unit = (core_steps.people, core_steps.units) if steps == "core" else (people.step, units.step)
    changes = f"{run}.{topics.CHANGES}"
    add_stage(
        made,
        Stage(
            name="people",
            step=_renamed(by_person, run),
            source=source,
            changelog=f"{run}.people.state",
            dead=f"{run}.mobility.events.dead",
            same_partition=frozenset({f"{run}.{topics.MOVEMENTS}"}),
            routed={changes: PARTITIONS},
        ),
        broker,
    )
    if steps == "full":
        add_stage(
            made,
            Stage(
                name="registry",
                step=_renamed(registry.step, run),
                source=f"{run}.{topics.REGISTRY_IN}",
                changelog=f"{run}.registry.state",
                dead=f"{run}.registry.events.dead",
                routed={changes: PARTITIONS},
            ),
            broker,
        )
    add_stage(
        made,
        Stage(
            name="units",
            step=_renamed(by_unit, run),
            source=changes,
            changelog=f"{run}.units.state",
            dead=f"{run}.unit.changes.dead",
            same_partition=frozenset({f"{run}.{topics.STATUS}"}),
            routed={f"{run}.{topics.ALERTS}": PARTITIONS},
        ),
        broker,
    )
    return made


def _renamed(step: Step, run: str) -> Step:
    """The step, its outputs on the topics of this run."""

    def renamed(state: State, records: list[Record]) -> Result:
        result = step(state, records)
        return Result(result.writes, {f"{run}.{topic}": pairs for topic, pairs in result.outputs.items()})

    return renamed  # type: ignore[return-value]


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
