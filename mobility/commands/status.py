"""``mobility status``: live counts."""

from datetime import datetime
from typing import Any

import click
import psycopg

from consumers.store import queries
from mobility.endpoints import running_services
from mobility.errors import MobilityError
from mobility.output import json_option, print_json, print_table
from mobility.settings import Settings


@click.command()
@click.argument("tax_codes", nargs=-1, metavar="[TAX_CODE]...")
@click.option("--unions", is_flag=True, help="Unions instead of enterprises.")
@click.option("--valid-at", type=click.DateTime(["%Y-%m-%d"]), help="Counts on that day.")
@click.option("--known-at", type=str, default=None, metavar="INSTANT", help="As known then (RFC 3339).")
@json_option
def command(
    tax_codes: tuple[str, ...], unions: bool, valid_at: datetime | None, known_at: str | None, as_json: bool
) -> None:
    """Workers, present and members of enterprises, on the clock's day or any other day.

    \b
    mobility status                         all enterprises, the largest first
    mobility status 0200000007              one
    mobility status --valid-at 2026-09-30   on that day, as known now
    mobility status --valid-at 2026-09-30 --known-at 2026-10-05T00:00:00Z   as known then
    """
    at = running_services(Settings())
    with psycopg.connect(at.postgres) as connection:
        found: dict[str, Any] = queries.status(
            connection,
            list(tax_codes),
            unions=unions,
            valid_at=valid_at.date() if valid_at else None,
            known_at=_instant(known_at),
        )
    if as_json:
        print_json(found)
    else:
        _print(found, unions=unions)
    rows = found["unions" if unions else "enterprises"]
    missing = sorted(set(tax_codes) - {row["union_code" if unions else "tax_code"] for row in rows})
    if missing:
        raise MobilityError(f"Not known: {', '.join(missing)}.")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no instant; say for example 2026-10-05T00:00:00Z") from error


def _print(found: dict[str, Any], *, unions: bool) -> None:
    if unions:
        print_table(["union", "name", "members"], [(r["union_code"], r["name"], r["members"]) for r in found["unions"]])
    else:
        print_table(
            ["tax code", "name", "workers", "present", "members", "unions", "baseline"],
            [
                (
                    row["tax_code"],
                    row["name"],
                    row["workers"],
                    row["present"],
                    row["members"],
                    ", ".join(row["unions"]),
                    row["baseline"],
                )
                for row in found["enterprises"]
            ],
        )
    totals = found["totals"]
    click.echo(
        f"\n{totals['enterprises']:,} enterprises, {totals['workers']:,} workers ({totals['persons']:,} persons), "
        f"{totals['members']:,} members, on {found['day'] or 'no day yet: mobility clock --to YYYY-MM-DD'}"
    )
