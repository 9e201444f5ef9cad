"""``mobility key``: who may post to the HTTP intake, and for whom."""

import getpass
from datetime import UTC, date, datetime, time
from typing import Any

import click
import psycopg

from mobility import addresses
from mobility.endpoints import running_services
from mobility.errors import MobilityError, UsageError
from mobility.instants import DAY, local
from mobility.operation.keys import state_of
from mobility.output import json_option, print_json, print_table, say
from mobility.settings import Settings
from producers.http.keys import ApiKey, KeyRefused, create_key, list_keys, revoke_key, unknown_unions
from producers.http.scope import FEEDS
from producers.migrations import migrate
from schemas.zone import ZONE


@click.group()
def command() -> None:
    """API keys of the HTTP intake: each speaks for the feeds and units that it names, and for nothing else.

    \b
    mobility key create "Phần mềm CĐ phường A" --feed member-register --union CD-0001 --union CD-0002
    mobility key create "BHXH bridge" --feed d02 --feed opening-roster --area 31 --rate 600
    mobility key list
    mobility key revoke 3f2a9c0d11e84b57
    """


@command.command("create")
@click.argument("name")
@click.option("--feed", "feeds", multiple=True, required=True, type=click.Choice(FEEDS), help="What it may send.")
@click.option("--enterprise", "enterprises", multiple=True, metavar="TAX_CODE", help="With all its branches.")
@click.option("--union", "unions", multiple=True, metavar="CODE", help="A grassroots union.")
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="CODE",
    help="A province or ward of today: enterprises in it, and unions all of whose enterprises are in it.",
)
@click.option("--everywhere", is_flag=True, help="Any enterprise and union. Only for an office that answers for all.")
@click.option("--rate", default=120, show_default=True, type=click.IntRange(1, 100_000), help="Requests a minute.")
@click.option("--expires", type=DAY, help="The first day on which it opens nothing any more.")
@json_option
def create_command(
    name: str,
    feeds: tuple[str, ...],
    enterprises: tuple[str, ...],
    unions: tuple[str, ...],
    areas: tuple[str, ...],
    everywhere: bool,
    rate: int,
    expires: date | None,
    as_json: bool,
) -> None:
    """Make a key and show it, once: only its hash is kept. Name the software or the office, not a person.

    \b
    mobility key create "Phần mềm CĐ phường A" --feed member-register --union CD-0001
    mobility key create "City register" --feed enterprise-register --feed union-register --everywhere
    """
    settings = Settings()
    with _connected(settings) as connection:
        try:
            key, text = create_key(
                connection,
                name=name,
                feeds=feeds,
                everywhere=everywhere,
                areas=areas,
                enterprises=enterprises,
                unions=unions,
                per_minute=rate,
                expires_at=datetime.combine(expires, time(), ZONE) if expires else None,
                by=getpass.getuser(),
                now=datetime.now(UTC),
            )
        except KeyRefused as error:
            raise UsageError(str(error)) from error
        unknown = unknown_unions(connection, unions)
    if unknown:
        say(
            f"No register has named the union {', '.join(unknown)} yet. If that is a typing error: mobility key revoke "
            f"{key.id}, and make the key again."
        )
    if as_json:
        print_json({**shown(key), "key": text, "url": addresses.intake(settings).url, "unknown_unions": unknown})
        return
    say("The key, shown this once. Hand it over by a way that others can't read:")
    click.echo(text)
    say(f"Post to {addresses.intake(settings).url} with the header  Authorization: Bearer KEY. Its id is {key.id}.")


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """All keys with what they may speak for; the keys themselves are nowhere to be seen."""
    with _connected(Settings()) as connection:
        keys = list_keys(connection)
    now = datetime.now(UTC)
    if as_json:
        print_json({"keys": [shown(key) for key in keys]})
        return
    rows = [
        (
            one.id,
            one.name,
            state_of(one, now),
            local(one.last_used_at) if one.last_used_at else None,
            one.posts,
            one.refused_rows,
            ", ".join(sorted(one.scope.feeds)),
            _speaks(one),
        )
        for one in keys
    ]
    print_table(["id", "name", "state", "last used", "posts", "rows refused", "feeds", "speaks for"], rows)


@command.command("revoke")
@click.argument("key_id", metavar="ID")
@json_option
def revoke_command(key_id: str, as_json: bool) -> None:
    """From the next request on the key opens nothing. What it posted before stays and is still published.

    The whole key does instead of its id: nothing of its secret is repeated. But it stands in the shell's history then.

    Exit code 1: there is no such key.
    """
    with _connected(Settings()) as connection:
        try:
            revoked = revoke_key(connection, key_id, by=getpass.getuser(), now=datetime.now(UTC))
        except KeyRefused as error:
            raise MobilityError(str(error)) from error
    if as_json:
        print_json({"id": revoked, "revoked": True})
    else:
        say(f"{revoked} opens nothing any more.")


def shown(key: ApiKey) -> dict[str, Any]:
    """A key as ``--json`` prints it; nothing secret in it."""
    scope = key.scope
    return {
        "id": key.id,
        "name": key.name,
        "feeds": sorted(scope.feeds),
        "everywhere": scope.everywhere,
        "areas": sorted(scope.areas),
        "enterprises": sorted(scope.enterprises),
        "unions": sorted(scope.unions),
        "rate": key.per_minute,
        "created_at": key.created_at.isoformat(),
        "created_by": key.created_by,
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "revoked_by": key.revoked_by,
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "posts": key.posts,
        "accepted_rows": key.accepted_rows,
        "refused_rows": key.refused_rows,
    }


def _speaks(key: ApiKey) -> str:
    scope = key.scope
    named = [("area", scope.areas), ("enterprise", scope.enterprises), ("union", scope.unions)]
    words = [f"{kind} {code}" for kind, codes in named for code in sorted(codes)]
    more = f", and {len(words) - 5} more" if len(words) > 5 else ""
    return "everything" if scope.everywhere else ", ".join(words[:5]) + more


def _connected(settings: Settings) -> psycopg.Connection[Any]:
    connection = psycopg.connect(running_services(settings).postgres, autocommit=True, connect_timeout=10)
    migrate(connection)
    return connection
