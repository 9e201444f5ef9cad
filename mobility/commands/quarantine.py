"""``mobility quarantine``: refused rows as work for a clerk."""

import getpass
from datetime import UTC, date, datetime
from typing import Any

import click

from mobility.endpoints import running_services
from mobility.errors import FOUND_WRONG, MobilityError, UsageError
from mobility.instants import DAY, local
from mobility.intake import opened
from mobility.named import AT_MOST, ROW
from mobility.output import json_option, print_json, print_table, say
from mobility.quarantine import shown_resent, shown_row
from mobility.settings import Settings
from producers.intake import Intake
from producers.quarantine.advice import advice
from producers.quarantine.correcting import discard, edit
from producers.quarantine.reading import (
    Held,
    Wanted,
    done_with,
    held_groups,
    held_months,
    opened_rows,
    seen_rows,
)
from producers.quarantine.resending import resend

STATES = ("waiting", "fixed", "discarded", "all")


def _intake() -> Any:
    settings = Settings()
    return opened(settings, running_services(settings))


@click.group(invoke_without_command=True)
@click.option("--dossier", default="", metavar="NO", help="Only this dossier.")
@click.option("--by-reason", is_flag=True, help="How many rows by reason.")
@click.option("--limit", type=AT_MOST, default=1000, show_default=True, help="At most so many rows.")
@click.option("--rows", "with_rows", is_flag=True, help="Show what the rows said: personal data, the read is logged.")
@json_option
@click.pass_context
def command(ctx: click.Context, dossier: str, by_reason: bool, limit: int, with_rows: bool, as_json: bool) -> None:
    """Refused rows: see why, correct, send again, or give up. What a row said stays encrypted unless asked for.

    \b
    mobility quarantine groups                      how many by reason, and what to do
    mobility quarantine list --reason conflict      the rows, newest first
    mobility quarantine show 17 --why "phone call"  what row 17 said (the look is logged)
    mobility quarantine edit 17 --set PA=TM         correct a column
    mobility quarantine resend 17                   through the intake again: same dossier, same line
    mobility quarantine resend --reason unknown-unit-code   after a register came in
    mobility quarantine discard 18 --why "declared twice"
    mobility quarantine report                      month by month
    """
    if ctx.invoked_subcommand is not None:
        return
    with _intake() as intake:
        if by_reason:
            counts = {group.reason: group.rows for group in held_groups(intake.connection)}
            if as_json:
                print_json({"reasons": counts})
            else:
                print_table(["reason", "rows"], list(counts.items()))
            return
        wanted = Wanted(dossier=dossier, limit=limit)
        who, why = getpass.getuser(), "mobility quarantine --rows"
        rows: list[Any] = (
            list(opened_rows(intake.connection, intake.keys, wanted, who=who, why=why))
            if with_rows
            else list(seen_rows(intake.connection, wanted))
        )
    _print_rows(rows, as_json=as_json)


@command.command("list")
@click.option("--reason", default="", help="Only this reason.")
@click.option("--source", default="", help="Only this source: bhxh, roster, member-register, …")
@click.option("--dossier", default="", metavar="NO", help="Only this dossier.")
@click.option("--since", type=DAY, help="Refused on that day or later.")
@click.option("--state", type=click.Choice(STATES), default="waiting", show_default=True, help="What became of them.")
@click.option("--limit", type=AT_MOST, default=1000, show_default=True, help="At most so many rows.")
@json_option
def list_command(
    reason: str, source: str, dossier: str, since: date | None, state: str, limit: int, as_json: bool
) -> None:
    """Rows with place, reason and what to do, the newest first; nothing personal.

    \b
    mobility quarantine list --dossier HS-1 --state all    the fate of every refused row of a dossier
    """
    known: Any = "" if state == "all" else state
    wanted = Wanted(state=known, reason=reason, source=source, dossier=dossier, since=since, limit=limit)
    with _intake() as intake:
        rows = seen_rows(intake.connection, wanted)
    _print_rows(rows, as_json=as_json)


def _print_rows(rows: list[Any], *, as_json: bool) -> None:
    if as_json:
        print_json({"rows": [shown_row(row) for row in rows]})
        return
    print_table(
        ["id", "state", "file", "dossier", "line", "reason", "message"],
        [(str(row.id), row.state, row.file, row.dossier, row.line, row.reason, row.message) for row in rows],
    )
    opened_ones = [row for row in rows if isinstance(row, Held)]
    if opened_ones:
        print_table(["id", "said"], [(str(row.id), _said(row)) for row in opened_ones])


def _said(row: Held) -> str:
    return ", ".join(f"{name}={text}" for name, text in row.values.items())


@command.command("groups")
@json_option
def groups_command(as_json: bool) -> None:
    """Waiting rows by reason: how many, an example, and what to do."""
    with _intake() as intake:
        found = held_groups(intake.connection)
    if as_json:
        print_json(
            {
                "groups": [
                    {"reason": one.reason, "rows": one.rows, "oldest": one.oldest, "sources": one.sources,
                     "example": {"id": one.first, "message": one.message},
                     "to_do": {"vi": advice(one.reason)[0], "en": advice(one.reason)[1]}}
                    for one in found
                ]
            }
        )  # fmt: skip
        return
    for one in found:
        vi, en = advice(one.reason)
        click.echo(
            f"{one.reason}: {one.rows:,} ({', '.join(one.sources)})\n  {vi}\n  {en}\n  {one.first}: {one.message}"
        )
    if not found:
        click.echo("Không có dòng nào chờ. / Nothing waits.")


