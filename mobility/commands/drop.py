"""``mobility drop``: the watched folder."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from mobility.endpoints import running_services
from mobility.errors import FOUND_WRONG, UsageError
from mobility.intake import opened, shown
from mobility.output import json_option, print_json, print_table, say
from mobility.roles.dropfolder import LOOK_SECONDS
from mobility.run_record import drop_folder
from mobility.settings import Settings
from producers.dropfolder.status import drop_status
from producers.dropfolder.watching import Watcher

_FOLDER = click.argument("folder", required=False, type=click.Path(path_type=Path))


def _folder(stated: Path | None) -> Path:
    """As stated, else of the setting, else the one that the last ``up`` of this home watched."""
    settings = Settings()
    found = stated or settings.drop or drop_folder(settings)
    if found is None:
        raise UsageError("Say which folder, or set MOBILITY_DROP. mobility up --drop FOLDER watches one.")
    found = found.expanduser().resolve()
    if not found.is_dir():
        raise UsageError(f"There is no folder {found}. mobility up --drop {found} makes it.")
    return found


@click.group()
def command() -> None:
    """A folder whose files are taken in by themselves: put them there, find them again under done/ or refused/.

    \b
    mobility up --drop /srv/dossiers     watch it, as long as everything runs
    mobility drop status                 what waits, what is in work, what was done, what hinders
    mobility drop take                   one pass now, without a watcher

    Each file is filed under done/YYYY-MM-DD/ with FILE.receipt.html and FILE.receipt.json beside it, or under
    refused/YYYY-MM-DD/ with the sentence why. A file that is still being written is left alone.
    """


@command.command("status")
@_FOLDER
@json_option
def status_command(folder: Path | None, as_json: bool) -> None:
    """What waits, is in work, was done by day, is passed over, and hinders. Exit code 1: something hinders."""
    status = drop_status(_folder(folder))
    if as_json:
        print_json(
            {
                "waiting": status.waiting,
                "working": status.working,
                "done": status.done,
                "refused": status.refused,
                "watchers": status.watchers,
                "problems": status.problems,
                "passed_over": status.passed_over,
                "looked_at": status.looked_at or None,
            }
        )
    else:
        counts = [("waiting", len(status.waiting)), ("in work", len(status.working)), ("watchers", status.watchers)]
        print_table(["drop folder", "files"], counts)
        days = sorted({*status.done, *status.refused}, reverse=True)[:14]
        print_table(["day", "done", "refused"], [(d, status.done.get(d, 0), status.refused.get(d, 0)) for d in days])
        for sentence in status.passed_over + status.problems:
            say(sentence)
    if status.problems:
        raise click.exceptions.Exit(FOUND_WRONG)


@command.command("take")
@_FOLDER
@json_option
def take_command(folder: Path | None, as_json: bool) -> None:
    """One pass: two looks, then everything that stood still is taken in. For cron, or to try a folder."""
    settings = Settings()
    at, drop = running_services(settings), _folder(folder)
    with Watcher(drop, opened=lambda: opened(settings, at), now=lambda: datetime.now(UTC)) as watcher:
        filed = watcher.step()
        time.sleep(LOOK_SECONDS)
        filed += watcher.step()
    if as_json:
        print_json(
            {
                "files": [
                    {
                        "path": str(one.path.relative_to(drop)),
                        "refused": one.refused,
                        "receipts": [shown(receipt) for receipt in one.receipts],
                    }
                    for one in filed
                ]
            }
        )
    else:
        print_table(
            ["file", "accepted", "unchanged", "refused"],
            [
                (
                    str(one.path.relative_to(drop)),
                    sum(receipt.accepted for receipt in one.receipts),
                    sum(receipt.unchanged for receipt in one.receipts),
                    sum(receipt.refused_total for receipt in one.receipts),
                )
                for one in filed
            ],
        )
    if any(receipt.refused_total for one in filed for receipt in one.receipts):
        raise click.exceptions.Exit(FOUND_WRONG)
