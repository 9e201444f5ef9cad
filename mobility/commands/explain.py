"""``mobility explain``: why is the count what it is?"""

import json
import shlex
import sys
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from mobility.document import Document
from mobility.endpoints import running_services
from mobility.instants import DAY, INSTANT
from mobility.named import AT_MOST, CODE, PERSON
from mobility.output import json_option, print_json, print_table
from mobility.settings import Settings

SHOWN = 100
"""Persons of a table unless --limit says otherwise; a script gets all."""


@click.command()
@click.argument("code", required=False, type=CODE, metavar="[TAX_CODE]")
@click.option("--person", type=PERSON, metavar="ID", help="One person's trail, by the id of the vault.")
@click.option("--valid-at", type=DAY, help="On that day instead of the clock's.")
@click.option("--known-at", type=INSTANT, help="As known then (RFC 3339, with an offset).")
@click.option("--limit", type=AT_MOST, help="At most so many persons; without it 100, all with --json.")
@click.option("--after", type=PERSON, metavar="ID", help="The next page: begin after this person.")
@json_option
def command(
    code: str | None,
    person: UUID | None,
    valid_at: date | None,
    known_at: datetime | None,
    limit: int | None,
    after: UUID | None,
    as_json: bool,
) -> None:
    """The facts behind every unit of an enterprise's count (or a union's), to the dossier's line.

    Persons stand under the ids of the vault: names and numbers are neither on the log nor in the store. A look at one
    person's trail is written into the vault's read log (mobility person reads). "said by" is
    DOSSIER:LINE@VERSION, as the column cites of a correction wants it.

    \b
    mobility explain 0200000007                          who counts today, and which line says so
    mobility explain 0200000007 --valid-at 2026-09-30 --known-at 2026-10-05T00:00:00+07:00   as known then
    mobility explain 0200000007 --limit 50               the first 50, and the command that shows the next ones
    mobility explain --person ID                         spells, membership, moves, findings of one

    Pages are of one day and one instant ("as_of" with --json): say both again with --after, as the table's last line
    does, and what is learned meanwhile moves nobody from page to page.
    """
    if (code is None) == (person is None):
        raise click.UsageError("Say a tax code, or --person ID.")
    if person is not None and (limit is not None or after is not None):
        raise click.UsageError("--limit and --after page through an enterprise; a person's trail is told whole.")
    from mobility import explain
    from mobility.looks import log_look
    from mobility.persons import me

    postgres = running_services(Settings()).postgres
    with explain.one_moment(postgres) as connection:
        if person is not None:
            found = explain.explain_person(connection, person, valid_at=valid_at, known_at=known_at)
            log_look(postgres, person, who=me(), why="mobility explain")
            print_json(found) if as_json else _print_person(found)
            return
        if not as_json and limit is None:
            limit = SHOWN
        told = explain.explain_unit(
            connection, code or "", valid_at=valid_at, known_at=known_at, limit=limit, after=after
        )
        _stream(told) if as_json else _print_unit(told, code or "", limit)


def _stream(told: Any) -> None:
    """One JSON document, written person by person: an enterprise of 50,000 takes no more memory than a small one."""
    Document.begun = True
    out = sys.stdout
    out.write(json.dumps(told.head, ensure_ascii=False)[:-1] + ', "persons": [')
    for number, one in enumerate(told.persons):
        out.write((", " if number else "") + json.dumps(one, ensure_ascii=False))
    out.write("], " + json.dumps(told.tail, ensure_ascii=False)[1:] + "\n")
    out.flush()


def _print_unit(told: Any, code: str, limit: int | None) -> None:
    head, tail = told.head, told.tail
    counts = head["counts"]
    click.echo(
        f"{head['unit']} on {head['day']}: {counts['workers']:,} workers, {counts['present']:,} present, "
        f"{counts['members']:,} members"
    )
    if "dissolved_on" in head:
        what = "spells" if head["unit"].startswith("e") else "memberships"
        click.echo(f"dissolved {head['dissolved_on']}, {head['unclosed']:,} {what} left open: those that follow")
    persons = list(told.persons)
    rows = [
        (one["person"], fact["change"], fact["day"], fact["code"], fact["unit"], _line(fact))
        for one in persons
        for fact in one["facts"]
    ]
    print_table(["person", "fact", "day", "code", "unit", "said by"], rows)
    if head["next"]:
        again = f"--valid-at {head['day']} --known-at {head['as_of']} --limit {limit} --after {head['next']}"
        click.echo(f"{len(persons):,} of {head['total']:,} persons. Next: mobility explain {shlex.quote(code)} {again}")
    if tail["findings"]:
        columns = ["finding", "person", "day", "dossier", "line"]
        work = [(f["what"], f["person"], f["day"], f["dossier"], f["line"]) for f in tail["findings"]]
        print_table(columns, work, title=f"\nFindings ({tail['findings_total']:,})")
    if tail["registry"]:
        stated = [(f["change"], f["day"], f["name"], f["dossier"][:16], f["line"]) for f in tail["registry"]]
        print_table(["registers say", "from", "name", "file", "line"], stated, title="\nRegisters")


def _print_person(found: dict[str, Any]) -> None:
    if found["merged_into"]:
        click.echo(f"Merged into {found['merged_into']}: its facts count there.")
    rows = [(f["change"], f["day"], f["code"], f["unit"], _line(f)) for f in found["facts"]]
    print_table(["fact", "day", "code", "unit", "said by"], rows)
    for title, spells in (("Spells", found["spells"]), ("Membership", found["memberships"])):
        if spells:
            told = [(s["unit"], s["from"], _lines(s["began"]), s["to"], _lines(s["ended"])) for s in spells]
            print_table(["unit", "from", "said by", "until", "said by"], told, title=f"\n{title}")
    if found["movements"]:
        moves = [
            (m["what"], m["left"], m["left_on"], m["joined"], m["joined_on"], _lines(m["lines"]))
            for m in found["movements"]
        ]
        print_table(["movement", "left", "on", "joined", "on", "said by"], moves, title="\nMovements")
    trail = [(t["day"], t["unit"], t["workers"], t["present"], t["members"]) for t in found["trail"]]
    print_table(["day", "unit", "workers", "present", "members"], trail, title="\nTrail")
    if found["findings"]:
        work = [(f["what"], f["day"], f["dossier"], f["line"]) for f in found["findings"]]
        print_table(["finding", "day", "dossier", "line"], work, title="\nFindings")


def _lines(said: list[dict[str, Any]]) -> str:
    return ", ".join(map(_line, said))


def _line(said: dict[str, Any]) -> str:
    """As a correction cites it."""
    return f"{said['dossier']}:{said['line']}@{said['version']}"
