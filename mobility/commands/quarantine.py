"""``mobility quarantine``: refused rows as work for a clerk."""

import getpass

import click

from mobility.endpoints import running_services
from mobility.intake import opened
from mobility.output import json_option, print_json, print_table
from mobility.settings import Settings
from producers.quarantine import held_counts, held_rows

SHOWN = ("dossier", "unit", "feed", "file", "line", "field", "reason", "message", "refused_at")


@click.command()
@click.option("--dossier", default="", metavar="NO", help="Only this dossier.")
@click.option("--by-reason", is_flag=True, help="How many rows by reason.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="At most so many rows, the newest first.",
)
@click.option("--rows", "with_rows", is_flag=True, help="Show what the rows said: personal data, the read is logged.")
@json_option
def command(dossier: str, by_reason: bool, limit: int, with_rows: bool, as_json: bool) -> None:
    """List refused rows: where they stand, why, and what to do. What a row said stays encrypted unless asked for."""
    settings = Settings()
    with opened(settings, running_services(settings)) as intake:
        if by_reason:
            counts = sorted(held_counts(intake.connection).items(), key=lambda item: -item[1])
            if as_json:
                print_json({"reasons": dict(counts)})
            else:
                print_table(["reason", "rows"], counts)
            return
        who, why = getpass.getuser(), "mobility quarantine --rows" if with_rows else "mobility quarantine"
        held = held_rows(intake.connection, intake.keys, who=who, why=why, dossier=dossier, limit=limit)
    if as_json:
        names = (*SHOWN, "values") if with_rows else SHOWN
        print_json({"rows": [{name: getattr(one, name) for name in names} for one in held]})
        return
    print_table(
        ["file", "dossier", "line", "reason", "message"],
        [(one.file, one.dossier, one.line, one.reason, one.message) for one in held],
    )
    if with_rows:
        print_table(
            ["line", "said"], [(one.line, ", ".join(f"{k}={v}" for k, v in one.values.items())) for one in held]
        )
