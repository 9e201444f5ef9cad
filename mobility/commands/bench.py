"""``mobility bench``: the core workload, measured beside its peers."""

import click

from mobility.errors import UsageError
from mobility.output import json_option, print_json, progress


@click.command()
@click.option("--quick", is_flag=True, help="Fewer runs and events: some four minutes.")
@click.option("--full", is_flag=True, help="Until it is done, up to ten million events.")
@click.option("--events", type=int, default=None, help="Events of the core workload; by default as the mode has it.")
@click.option("--runs", type=int, default=None, help="How often each participant runs.")
@json_option
def command(quick: bool, full: bool, events: int | None, runs: int | None, as_json: bool) -> None:
    """Run the frozen core workload on one broker and one input: ours, Kafka Streams, Quix Streams, plain Faust, floor.

    Starts services of its own and ends within 25 minutes. Runs alternate; medians and ratios count.
    """
    try:
        from bench.run import run
    except ImportError as error:
        raise UsageError(f"The bench runs from a checkout of the repository (make bench): {error}.") from error
    with progress(quiet=as_json) as report:
        found = run(events=events, runs=runs, quick=quick, full=full, json=as_json, say=report)
    if as_json:
        print_json(found)
