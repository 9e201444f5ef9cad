"""``mobility alerts``: who needs a visit."""

from typing import Any

import click
import psycopg

from consumers.store import queries
from mobility.endpoints import running_services
from mobility.output import json_option, print_json, print_table
from mobility.settings import Settings


@click.command()
@click.option("--open", "only_open", is_flag=True, help="Leave out what is resolved.")
@json_option
def command(only_open: bool, as_json: bool) -> None:
    """Alerts of the rule no-union: an enterprise with 20 or more workers and no union. The largest first.

    Two month-ends at 20 or more confirm one. It resolves when a union covers the enterprise, when it is
    dissolved, after two month-ends at 17 or fewer, or when a correction brings it under 20. An enterprise that
    merged or split hands its alert on: a successor's is as old, and as confirmed, as the oldest it inherited.

    Workers are today's while an alert is unresolved, and those of the last transition once it is resolved. A dissolved
    enterprise counts 0; "unclosed" are the spells left open there, as in mobility status.

    \b
    mobility alerts                  resolved ones too
    mobility alerts --open           who needs a visit
    mobility alerts --open --json    with "history", and "inherited": what came from predecessors, with theirs
    """
    at = running_services(Settings())
    with psycopg.connect(at.postgres) as connection:
        found: dict[str, Any] = queries.alerts(connection)
    if only_open:
        found["alerts"] = [alert for alert in found["alerts"] if alert["state"] != "resolved"]
    if as_json:
        print_json(found)
        return
    print_table(
        [
            "tax code",
            "name",
            "workers",
            "state",
            "opened",
            "confirmed",
            "resolved",
            "reason",
            "inherited from",
            "successors",
            "unclosed",
        ],
        [
            (
                alert["tax_code"],
                alert.get("name", ""),
                alert["workers"],
                alert["state"],
                alert["opened_on"],
                alert["confirmed_on"],
                alert["resolved_on"],
                alert["reason"],
                ", ".join(one["unit"][1:] for one in alert["inherited"]),
                ", ".join(one[1:] for one in alert["successors"]),
                alert.get("unclosed"),
            )
            for alert in found["alerts"]
        ],
    )
