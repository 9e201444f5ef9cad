"""``mobility ingest``: files in, receipts out."""

from pathlib import Path

import click

from mobility.endpoints import running_services
from mobility.errors import FOUND_WRONG
from mobility.intake import ingest_files, shown
from mobility.output import json_option, print_json, print_table, progress, say
from mobility.settings import Settings
from producers.ingest import passed_over
from schemas.states import Receipt

SHOWN = 20


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--wait", is_flag=True, help="Come back once live state and PostgreSQL hold everything ingested so far.")
@click.option(
    "--unit", default="", metavar="CODE", help="Tax or unit code that the file speaks for, if it does not say."
)
@click.option("--dossier", default="", metavar="NO", help="The dossier's number, if the file does not state one.")
@click.option("--replaces", default="", metavar="DOSSIER", help="This file restates that dossier whole, line by line.")
@json_option
def command(paths: tuple[Path, ...], wait: bool, unit: str, dossier: str, replaces: str, as_json: bool) -> None:
    """Take in dossiers (D02 as workbook, XML or CSV), opening rosters and registers; folders and ZIP files too.

    Files are told apart by their content. Good rows of a dossier go onto the log together with its receipt,
    in one transaction; refused rows go to quarantine with their reason. The same file again: all unchanged.
    Of a folder all files are taken but hidden ones, links, those of unfinished copies (.part, .tmp ...) and open
    workbooks (~$...), and the expected.json of mobility synth; a note names these. A link that is named is followed.

    \b
    Exit codes: 0 every row was taken (or unchanged), 1 rows or files were refused, 2 wrong usage,
    3 Kafka or PostgreSQL can't be reached.
    """
    settings = Settings()
    at = running_services(settings)
    with progress(quiet=as_json) as report:
        receipts = ingest_files(settings, at, paths, unit=unit, dossier=dossier, replaces=replaces, report=report)
        if wait:
            from mobility.waiting import wait_until_passed

            report("Waiting until counts hold it")
            wait_until_passed(at)
    left = [str(path) for path in passed_over(paths)]
    if as_json:
        print_json({"receipts": [shown(receipt) for receipt in receipts], "passed_over": left})
    else:
        _print(receipts)
        if left:
            more = f" and {len(left) - SHOWN:,} more" if len(left) > SHOWN else ""
            names = ", ".join(left[:SHOWN])
            say(f"Passed over (hidden, links, unfinished, or the answer of mobility synth): {names}{more}")
    if any(receipt.refused_total for receipt in receipts):
        raise click.exceptions.Exit(FOUND_WRONG)


def _print(receipts: list[Receipt]) -> None:
    print_table(
        ["file", "dossier", "accepted", "unchanged", "refused"],
        [(one.file, one.dossier, one.accepted, one.unchanged, one.refused_total) for one in receipts],
    )
    for receipt in receipts:
        if receipt.ignored_columns:
            say(f"{receipt.file}: columns not read: {', '.join(receipt.ignored_columns)}")
        for note in receipt.notes:
            say(f"{receipt.file}: {note}")
    refused = [one for receipt in receipts for one in receipt.refused]
    files, rows = [one for one in refused if not one.line], [one for one in refused if one.line]
    for one in files:
        say(one.message)  # a file refused as a whole is not in quarantine: nothing else would name it
    for one in rows[:SHOWN]:
        say(one.message)
    more = sum(receipt.refused_total for receipt in receipts) - len(files) - len(rows[:SHOWN])
    if more:
        say(f"... and {more:,} more: mobility quarantine lists all of them.")
