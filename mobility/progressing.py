"""How far long work is, told on stderr: bars on a terminal, lines elsewhere, nothing for scripts."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Report = Callable[..., None]
"""``report(step, done=None, total=None)``: how far long work is."""

LINE_SHARE, LINE_SECONDS = 0.1, 10.0
"""Without a terminal a line is written after so much more of a step, or after so long."""


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """A progress bar on stderr for each step of long work; nothing when quiet; plain lines when it is no terminal."""
    if quiet:
        yield lambda step, done=None, total=None: None
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield plain()
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


def plain(now: Callable[[], float] = time.monotonic) -> Report:
    """Lines: when a step begins, after each tenth or ten seconds of it, and when it has reached its total.

    A step of which only the last piece is told has nothing to say between.
    """
    told: dict[str, tuple[int, float]] = {}
    begun: dict[str, int] = {}

    def report(step: str, done: int | None = None, total: int | None = None) -> None:
        if step not in told:
            begun[step] = done or 0
            told[step] = (begun[step], now())
            click.echo(f"{step} ...", err=True)
        if not total or done is None or done <= told[step][0] or total - begun[step] <= 1:
            return
        before, at = told[step]
        if done == total or done - before >= LINE_SHARE * total or now() - at >= LINE_SECONDS:
            told[step] = (done, now())
            click.echo(f"{step}: {total:,}" if done == total else f"{step}: {done:,} of {total:,}", err=True)

    return report
