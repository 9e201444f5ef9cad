"""``mobility synth``: a synthetic city as files, or straight on the log."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from mobility.output import Report, json_option, print_json, progress, say


@click.command()
@click.option("--size", default="demo", show_default=True, help="tiny, small, demo, city or province.")
@click.option("--seed", default=1, show_default=True, help="The same seed writes the same bytes.")
@click.option("--start", "start_month", default="2026-07", show_default=True, metavar="YYYY-MM", help="First month.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
@click.option("--to-kafka", is_flag=True, help="Publish events at once, for load tests; --out gets the answer only.")
@json_option
def command(size: str, seed: int, start_month: str, out: Path, to_kafka: bool, as_json: bool) -> None:
    """Write registers, opening rosters and monthly dossiers of a city that does not exist, and the expected answer.

    \b
    tiny        40 enterprises,       640 workers,  2 months: for tests
    small      300 enterprises,     8,000 workers,  3 months
    demo     2,000 enterprises,    60,000 workers,  3 months
    city    48,000 enterprises,   900,000 workers, 12 months: Hải Phòng; a minute of processor time, 220 MB of memory
    province 130,000 enterprises, 2,400,000 workers, 12 months: 530 MB of memory, 2 GB of files

    \b
    mobility synth --size demo --out city              files and city/expected.json
    mobility ingest city --wait                        take all of it in
    mobility synth --size city --out answer --to-kafka the events that the intake would publish, without the intake

    With --to-kafka the facts enter neither vault nor index: use it on a log of its own, never beside real files.

    \b
    Exit codes: 0 done, 2 wrong usage (an unknown size, a folder that is not empty), 3 Kafka can't be reached.
    """
    from mobility.errors import UsageError
    from producers.synth import EXPECTED, files, generate

    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is no folder. Name a new one, or an empty one.")
    with progress(quiet=as_json) as report:
        try:
            if to_kafka:
                told = _pour(size, seed, start_month, out, report)
            else:
                generate(out, size=size, seed=seed, start_month=start_month, progress=report)
        except (ValueError, FileExistsError) as error:
            raise UsageError(f"{error}") from None
    answer = str(out / EXPECTED)
    if to_kafka:
        if as_json:
            print_json({"events": told, "expected": answer})
        else:
            say(f"{told:,} events on the log; the expected answer is in {answer}")
        return
    written = files(out)
    if as_json:
        print_json({"folder": str(out), "files": len(written), "expected": answer})
    else:
        say(f"{len(written):,} files in {out}; the expected answer is in {answer}")


def _pour(size: str, seed: int, start_month: str, out: Path, report: Report) -> int:
    """The city on the log, its answer in ``out``; its files are there only meanwhile. How many events."""
    from mobility.endpoints import running_services
    from mobility.kafka import broker_of
    from mobility.settings import Settings
    from producers.publish.log import Log
    from producers.synth import EXPECTED, generate
    from producers.synth.pouring import pour

    settings = Settings()
    kafka = broker_of(settings) or running_services(settings).kafka
    out.mkdir(parents=True, exist_ok=True)
    if (out / EXPECTED).exists():
        raise FileExistsError(f'"{out / EXPECTED}" is there already: name another folder, or remove it')
    with tempfile.TemporaryDirectory(prefix="mobility-city-", dir=out) as folder, Log(kafka) as log:
        city = Path(folder) / "city"
        expected = generate(city, size=size, seed=seed, start_month=start_month, progress=report)
        told = pour(city, expected, log, now=datetime.now(UTC), progress=report)
        expected.write(out / EXPECTED)
    return told
