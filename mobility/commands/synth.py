"""``mobility synth``: a synthetic city as files."""

from pathlib import Path

import click

from mobility.output import json_option, print_json, progress, say


@click.command()
@click.option("--size", default="demo", show_default=True, help="tiny, demo, city or province.")
@click.option("--seed", default=1, show_default=True, help="The same seed writes the same bytes.")
@click.option("--start", "start_month", default="2026-07", show_default=True, metavar="YYYY-MM", help="First month.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
@json_option
def command(size: str, seed: int, start_month: str, out: Path, as_json: bool) -> None:
    """Write registers, opening rosters and monthly dossiers of a city that does not exist, and the expected answer.

    \b
    mobility synth --size demo --out city      2,000 enterprises, 60,000 workers, 3 months
    mobility ingest city --wait                take all of it in
    """
    from producers.synth import files, generate

    with progress(quiet=as_json) as report:
        generate(out, size=size, seed=seed, start_month=start_month, progress=report)
    written = files(out)
    if as_json:
        print_json({"folder": str(out), "files": len(written), "expected": str(out / "expected.json")})
    else:
        say(f"{len(written):,} files in {out}; the expected answer is in {out / 'expected.json'}")
