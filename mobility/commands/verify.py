"""``mobility verify``: is every count right?"""

import click

from mobility.endpoints import running_services
from mobility.errors import FOUND_WRONG
from mobility.output import json_option, print_json, print_table, progress
from mobility.settings import Settings


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Recompute counts and cover from the facts, and alerts from the log of changes; compare live state and PostgreSQL.

    Waits until everything on the log has passed, then reads all of it. Exit code 1 names every enterprise
    whose figures differ, with what the facts, the log of changes, live state and PostgreSQL say.
    """
    from mobility.verify import differences
    from mobility.waiting import wait_until_passed

    at = running_services(Settings())
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
