"""``mobility bench``: the core workload, measured beside its peers."""

import click

from mobility.errors import UsageError
from mobility.output import json_option, print_json, progress


@click.command()
@click.option("--quick", is_flag=True, help="Fewer runs and events: some four minutes.")
@click.option("--events", type=int, default=0, help="Events of the core workload; 0: as the mode has it.")
@json_option
def command(quick: bool, events: int, as_json: bool) -> None:
    """Run the frozen core workload on one broker and one input: ours, Kafka Streams, Quix Streams, plain Faust, floor.

    Starts services of its own and ends within 25 minutes. Runs alternate; medians and ratios count.
    """
    try:
        from bench.run import run
    except ImportError as error:
        raise UsageError(f"The bench runs from a checkout of the repository (make bench): {error}.") from error
    with progress(quiet=as_json) as report:
        found = run(events=events, quick=quick, say=report)
    if as_json:
        print_json(found)
    else:
        click.echo(found["table"])