@command.command("show")
@click.argument("held", metavar="ID", type=ROW)
@click.option("--why", required=True, help="What you need it for; written into the read log with your name.")
@json_option
def show_command(held: int, why: str, as_json: bool) -> None:
    """What a row said: personal data. The look is logged."""
    if not why.strip():
        raise UsageError("--why must say what the row is needed for.")
    with _intake() as intake:
        found = opened_rows(
            intake.connection, intake.keys, Wanted(ids=[held], state=""), who=getpass.getuser(), why=why
        )
        done = done_with(intake.connection, held)
    if not found:
        raise MobilityError(f"There is no row {held} in quarantine: see mobility quarantine list.")
    row = found[0]
    history = [{"at": one.at, "who": one.who, "did": one.did, "said": one.said} for one in done]
    if as_json:
        print_json({"row": shown_row(row), "history": history})
        return
    click.echo(f"{row.message}\n{advice(row.reason)[0]}\n{advice(row.reason)[1]}")
    print_table(["column", "said"], list(row.values.items()))
    print_table(["at", "who", "did", "said"], [(local(one.at), one.who, one.did, one.said) for one in done])


@command.command("edit")
@click.argument("held", metavar="ID", type=ROW)
@click.option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    metavar="COLUMN=VALUE",
    help="Empty value: clear it. -: from stdin, a line each.",
)
@click.option("--send", is_flag=True, help="Send it again at once.")
@json_option
def edit_command(held: int, changes: tuple[str, ...], send: bool, as_json: bool) -> None:
    """Correct columns of a waiting row; columns are named as in the file, in English or Vietnamese.

    \b
    mobility quarantine edit 17 --set movement_code=TM --set "Từ tháng=10/2026" --send
    mobility quarantine edit 17 --set - < changes.txt   names and numbers stay out of the shell's history
    """
    lines = [line for one in changes for line in (_stdin() if one == "-" else [one])]
    if wrong := [one for one in lines if "=" not in one]:
        raise UsageError(f"--set needs COLUMN=VALUE; {len(wrong)} of them has no '='.")
    pairs = dict(one.split("=", 1) for one in lines)
    with _intake() as intake:
        changed = edit(intake.connection, intake.keys, held, pairs, who=getpass.getuser(), now=datetime.now(UTC))
        if not as_json:
            say(f"{held}: {', '.join(changed) or '='}")
        if send:
            _resend(intake, [held], "", as_json=as_json)
        elif as_json:
            print_json({"id": held, "changed": changed})


def _stdin() -> list[str]:
    return [line for line in click.get_text_stream("stdin").read().splitlines() if line.strip()]


@command.command("resend")
@click.argument("ids", nargs=-1, metavar="[ID]...", type=ROW)
@click.option("--reason", default="", help="All waiting rows of this reason.")
@json_option
def resend_command(ids: tuple[int, ...], reason: str, as_json: bool) -> None:
    """Send rows through the intake again: each becomes a fact of its dossier and line, once, with a receipt.

    Exit code 1: some still fail; they stay, with their new reason.
    """
    if not ids and not reason:
        raise UsageError("Say which rows: ids, or --reason. See mobility quarantine groups.")
    with _intake() as intake:
        _resend(intake, list(ids) or None, reason, as_json=as_json)


def _resend(intake: Intake, ids: list[int] | None, reason: str, *, as_json: bool) -> None:
    done = resend(intake, who=getpass.getuser(), now=datetime.now(UTC), ids=ids, reason=reason, say=say)
    if as_json:
        print_json(shown_resent(done))
    else:
        for one in done.again:
            click.echo(f"{one.id}: {one.message}")
        known = sum(receipt.unchanged for receipt in done.receipts)
        standing = f" ({known:,} of them said what stands already)" if known else ""
        again, other = len(done.again), len(done.passed_over)
        say(f"{len(done.fixed):,} taken in{standing}, {again:,} refused again, {other:,} do not wait.")
    if done.again or done.passed_over:
        raise click.exceptions.Exit(FOUND_WRONG)


@command.command("discard")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", type=ROW)
@click.option("--why", required=True, help="Why they are given up; stays with them.")
@json_option
def discard_command(ids: tuple[int, ...], why: str, as_json: bool) -> None:
    """Give rows up: they are kept, encrypted, and never go out. Their receipt tells so."""
    with _intake() as intake:
        gone = discard(intake.connection, ids, who=getpass.getuser(), why=why, now=datetime.now(UTC))
    if as_json:
        print_json({"discarded": gone})
    else:
        say(f"{len(gone):,} discarded.")
    if set(gone) != set(ids):
        raise MobilityError(
            f"{len(set(ids) - set(gone))} of them did not wait: see mobility quarantine list --state all."
        )


@command.command("report")
@click.option("--source", default="", help="Only this source.")
@click.option("--since", type=DAY, help="Refused on that day or later.")
@json_option
def report_command(source: str, since: date | None, as_json: bool) -> None:
    """Refused rows month by month, by source and reason, and what became of them."""
    with _intake() as intake:
        found = held_months(intake.connection, source=source, since=since)
    if as_json:
        names = ("month", "source", "reason", "refused", "waiting", "fixed", "discarded")
        print_json({"months": [{name: getattr(one, name) for name in names} for one in found]})
        return
    most = max((one.refused for one in found), default=1)
    print_table(
        ["month", "source", "reason", "refused", "waiting", "fixed", "discarded", ""],
        [
            (one.month, one.source, one.reason, one.refused, one.waiting, one.fixed, one.discarded,
             "█" * max(1, round(30 * one.refused / most)))
            for one in found
        ],
    )  # fmt: skip
