"""``mobility dead``: records that a step could not process."""

import base64

import click

from mobility.endpoints import running_services
from mobility.errors import MobilityError
from mobility.output import json_option, print_json, print_table, say
from mobility.settings import Settings
from schemas import topics
from streams.engine.deadletters import DeadLetter, list_dead, replay

SOURCES = (topics.MOVEMENTS_IN, topics.REGISTRY_IN, topics.CHANGES)


@click.group()
def command() -> None:
    """Poison records: each stands on its topic's dead topic with place and reason; nothing was lost or half-applied."""


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """All of them, oldest first."""
    found = _all()
    if as_json:
        print_json({"dead": [_place(one) for one in found]})
    else:
        rows = [(one.topic, one.partition, one.offset, one.step, one.reason) for one in found]
        print_table(["topic", "partition", "offset", "step", "reason"], rows)


@command.command("show")
@click.argument("topic")
@click.argument("partition", type=int)
@click.argument("offset", type=int)
@json_option
def show_command(topic: str, partition: int, offset: int, as_json: bool) -> None:
    """One of them with its bytes."""
    one = _find(topic, partition, offset)
    value = base64.b64decode(one.value)
    if as_json:
        print_json({**_place(one), "key": one.key, "value": one.value})
    else:
        click.echo(f"{one.topic} partition {one.partition} offset {one.offset}, step {one.step}: {one.reason}")
        click.echo(value.decode(errors="backslashreplace"))


@command.command("replay")
@click.argument("topic")
@click.argument("partition", type=int)
@click.argument("offset", type=int)
@json_option
def replay_command(topic: str, partition: int, offset: int, as_json: bool) -> None:
    """Send one again to the topic it came from, as it was; for after the program was corrected."""
    one = _find(topic, partition, offset)
    replay(running_services(Settings()).kafka, one.topic, one.partition, one.offset)
    if as_json:
        print_json(_place(one))
    else:
        say(f"Sent to {one.topic} again.")


def _all() -> list[DeadLetter]:
    return list(list_dead(running_services(Settings()).kafka, [f"{topic}.dead" for topic in SOURCES]))


def _find(topic: str, partition: int, offset: int) -> DeadLetter:
    for one in _all():
        if (one.topic, one.partition, one.offset) == (topic, partition, offset):
            return one
    raise MobilityError(f"No dead record of {topic} partition {partition} offset {offset}: see mobility dead list.")


def _place(one: DeadLetter) -> dict[str, object]:
    return {
        "topic": one.topic,
        "partition": one.partition,
        "offset": one.offset,
        "step": one.step,
        "reason": one.reason,
    }
