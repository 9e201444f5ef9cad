"""``mobility dead``: records that a step could not process."""

import base64
import getpass

import click

from mobility.endpoints import Endpoints, running_services
from mobility.errors import MobilityError
from mobility.named import OFFSET, PARTITION
from mobility.operation.dead import DeadStays, dead_record, dead_records, discard_dead, replay_dead
from mobility.output import json_option, print_json, print_table, say
from mobility.settings import Settings


@click.group()
def command() -> None:
    """Poison records: each stands on its topic's dead topic with place and reason; nothing was lost or half-applied.

    \b
    mobility dead list                                       what is still open
    mobility dead list --all                                 what was replayed or discarded, too
    mobility dead show mobility.events 2 1704                one with its bytes
    mobility dead replay mobility.events 2 1704              after the program was corrected
    mobility dead discard mobility.events 2 1704 --why "the two mergers were undone by hand"
    """


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Those that were replayed or discarded, too.")
@json_option
def list_command(every: bool, as_json: bool) -> None:
    """What is still open, oldest first. Exit code 0 whether there is any or not."""
    found = [one.shown() for one in dead_records(_at(), every=every)]
    if as_json:
        print_json({"dead": found})
        return
    if not found:
        say("No dead record is open." if not every else "There is no dead record.")
        return
    columns = ["topic", "partition", "offset", "step", "state", "by", "reason"]
    print_table(columns, [[one[name] for name in columns] for one in found])


@command.command("show")
@click.argument("topic")
@click.argument("partition", type=PARTITION)
@click.argument("offset", type=OFFSET)
@json_option
def show_command(topic: str, partition: int, offset: int, as_json: bool) -> None:
    """One of them with its bytes, and what was done with it."""
    try:
        one = dead_record(_at(), (topic, partition, offset))
    except DeadStays as error:
        raise MobilityError(str(error)) from error
    letter = one.letter
    if as_json:
        print_json({**one.shown(), "key": letter.key, "value": letter.value})
        return
    click.echo(f"{topic} partition {partition} offset {offset}, step {letter.step}: {letter.reason}")
    if one.mark:
        click.echo(f"{one.state} by {one.mark.by}{f': {one.mark.why}' if one.mark.why else ''}")
    click.echo(base64.b64decode(letter.value).decode(errors="backslashreplace"))


@command.command("replay")
@click.argument("topic")
@click.argument("partition", type=PARTITION)
@click.argument("offset", type=OFFSET)
@click.option("--again", is_flag=True, help="Though it was replayed or discarded before.")
@json_option
def replay_command(topic: str, partition: int, offset: int, again: bool, as_json: bool) -> None:
    """Send one again to the topic it came from, as it was; for after the program was corrected.

    It is then no longer listed. Should it die once more, that is a new dead record with a place of its own.
    """
    try:
        replay_dead(_at(), (topic, partition, offset), by=getpass.getuser(), again=again)
    except DeadStays as error:
        raise MobilityError(str(error)) from error
    if as_json:
        print_json({"topic": topic, "partition": partition, "offset": offset, "state": "replayed"})
    else:
        say(f"Sent to {topic} again.")


@command.command("discard")
@click.argument("topic")
@click.argument("partition", type=PARTITION)
@click.argument("offset", type=OFFSET)
@click.option("--why", required=True, metavar="TEXT", help="Kept with your name.")
@json_option
def discard_command(topic: str, partition: int, offset: int, why: str, as_json: bool) -> None:
    """Mark one as dealt with, for a reason. It stays on its dead topic; list shows it with --all."""
    try:
        discard_dead(_at(), (topic, partition, offset), by=getpass.getuser(), why=why)
    except DeadStays as error:
        raise MobilityError(str(error)) from error
    if as_json:
        print_json({"topic": topic, "partition": partition, "offset": offset, "state": "discarded"})
    else:
        say("Discarded. mobility dead list --all still shows it.")


def _at() -> Endpoints:
    return running_services(Settings())
