"""``mobility explain``: why is the count what it is?"""

from datetime import datetime
from typing import Any

import click

from mobility.endpoints import running_services
from mobility.errors import MobilityError
from mobility.output import json_option, print_json, print_table, progress
from mobility.settings import Settings


@click.command()
@click.argument("code", required=False, metavar="[TAX_CODE]")
@click.option("--person", metavar="ID", help="One person's trail, by the id of the vault.")
@click.option("--valid-at", type=click.DateTime(["%Y-%m-%d"]), help="On that day instead of the clock's.")
@json_option
def command(code: str | None, person: str | None, valid_at: datetime | None, as_json: bool) -> None:
    """The facts behind every unit of an enterprise's count (or a union's), to the dossier's line.

    Persons stand under the ids of the vault: names and numbers are not on the log.
    """
    if (code is None) == (person is None):
        raise click.UsageError("Say a tax code, or --person ID.")
    from mobility import clock, explain

    at = running_services(Settings())
    with progress(quiet=as_json) as report:
        report("Reading the log")
        if person is not None:
            found = explain.explain_person(at.kafka, person)
            if not found["facts"]:
                raise MobilityError(f"No fact on the log is about person {person}.")
        else:
            today = valid_at.date() if valid_at else clock.last_day(at.kafka)
            if today is None:
                raise MobilityError("The clock has not started: say --valid-at, or mobility clock --to DAY.")
            found = explain.explain_unit(at.kafka, explain.unit_of(at.postgres, code or ""), today.isoformat())
    if as_json:
        print_json(found)
    elif person is not None:
        _print_person(found)
    else:
        _print_unit(found)


def _print_unit(found: dict[str, Any]) -> None:
    counts = found["counts"]
    click.echo(
        f"{found['unit']} on {found['day']}: {counts['workers']:,} workers, {counts['present']:,} present, "
        f"{counts['members']:,} members"
    )
    rows = [
        (one["person"], fact["change"], fact["day"], fact["code"], fact["unit"], fact["dossier"], fact["line"])
        for one in found["persons"]
        for fact in one["facts"]
    ]
    print_table(["person", "fact", "day", "code", "unit", "dossier", "line"], rows)
    if found["findings"]:
        columns = ["finding", "person", "day", "dossier", "line"]
        work = [(f["finding"], f["person"], f["day"], f["dossier"], f["line"]) for f in found["findings"]]
        print_table(columns, work, title="\nFindings")
    if found["registry"]:
        stated = [(f["change"], f["day"], f.get("name", ""), f["dossier"][:16], f["line"]) for f in found["registry"]]
        print_table(["registers say", "from", "name", "file", "line"], stated, title="\nRegisters")


def _print_person(found: dict[str, Any]) -> None:
    rows = [(f["change"], f["day"], f["code"], f["unit"], f["dossier"], f["line"]) for f in found["facts"]]
    print_table(["fact", "day", "code", "unit", "dossier", "line"], rows)
    trail = [(t["day"], t["unit"], t["workers"], t["present"], t["members"]) for t in found["trail"]]
    print_table(["day", "unit", "workers", "present", "members"], trail, title="\nTrail")
    if found["findings"]:
        work = [(f["finding"], f["day"], f["dossier"], f["line"]) for f in found["findings"]]
        print_table(["finding", "day", "dossier", "line"], work, title="\nFindings")
