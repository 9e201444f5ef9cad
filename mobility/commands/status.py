"""``mobility status``: live counts, on any day, by area, and month-ends as published."""

from datetime import date, datetime
from typing import Any

import click
import psycopg

from consumers.store import checking, queries, share_read
from consumers.store.area_files import BOUNDARIES
from mobility import by_area, by_month
from mobility.endpoints import running_services
from mobility.errors import MobilityError, UsageError
from mobility.instants import DAY, INSTANT, local
from mobility.named import CODE
from mobility.output import json_option, print_json, print_table
from mobility.settings import Settings


@click.command()
@click.argument("tax_codes", nargs=-1, type=CODE, metavar="[TAX_CODE]...")
@click.option("--unions", is_flag=True, help="Unions instead of enterprises.")
@click.option("--by", "by", type=click.Choice(["area"]), help="Figures of areas instead of enterprises.")
@click.option("--boundaries", type=click.Choice(BOUNDARIES), help="With --by area: which boundary set (default: 2025).")
@click.option("--valid-at", type=DAY, help="Counts on that day.")
@click.option("--known-at", type=INSTANT, help="As known then (RFC 3339, with an offset).")
@click.option("--month", metavar="YYYY-MM", help="A month-end as published, what is known now, and the difference.")
@json_option
def command(
    tax_codes: tuple[str, ...],
    unions: bool,
    by: str | None,
    boundaries: str | None,
    valid_at: date | None,
    known_at: datetime | None,
    month: str | None,
    as_json: bool,
) -> None:
    """Workers, present and members of enterprises, on the clock's day or any other day.

    Names, codes and areas are those of the day, too. A month-end is published when the clock passes it by 30 days; what
    is learned later never changes what was published. The last line tells what the check in the background found last.
    "baseline" tells whether an opening roster was sent: none (the counts hold only the movements received), partial (a
    roster that says it is incomplete: who is not on it may work there) or complete. The latest roster speaks.
    While the store is being rebuilt it says so ("behind": true) and ends with 1.

    \b
    mobility status                         all enterprises, the largest first
    mobility status 0200000007              one; the code of a branch, 0200000007-001, is its enterprise's
    mobility status --valid-at 2026-09-30   on that day, as known now
    mobility status --valid-at 2026-09-30 --known-at 2026-10-05T00:00:00+07:00   as known then
    mobility status --by area --boundaries before-2025 --valid-at 2025-06-30
    mobility status --month 2026-03         as published, known now, difference
    """
    if month and (tax_codes or unions or by or boundaries or valid_at or known_at):
        raise UsageError("--month stands alone: it shows a whole month-end.")
    if boundaries and not by:
        raise UsageError("--boundaries goes with --by area.")
    if by and (tax_codes or unions):
        raise UsageError("--by area shows all enterprises of an area: leave out tax codes and --unions.")
    with psycopg.connect(running_services(Settings()).postgres) as connection:
        share = share_read(connection)
        if share < 1 and (month or by):
            raise MobilityError(_behind(share))
        if month:
            found = by_month.figures(connection, month)
        elif by:
            found = by_area.figures(connection, boundaries or "2025", valid_at, known_at)
        else:
            found = queries.status(connection, list(tax_codes), unions=unions, valid_at=valid_at, known_at=known_at)
            found["check"] = checking.last_check(connection)
            found["behind"] = share < 1
    if as_json:
        print_json(found)
    elif month:
        by_month.show(found)
    elif by:
        by_area.show(found)
    else:
        _print(found, unions=unions)
    if share < 1:
        raise MobilityError(_behind(share))
    rows = found.get("unions" if unions else "enterprises", [])
    missing = sorted(set(tax_codes) - {row["union_code" if unions else "tax_code"] for row in rows})
    if missing:
        raise MobilityError(f"Not known: {', '.join(missing)}.")


def _behind(share: float) -> str:
    return (
        f"These figures are behind: the store is being read again from the log, {int(share * 100)} % of it so far "
        "(mobility rebuild, or a start on a long log). Ask again once it is done."
    )


def _ended(row: dict[str, Any], what: str) -> str:
    return f"dissolved {row['dissolved_on']}, {row['unclosed']:,} {what} left open" if "dissolved_on" in row else ""


def _table(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """The last column is there only where a row has something in it."""
    bare = not any(row[-1] for row in rows)
    print_table(columns[:-1] if bare else columns, [row[:-1] if bare else row for row in rows])


def _print(found: dict[str, Any], *, unions: bool) -> None:
    if unions:
        _table(
            ["union", "name", "members", "note"],
            [(r["union_code"], r["name"], r["members"], _ended(r, "memberships")) for r in found["unions"]],
        )
    else:
        _table(
            ["tax code", "name", "workers", "present", "members", "unions", "baseline", "note"],
            [
                (
                    row["tax_code"],
                    row["name"],
                    row["workers"],
                    row["present"],
                    row["members"],
                    ", ".join(row["unions"]),
                    row["baseline"],
                    _ended(row, "spells"),
                )
                for row in found["enterprises"]
            ],
        )
    totals = found["totals"]
    no_day = "no day yet" if found["behind"] else "no day yet: mobility clock --to YYYY-MM-DD"
    click.echo(
        f"\n{totals['enterprises']:,} enterprises, {totals['workers']:,} workers ({totals['persons']:,} persons), "
        f"{totals['members']:,} members, on {found['day'] or no_day}"
    )
    if check := found["check"]:
        ended = f"last full round {local(check['ended_at'])}" if check["ended_at"] else "no full round yet"
        more = ": mobility verify --rolling-status" if check["differences"] else ""
        click.echo(f"Check in the background: {ended}, {check['differences']:,} differences{more}")
