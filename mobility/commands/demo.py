"""``mobility demo``: a synthetic city, from files to alerts on a live page."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import click
import psycopg

from consumers.store import queries
from mobility import addresses, clock
from mobility.endpoints import Endpoints
from mobility.errors import FOUND_WRONG, UsageError
from mobility.intake import ingest_files
from mobility.output import Report, json_option, print_json, progress, say
from mobility.prepare import password_file
from mobility.roles.stopping import interrupt_on_signals, stop_on_signals
from mobility.settings import Settings

START_MONTH = "2026-07"
SHOWN = 20
"""Differences that are printed."""


@click.command()
@click.option("--exit", "leave", is_flag=True, help="Stop after the summary, instead of keeping the page up.")
@click.option("--size", default="demo", show_default=True, help="tiny, small, demo, city or province.")
@click.option("--seed", default=1, show_default=True, help="Another seed, another city.")
@json_option
def command(leave: bool, size: str, seed: int, as_json: bool) -> None:
    """Make a city as real files (workbooks, XML, CSV), take them in, and show counts and alerts on the live page.

    2,000 enterprises, 60,000 workers, three months, with transfers, duplicates, late and faulty rows. All
    data stays in MOBILITY_HOME (default .mobility); the clock is moved by hand. Ctrl-C stops everything.
    """
    settings = Settings(clock="manual")
    interrupt_on_signals()
    with progress(quiet=as_json) as report:
        city = _city(settings, size, seed, report)
        at = _start(settings, report)
        summary = _play(settings, at, city, report)
    summary["page"] = addresses.page(settings).url
    if as_json:
        print_json(summary)
    else:
        _print(settings, summary, leave=leave)
    if not leave:
        _keep_running(as_json=as_json)
    _stop(settings)
    if not summary["as_expected"]:
        raise click.exceptions.Exit(FOUND_WRONG)


def _city(settings: Settings, size: str, seed: int, report: Report) -> Path:
    from producers.synth import EXPECTED, generate

    folder = settings.folder / "demo"
    marker = folder / "city"
    wanted = f"{size} {seed} {START_MONTH}"
    if (settings.folder / "vault.key").exists() and not marker.exists():
        raise UsageError(
            f"{settings.folder} holds other data, and a demo would mix a made-up city into it. "
            "Name another folder: MOBILITY_HOME=.demo mobility demo"
        )
    if marker.exists() and marker.read_text() != wanted:
        raise UsageError(
            f"{settings.folder} holds the demo city '{marker.read_text()}'. For another one name another folder: "
            "MOBILITY_HOME=.demo mobility demo"
        )
    if not (folder / "files" / EXPECTED).exists():
        shutil.rmtree(folder / "files", ignore_errors=True)
        generate(folder / "files", size=size, seed=seed, start_month=START_MONTH, progress=report)
    marker.write_text(wanted)
    return folder / "files"


def _start(settings: Settings, report: Report) -> Endpoints:
    from mobility.starting import start_everything

    return start_everything(settings, report)


def _play(settings: Settings, at: Endpoints, city: Path, report: Report) -> dict[str, Any]:
    from producers.synth import EXPECTED, files

    paths = files(city)
    receipts = ingest_files(settings, at, paths, report=report)
    expected = json.loads((city / EXPECTED).read_text("utf-8"))
    report(f"Clock to {expected['day']}")
    clock.advance_to(at, date.fromisoformat(expected["day"]))
    with psycopg.connect(at.postgres) as connection:
        outcome = compared(connection, expected)
    return {
        "files": len(paths),
        "dossiers": len(receipts),
        "accepted": sum(receipt.accepted for receipt in receipts),
        "unchanged": sum(receipt.unchanged for receipt in receipts),
        "refused": sum(receipt.refused_total for receipt in receipts),
        **outcome,
    }


def compared(connection: psycopg.Connection[Any], expected: dict[str, Any]) -> dict[str, Any]:
    """The counts of the day that the generator speaks of, beside what it expects: the clock may be further by now."""
    day = expected["day"]
    totals = queries.status(connection, [], valid_at=date.fromisoformat(day))["totals"]
    alerts = {alert["tax_code"] for alert in queries.alerts(connection)["alerts"] if stands_on(alert, day)}
    differences = differing(totals, alerts, expected)
    return {
        "day": day,
        "totals": totals,
        "open_alerts": len(alerts),
        "as_expected": not differences,
        "expected": {
            **{name: value for name, value in expected["totals"].items() if name in totals},
            "open_alerts": len(expected["open_alerts"]),
        },
        "differences": differences,
    }


def stands_on(alert: dict[str, Any], day: str) -> bool:
    """Whether an alert was open that day: the clock may have moved on since, and alerts with it."""
    states = [step["state"] for step in alert["history"] if step["on"] <= day and step["state"] != "confirmed"]
    return bool(states) and states[-1] != "resolved"


def differing(totals: dict[str, int], alerts: set[str], expected: dict[str, Any]) -> list[str]:
    """What is not as the generator of the city expects, a sentence each."""
    told = [
        f"{name}: {totals[name]:,}, expected {value:,}"
        for name, value in expected["totals"].items()
        if name in totals and totals[name] != value
    ]
    wanted = set(expected["open_alerts"])
    told += [f"{code} has an open alert, expected none" for code in sorted(alerts - wanted)]
    return told + [f"{code} has no open alert, expected one" for code in sorted(wanted - alerts)]


def _print(settings: Settings, summary: dict[str, Any], *, leave: bool) -> None:
    totals = summary["totals"]
    click.echo(
        f"\n{summary['files']:,} files with {summary['dossiers']:,} dossiers: {summary['accepted']:,} rows accepted, "
        f"{summary['unchanged']:,} unchanged, {summary['refused']:,} refused (mobility quarantine).\n"
        f"On {summary['day']}: {totals['enterprises']:,} enterprises, {totals['workers']:,} workers "
        f"({totals['persons']:,} persons), {totals['members']:,} members.\n"
        f"{summary['open_alerts']:,} enterprises with 20 or more workers have no union."
    )
    if summary["as_expected"]:
        click.echo("All of it is as the generator of the city expects.")
    else:
        click.echo("This is NOT what the generator of the city expects:")
        for one in summary["differences"][:SHOWN]:
            click.echo(f"  {one}")
        if len(summary["differences"]) > SHOWN:
            click.echo(f"  ... and {len(summary['differences']) - SHOWN:,} more: --json has all.")
    if leave:
        click.echo(f"\nStopped; all of it stays in {settings.folder}. mobility up --detach shows it on the page again.")
        return
    click.echo(f"\nPage:    {summary['page']}\nSign in: operator, password in {password_file(settings)}")


def _keep_running(*, as_json: bool) -> None:
    if not as_json:
        say("Ctrl-C stops everything; mobility status, alerts, explain and verify work meanwhile.")
    stop_on_signals().wait()


def _stop(settings: Settings) -> None:
    from mobility.commands.down import stop_everything

    stop_everything(settings)
