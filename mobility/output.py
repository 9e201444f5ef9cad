"""What commands print: JSON for scripts and tables for people. Results go to stdout, the rest to stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date

import click
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from mobility.document import Document
from mobility.progressing import Report, progress

__all__ = ["Report", "json_option", "print_json", "print_table", "progress", "say"]

WIDE = 10_000
"""Characters of a line where no person looks."""

LONGEST_WORD = 64
"""A longer word than a digest is no code, and folds."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def print_json(value: object) -> None:
    """One JSON document on stdout; days and instants as RFC 3339 has them."""
    Document.begun = True
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_as_json) + "\n")
    sys.stdout.flush()


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)  # a datetime is a date, too


def say(text: str) -> None:
    """A line for people, on stderr."""
    click.echo(text, err=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """A table on stdout; numbers stand right.

    Words are whole, so that a code or an id can be copied from any terminal: texts fold between their words, and what
    then is still wider than the terminal stands over its edge. A pipe gets a row a line, without blanks at its end.
    """
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    kept = [list(row) for row in rows]
    for place, name in enumerate(columns):
        numbers = bool(kept) and all(isinstance(row[place], int | float) for row in kept)
        words = [word for row in kept for word in _cell(row[place]).split()]
        table.add_column(
            name,
            justify="right" if numbers else "left",
            overflow="fold",
            no_wrap=not any(" " in _cell(row[place]).strip() for row in kept),
            min_width=min(LONGEST_WORD, max(map(cell_len, words), default=0)),
        )
    for row in kept:
        table.add_row(*(_cell(value) for value in row))
    watched = sys.stdout.isatty()
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=None if watched else WIDE)
    if watched:
        least = Measurement.get(console, console.options.update(max_width=WIDE), table).minimum
        console.width = max(console.width, least)
        console.print(table, crop=False)
        return
    with console.capture() as told:
        console.print(table)
    for line in told.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
