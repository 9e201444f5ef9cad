"""``mobility areas``: the boundary sets that figures by area use."""

from datetime import date
from pathlib import Path

import click
import psycopg

from consumers.store import areas
from mobility.areas import load as load_areas
from mobility.endpoints import running_services
from mobility.errors import MobilityError
from mobility.instants import DAY
from mobility.output import json_option, print_json, print_table, say
from mobility.settings import Settings


@click.group()
def command() -> None:
    """Wards and communes before and since 2025-07-01, industrial parks, union groupings; all of them dated data.

    Hải Phòng is there from the start. The formats of files are in docs/areas.md.

    \b
    mobility areas list --at 2025-06-30            what was valid that day
    mobility areas load vietnam.csv links.csv --province 22
    mobility status --by area --boundaries before-2025
    """


@command.command("list")
@click.option("--at", "at", type=DAY, help="Those valid on that day.")
@click.option("--boundaries", type=click.Choice(areas.BOUNDARIES), help="Of one boundary set.")
@json_option
def list_(at: date | None, boundaries: str | None, as_json: bool) -> None:
    """Areas by boundary set and code. A code means nothing without its boundary set.

    \b
    mobility areas list --boundaries 2025
    mobility areas list --at 2025-06-30 --json
    """
    with psycopg.connect(running_services(Settings()).postgres) as connection:
        found = areas.listed(connection, at, boundaries)
    if as_json:
        print_json({"areas": found})
        return
    columns = ("boundaries", "level", "code", "name", "province", "valid_from", "valid_to")
    print_table([column.replace("_", " ") for column in columns], [[row[name] for name in columns] for row in found])


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--province", "provinces", multiple=True, metavar="CODE", help="Of this province alone; may be repeated.")
@json_option
def load(files: tuple[Path, ...], provinces: tuple[str, ...], as_json: bool) -> None:
    """Load areas, crosswalks or union groupings (CSV). What a file states replaces what was there; the rest stays.

    A province that came about by a merger has other codes before: name them all. With one file that can't be read
    nothing is loaded.

    \b
    mobility areas load wards.csv crosswalk.csv
    mobility areas load vietnam.csv crosswalk.csv --province 31 --province 30
    mobility areas load union-groups.csv

    From then on an enterprise register may state their codes, and a key for the HTTP intake may be bound to them.
    """
    try:
        read = [(path, areas.read_path(path, provinces)) for path in files]
    except (areas.AreaFileError, OSError) as error:
        raise MobilityError(str(error)) from error
    loaded = []
    with psycopg.connect(running_services(Settings()).postgres) as connection:
        for path, found in read:
            loaded.append({"file": path.name, **load_areas(connection, found)})
    if as_json:
        print_json({"loaded": loaded})
        return
    for one in loaded:
        say(f"{one['file']}: {one['areas']:,} areas, {one['links']:,} links, {one['members']:,} wards of groupings")
