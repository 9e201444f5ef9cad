"""``mobility status --month``: a month-end as it was published, and what has become known since."""

from calendar import monthrange
from datetime import date, datetime
from typing import Any

import click
from psycopg import Connection

from consumers.store import published
from mobility.errors import MobilityError, UsageError
from mobility.output import print_table

Row = dict[str, Any]


def last_day(month: str) -> date:
    """``"2026-03"`` -> 31 March 2026. Raises UsageError."""
    try:
        first = datetime.strptime(month, "%Y-%m")
    except ValueError as error:
        raise UsageError(f"{month!r} is no month; say for example --month 2026-03.") from error
    return date(first.year, first.month, monthrange(first.year, first.month)[1])


def figures(connection: Connection[Any], month: str) -> Row:
    """See ``consumers.store.published.month``. Raises UsageError, MobilityError for one that is not published."""
    month_end = last_day(month)
    found = published.month(connection, month_end)
    if found is None:
        there = ", ".join(f"{one:%Y-%m}" for one in published.month_ends(connection)[:12])
        raise MobilityError(
            f"{month} has not been published: a month-end is frozen when the clock passes it by 30 days, and none "
            f"before the clock's first day. Published: {there or 'none yet'}. For any day as known now: "
            f"mobility status --valid-at {month_end.isoformat()}"
        )
    return found


def show(found: Row) -> None:
    """City figures side by side, then the units that are other ones now."""
    before = found["previous"]
    columns = [f"{found['month']}", "published", "known now", "difference"]
    if before:
        columns += [f"against {before['month']}", f"{before['month']} revised by"]
    print_table(
        columns,
        [
            [
                name.replace("_", " "),
                found["published"][name],
                found["now"][name],
                _signed(found["difference"][name]),
                *([_signed(before["difference"][name]), _signed(before["revised"][name])] if before else []),
            ]
            for name in published.CITY
        ],
    )
    click.echo(f"\nFigures for {found['month_end']}, published on {found['published_on']}.")
    if found["units"]:
        click.echo(f"{len(found['units']):,} units have other figures now:\n")
        print_table(
            ["code", "name", "published", "known now", "members published", "members now"],
            [
                [
                    row.get("tax_code") or row.get("union_code"),
                    row["name"],
                    row["published"]["workers"],
                    row["now"]["workers"],
                    row["published"]["members"],
                    row["now"]["members"],
                ]
                for row in found["units"]
            ],
        )


def _signed(value: int) -> str:
    return f"{value:+,}" if value else "0"
