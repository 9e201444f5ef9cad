"""``mobility clock``: what day it is for the counts, and moving it by hand."""

from datetime import date

import click

from mobility import clock
from mobility.endpoints import running_services
from mobility.errors import UsageError
from mobility.instants import DAY
from mobility.output import json_option, print_json, progress
from mobility.settings import Settings

LONGEST_YEARS = 10


@click.command()
@click.option("--to", "to", type=DAY, help="The day to move to.")
@json_option
def command(to: date | None, as_json: bool) -> None:
    """Show the clock's day, or send every day up to --to and wait until counts and PostgreSQL have passed it.

    The clock runs by itself (Asia/Ho_Chi_Minh) unless MOBILITY_CLOCK=manual. An earlier day is ignored (exit
    code 1); the first tick may name any day from 2000 on.
    """
    if to is not None and not 2000 <= to.year <= date.today().year + LONGEST_YEARS:
        raise UsageError(
            f"{to} is more than {LONGEST_YEARS} years ahead, or before 2000. "
            "The clock can't go back, so this is taken for a typing error."
        )
    at = running_services(Settings())
    sent = 0
    if to is not None:
        with progress(quiet=as_json) as report:
            report(f"Clock to {to}")
            sent = clock.advance_to(at, to, strict=True, say=report)
    day: date | None = clock.last_day(at.kafka)
    if as_json:
        print_json({"day": day.isoformat() if day else None, "ticks": sent})
    elif day is None:
        click.echo("The clock has not started. Start it with: mobility clock --to YYYY-MM-DD")
    else:
        click.echo(day.isoformat())
