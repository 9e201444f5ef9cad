"""``mobility verify``: is every count right?"""

from typing import Any

import click
import psycopg

from mobility.endpoints import running_services
from mobility.errors import FOUND_WRONG, UsageError
from mobility.output import json_option, print_json, print_table, progress
from mobility.settings import Settings


@click.command()
@click.option("--rolling-status", is_flag=True, help="What the check that rolls in the background has found so far.")
@json_option
def command(rolling_status: bool, as_json: bool) -> None:
    """Recompute counts and cover from the facts, and alerts from the log of changes; compare live state and PostgreSQL.
    Compare each row of movements and alerts in PostgreSQL with its record on the log, field by field.

    Waits until everything on the log has passed, then reads all of it. Exit code 1 names every enterprise
    whose figures differ, with what the facts, the log of changes, live state and PostgreSQL say.

    mobility up also keeps a cheap check running that rolls over the data a slice at a time (MOBILITY_VERIFY_SHARE
    of the time, 3 % unless set); --rolling-status tells its last full round without reading anything else.

    \b
    mobility verify                       everything, now
    mobility verify --rolling-status      the last round, exit code 1 if it found a difference
    """
    at = running_services(Settings())
    if rolling_status:
        _rolling(at.postgres, as_json=as_json)
        return
    from mobility.verify import differences
    from mobility.waiting import wait_until_passed

    with progress(quiet=as_json) as report:
        report("Waiting until all has passed")
        wait_until_passed(at)
        found = differences(at, report)
    if as_json:
        print_json({"ok": not found, "differences": found})
    elif found:
        columns = ("tax_code", "figure", "log", "changes", "live", "store")
        print_table([name.replace("_", " ") for name in columns], [[row[name] for name in columns] for row in found])
    else:
        click.echo("Facts, log of changes, live state and PostgreSQL agree.")
    if found:
        raise click.exceptions.Exit(FOUND_WRONG)


def _rolling(dsn: str, *, as_json: bool) -> None:
    from consumers.store import checking

    with psycopg.connect(dsn) as connection:
        try:
            standing = checking.standing(connection)
        except psycopg.errors.UndefinedTable as error:
            raise UsageError("The rolling check has no tables here yet: mobility up makes them.") from error
    found = standing["differences"]
    if as_json:
        print_json({"ok": not found and standing["last"] is not None, **standing})
    else:
        _print(standing)
    if found:
        raise click.exceptions.Exit(FOUND_WRONG)


def _print(standing: dict[str, Any]) -> None:
    last, now = standing["last"], standing["now"]
    if last:
        click.echo(
            f"Last full round: {last['began_at']:%Y-%m-%d %H:%M:%S} to {last['ended_at']:%Y-%m-%d %H:%M:%S} UTC, "
            f"{last['slices']:,} slices, {last['differences']:,} differences"
        )
    else:
        click.echo("No full round yet.")
    if now:
        click.echo(f"Under way since {now['began_at']:%Y-%m-%d %H:%M:%S} UTC: {now['slices']:,} slices so far")
    print_table(
        ["kind", "slices", "compared", "passed over", "oldest look (UTC)", "differences"],
        [
            (
                row["kind"],
                row["slices"],
                row["compared"],
                row["passed_over"],
                f"{row['oldest']:%Y-%m-%d %H:%M:%S}",
                row["differences"],
            )
            for row in standing["kinds"]
        ],
    )
    if standing["differences"]:
        columns = ("kind", "key", "figure", "log", "live", "store")
        rows = [[one[name] for name in columns] for one in standing["differences"]]
        print_table(columns, rows, title="\nDifferences")
