"""Every command, the hidden one too, can be told to print JSON, and its help says so."""

import importlib
from collections.abc import Iterator

import click
import pytest

from mobility.main import COMMANDS, HIDDEN


def leaves(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from leaves(f"{name} {inner}", one)
    else:
        yield name, command


@pytest.mark.parametrize("name", [*COMMANDS, *HIDDEN])
def test_every_command_has_json(name: str) -> None:
    command: click.Command = importlib.import_module(f"mobility.commands.{name}").command
    for called, one in leaves(name, command):
        assert "--json" in {option for param in one.params for option in param.opts}, called
