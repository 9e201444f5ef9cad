"""What commands print: JSON for scripts, tables and progress for people. Results go to stdout, the rest to stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from mobility.document import Document

WIDE = 10_000
"""Characters of a line where no person looks."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    Document.begun = True
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A line for people, on stderr."""
    click.echo(text, err=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A table on stdout; numbers stand right."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    kept = [list(row) for row in rows]
    for place, name in enumerate(columns):
        numbers = bool(kept) and all(isinstance(row[place], int | float) for row in kept)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in kept:
        table.add_row(*(_cell(value) for value in row))
    width = None if sys.stdout.isatty() else WIDE  # a pipe gets whole lines
    Console(file=sys.stdout, highlight=False, width=width).print(table)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


Report = Callable[..., None]
"""``report(step, done=None, total=None)``: how far long work is."""


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """A progress bar on stderr for each step of long work; nothing when quiet; plain lines when it is no terminal."""
    if quiet:
        yield lambda step, done=None, total=None: None
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, Any] = {}

        def report(step: str, done: int | None = None, total: int | None = None) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bars.stop_task(task)
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done or 0, total=total)

        yield report


def _plain() -> Report:
    """One line when a step begins and one when it has reached its total."""
    begun: set[str] = set()

    def report(step: str, done: int | None = None, total: int | None = None) -> None:
        if step not in begun:
            begun.add(step)
            say(f"{step} ...")
        elif total and done == total:
            say(f"{step}: {total:,}")

    return report
