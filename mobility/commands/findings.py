"""``mobility findings``: facts that wait for a clerk."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import click
import psycopg

from consumers.store import explain
from consumers.store.finding_words import words_of
from consumers.store.findings import CODES, finding_counts, findings
from mobility.endpoints import running_services
from mobility.errors import MobilityError
from mobility.instants import DAY, INSTANT
from mobility.named import AT_MOST, CODE, PERSON, SKIPPED
from mobility.output import json_option, print_json, print_table
from mobility.settings import Settings


@click.command()
@click.option("--dossier", metavar="NO", help="Of the lines of this dossier.")
@click.option("--enterprise", "code", type=CODE, metavar="TAX_CODE", help="At this enterprise (or union, by its code).")
@click.option("--person", type=PERSON, metavar="ID", help="About one person, by the id of the vault.")
@click.option("--what", type=click.Choice(CODES), metavar="CODE", help=f"Of one kind: {', '.join(CODES)}.")
@click.option("--closed", is_flag=True, help="Those too that no longer hold.")
@click.option("--known-at", type=INSTANT, help="As they stood then (RFC 3339, with an offset).")
@click.option("--valid-at", type=DAY, help="Of facts effective on or before that day.")
@click.option("--limit", type=AT_MOST, default=100, show_default=True, help="At most so many.")
@click.option("--skip", type=SKIPPED, default=0, help="Leave out so many of the newest: the next page.")
@json_option
def command(
    dossier: str | None,
    code: str | None,
    person: UUID | None,
    what: str | None,
    closed: bool,
    known_at: datetime | None,
    valid_at: date | None,
    limit: int,
    skip: int,
    as_json: bool,
) -> None:
    """Facts that have no effect, or another one than they claim: a leave of somebody never reported, a start on an
    open spell. Nothing is refused for it; a clerk asks the employer and sends a correction, and the finding goes.

    \b
    mobility findings                                   the newest first, with what to do
    mobility findings --dossier 600/10-2026             of one dossier, line by line
    mobility findings --enterprise 0200000007
    mobility findings --what leave-without-start --json
    mobility findings --known-at 2026-10-05T00:00:00+07:00   as they stood then, also those that are settled since
    """
    with psycopg.connect(running_services(Settings()).postgres) as connection:
        unit = explain.unit_of(connection, code) if code else None
        if code and unit is None:
            raise MobilityError(f"Not known: {code}. Say the tax code of an enterprise or the code of a union.")
        rows, total = findings(
            connection,
            dossier=dossier,
            unit=unit,
            person=person,
            what=what,
            closed=closed,
            valid_at=valid_at,
            known_at=known_at,
            limit=limit,
            skip=skip,
        )
        counts = finding_counts(connection, known_at)
    if as_json:
        told = [{**row, "to_do": dict(zip(("vi", "en"), words_of(row["what"]).to_do, strict=True))} for row in rows]
        print_json({"findings": told, "total": total, "open": counts})
        return
    _print(rows, total)


def _print(rows: list[dict[str, Any]], total: int) -> None:
    columns = ["finding", "unit", "day", "dossier", "line", "person"]
    print_table(
        columns,
        [
            (
                row["what"],
                row["tax_code"] or row["union_code"],
                row["day"],
                row["dossier"],
                row["line"],
                row["person"],
            )
            for row in rows
        ],
    )
    if total > len(rows):
        click.echo(f"\n{len(rows):,} of {total:,}. More: --limit and --skip.")
    for what in dict.fromkeys(row["what"] for row in rows):
        words = words_of(what)
        click.echo(f"\n{what}: {words.title[0]}. {words.to_do[0]}\n  {words.title[1]}. {words.to_do[1]}")
