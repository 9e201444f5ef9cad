"""``mobility template``: empty files with the right columns."""

from pathlib import Path

import click

from mobility.errors import UsageError
from mobility.output import json_option, print_json, say
from producers.templates.columns import TEMPLATES, columns_of


@click.command()
@click.argument("name", type=click.Choice(list(TEMPLATES)))
@click.option(
    "--format", "form", type=click.Choice(["xlsx", "csv"]), default=None, help="By default the file's ending."
)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Default: NAME.xlsx in this folder.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
def command(name: str, form: str | None, out: Path | None, force: bool, as_json: bool) -> None:
    """Write an empty register, roster or dossier to fill in: headers in Vietnamese, allowed values as lists.

    \b
    mobility template union-register                    union-register.xlsx
    mobility template member-register --out members.csv
    mobility template d02 --format xlsx --out /srv/templates/d02.xlsx

    The example row may stay: it is passed over as long as it is untouched.
    """
    from producers.templates.writing import write_csv, write_xlsx  # openpyxl takes its time

    form = form or ("csv" if out is not None and out.suffix.lower() == ".csv" else "xlsx")
    path = out or Path(f"{name}.{form}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file: --out {path / f'{name}.{form}'}")
    if path.exists() and not force:
        raise UsageError(f"{path} is there already. Choose another --out, or --force to write over it.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}. Make it first.")
    kind = TEMPLATES[name]
    (write_csv if form == "csv" else write_xlsx)(kind, path)
    if as_json:
        columns = [
            {"name": one.name, "header": one.header, "required": one.needed, "values": list(one.choices)}
            for one in columns_of(kind)
        ]
        print_json({"file": str(path), "template": name, "format": form, "columns": columns})
    else:
        say(f"{path} is written. Fill it in below the example row, then: mobility ingest {path}")
