"""``mobility posts``: what arrived over HTTP and could not be worked."""

import getpass
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import click
import psycopg

from mobility.endpoints import running_services
from mobility.errors import FOUND_WRONG, MobilityError, UsageError
from mobility.instants import local
from mobility.intake import opened
from mobility.named import AT_MOST
from mobility.output import json_option, print_json, print_table, say
from mobility.settings import Settings
from producers.http.seeing import SeenPost, done_with, seen_posts
from producers.http.settling import PostStays, refuse, retry
from producers.http.sweeping import AT_ONCE, sweep
from producers.migrations import migrate

STATES = ("held", "queued", "published", "all")
WHY = {
    "": "",
    "fault": "the program failed on it; a newer version may not. Or refuse it, so that its sender corrects it",
    "killed": "the worker ended with it in hand, several times: is the memory enough?",
    "vault-key": "the vault's key does not open it: is vault.key the right one?",
}
"""Why a post is held, and what to do."""


@click.group()
def command() -> None:
    """Posts of the HTTP intake that are held: answered with 202, safe on disk, and not worked yet.

    A held post is tried again by itself, after a minute, then after longer, up to an hour. What was posted stays
    sealed. Receipts go MOBILITY_RECEIPT_DAYS days after their post came to rest.

    \b
    mobility posts list                                  what is held, and why
    mobility posts show 6f1c0d5e-…                       one of them, and what was done with it
    mobility posts retry --all                           at once, after the cause is mended
    mobility posts refuse 6f1c0d5e-… --why "sheet 2 has two headers"    its sender reads this on the receipt
    """


@command.command("list")
@click.option("--state", type=click.Choice(STATES), default="held", show_default=True, help="Which.")
@click.option("--key", "key_id", default="", metavar="ID", help="Only what this API key sent.")
@click.option("--limit", type=AT_MOST, default=1000, show_default=True, help="At most so many.")
@json_option
def list_command(state: str, key_id: str, limit: int, as_json: bool) -> None:
    """Those that wait in the order of their turns, then the published, the newest first."""
    known: Any = () if state == "all" else (state,)
    with _connected() as connection:
        found, total = seen_posts(connection, states=known, key_id=key_id, limit=limit)
    if as_json:
        print_json({"posts": [_shown(one) for one in found], "total": total})
        return
    if not found:
        say("No post is held." if state == "held" else "No post.")
        return
    rows = [
        (
            one.post,
            one.key_name,
            one.state,
            local(one.received_at),
            one.size,
            one.begun,
            _why(one),
        )
        for one in found
    ]
    print_table(["post", "key", "state", "received", "bytes", "tries", "why held"], rows)
    if total > len(found):
        say(f"{len(found):,} of {total:,}: see more with --limit.")


@command.command("show")
@click.argument("post", type=click.UUID)
@json_option
def show_command(post: UUID, as_json: bool) -> None:
    """One of them: whose, since when, why it is held, what operators did. Not what was posted."""
    with _connected() as connection:
        found, _ = seen_posts(connection, posts=[post])
        if not found:
            raise MobilityError(f"There is no post {post}: mobility posts list --state all")
        done = done_with(connection, post)
    (one,) = found
    if as_json:
        print_json({**_shown(one), "done": [{**asdict(step), "at": step.at.isoformat()} for step in done]})
        return
    for name, value in _shown(one).items():
        if value not in (None, "", 0):
            click.echo(f"{name}: {value}")
    if one.held_reason:
        click.echo(f"to do: {WHY[one.held_reason]}")
    for step in done:
        click.echo(f"{local(step.at)} {step.who} {step.did}{f': {step.said}' if step.said else ''}")


@command.command("retry")
@click.argument("posts", type=click.UUID, nargs=-1, metavar="POST...")
@click.option("--all", "every", is_flag=True, help="All that are held.")
@json_option
def retry_command(posts: tuple[UUID, ...], every: bool, as_json: bool) -> None:
    """Let held posts be tried at once. Exit code 1 when one that was named is not held."""
    if bool(posts) == every:
        raise UsageError("Name posts, or say --all.")
    with _connected() as connection:
        wanted = list(posts) or [one.post for one in seen_posts(connection, states=("held",), limit=100_000)[0]]
        done = retry(connection, wanted, who=getpass.getuser(), now=datetime.now(UTC))
    missing = sorted({*posts} - {*done})
    if as_json:
        print_json({"retried": [str(one) for one in done], "not_held": [str(one) for one in missing]})
    else:
        say(f"{len(done):,} to be tried again now.")
        for one in missing:
            say(f"{one} is not held: mobility posts show {one}")
    if missing:
        raise SystemExit(FOUND_WRONG)


@command.command("refuse")
@click.argument("post", type=click.UUID)
@click.option("--why", required=True, metavar="TEXT", help="Its sender reads it on the receipt: no name, no number.")
@json_option
def refuse_command(post: UUID, why: str, as_json: bool) -> None:
    """Take nothing of a held post; its receipt says so, with the reason, and what was posted is forgotten.

    Waits while another intake publishes. A post of which rows are on the log already can't be refused any more.
    """
    settings = Settings()
    try:
        with opened(settings, running_services(settings)) as intake:
            refuse(intake, post, who=getpass.getuser(), why=why, now=datetime.now(UTC), say=say)
    except PostStays as error:
        raise MobilityError(str(error)) from error
    if as_json:
        print_json({"post": str(post), "state": "published", "refused": True})
    else:
        say("Refused. Its sender reads the reason on the receipt.")


@command.command("sweep")
@json_option
def sweep_command(as_json: bool) -> None:
    """Delete receipts that are past their time now; the intake's worker does so by itself, once an hour.

    Never a post that waits or is held, nor one with refused rows that wait in quarantine.
    """
    settings = Settings()
    gone = 0
    with _connected() as connection:
        while more := sweep(connection, now=datetime.now(UTC), kept=timedelta(days=settings.receipt_days)):
            gone += more
            if more < AT_ONCE:
                break
    if as_json:
        print_json({"deleted": gone, "days": settings.receipt_days})
    else:
        say(f"{gone:,} receipts older than {settings.receipt_days} days deleted.")


def _shown(one: SeenPost) -> dict[str, Any]:
    times = ("received_at", "published_at", "held_at", "again_at")
    said = {**asdict(one), "post": str(one.post)}
    return said | {name: said[name].isoformat() if said[name] else None for name in times}


def _why(one: SeenPost) -> str:
    return f"{WHY[one.held_reason]} ({one.held_where})" if one.held_where else WHY[one.held_reason]


def _connected() -> psycopg.Connection[Any]:
    connection = psycopg.connect(running_services(Settings()).postgres, autocommit=True, connect_timeout=10)
    migrate(connection)
    return connection
