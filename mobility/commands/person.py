"""``mobility person``: the member record (hồ sơ đoàn viên)."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from mobility import persons
from mobility.errors import FOUND_WRONG, UsageError
from mobility.instants import local
from mobility.named import PERSON
from mobility.new_file import new_file
from mobility.output import json_option, print_json, print_table, say
from mobility.persons import me, number_option, why_option
from mobility.typed import secret_word
from producers.members import duplicates, editing, exporting, finding, merging, viewing
from producers.members.desk import identity_desk
from producers.members.fields import LABELS
from producers.members.holding import Position
from producers.readers.dates import parse_day


@click.group()
def command() -> None:
    """The member record (hồ sơ đoàn viên): find, see, correct, export, merge. Every read is logged with who and why.

    \b
    mobility person find --number - --why "member at the counter"       the number is typed, not shown
    mobility person find --name "Trần Thị Hoa" --birth 1985 --why "..."
    mobility person show ID --why "..."             record, numbers, positions, memberships, history
    mobility person edit ID --set job_title="Tổ trưởng" --set phone=- --why "told by the member"
    mobility person position ID --union CD0001 --position "Chủ tịch" --since 2024-03-01 --why "decision 12"
    mobility person export ID --out ho-so.html --why "asked for by the member"
    mobility person duplicates                      pairs that may be one person, with the reason
    mobility person merge LOSER WINNER --why "..."  the loser's numbers and facts become the winner's
    mobility person reads ID                        who read it, when and why

    Names and numbers given as - are typed or read from a line of stdin, so that no shell remembers them.
    """


@command.command()
@number_option
@click.option("--name", metavar="NAME", help="With --birth; case and tone marks don't matter. - asks for it.")
@click.option("--birth", metavar="YEAR|DAY", default="", help="1985, 1985-03-05 or 05/03/1985.")
@click.option("--card", metavar="NO", help="By membership card. - asks for it.")
@why_option
@json_option
def find(number: str | None, name: str | None, birth: str, card: str | None, why: str, as_json: bool) -> None:
    """Find ids. Exit code 1 when nobody is found, 2 for a name without a year of birth.

    Names are never looked up alone: the vault keeps a keyed hash of name and year of birth together.
    """
    if [number, name, card].count(None) != 2:
        raise UsageError("Say one of --number, --name with --birth, --card.")
    if name is not None and finding.year_of(birth) is None:
        raise UsageError(finding.NO_YEAR)
    why = persons.meant(why)
    with persons.intake_of_home() as (intake, _, _):
        asked: dict[str, Any] = {"who": me(), "why": why}
        if number is not None:
            one = finding.by_number(intake.connection, intake.keys, secret_word(number, "Number"), **asked)
            found = [one] if one else []
        elif name is not None:
            found = finding.by_name(intake.connection, intake.keys, secret_word(name, "Name"), birth, **asked)
        else:
            found = finding.by_card(intake.connection, intake.keys, secret_word(card or "", "Card"), **asked)
    if as_json:
        print_json({"persons": found})
    else:
        click.echo("\n".join(found) if found else "Nobody found.")
    if not found:
        raise click.exceptions.Exit(FOUND_WRONG)


@command.command()
@click.argument("person", required=False, type=PERSON, metavar="[ID]")
@number_option
@why_option
@json_option
def show(person: UUID | None, number: str | None, why: str, as_json: bool) -> None:
    """Show a record: fields, numbers, positions, memberships, and what was changed by whom."""
    why = persons.meant(why)
    with persons.intake_of_home() as (intake, _, _):
        who = persons.person_of(intake, person, number, why)
        seen = viewing.view(intake.connection, intake.keys, who, who=me(), why=why)
    said = viewing.as_json(seen)
    if as_json:
        print_json(said)
        return
    click.echo(f"{said['id']}, known since {local(said['known_since'])}")
    kept = set(said["set_by_hand"])
    rows = [(f"{LABELS[n][0]} ({n})", v, "by hand" if n in kept else "") for n, v in said["record"].items()]
    print_table(["field", "value", ""], rows)
    numbers = [(n["kind"], n["number"], n["since"]) for n in said["numbers"]]
    print_table(["number", "", "since"], numbers, title="\nLeads here")
    if said["positions"]:
        held = [(p["since"], p["until"], p["position"], p["union"]) for p in said["positions"]]
        print_table(["since", "until", "position", "union"], held, title="\nPositions")
    if said["memberships"]:
        stated = [(m["day"], m["change"], m["unit"], m["dossier"][:16], m["line"]) for m in said["memberships"]]
        print_table(["day", "fact", "union", "file", "line"], stated, title="\nMemberships")
    if said["history"]:
        changes = [
            (local(one["at"]), one["by"], one["why"], name, before, after)
            for one in said["history"]
            for name, (before, after) in one["changed"].items()
        ]
        print_table(["at", "by", "why", "field", "before", "after"], changes, title="\nHistory")
    for doubt in said["doubts"]:
        say(f"To be looked at: {doubt}.")


@command.command()
@click.argument("person", required=False, type=PERSON, metavar="[ID]")
@number_option
@click.option("--set", "fields", multiple=True, required=True, metavar="FIELD=VALUE", help="Several times; - asks.")
@why_option
@json_option
def edit(person: UUID | None, number: str | None, fields: tuple[str, ...], why: str, as_json: bool) -> None:
    """Correct fields of a record; an empty value takes one away. What a clerk sets, no file overwrites.

    A new number leads to the person from now on; one that is another person's is refused. Fields: full_name,
    birth_date, sex, home_place, address, phone, personal_number, insurance_number, workplace, job_title, card_number,
    decision_no, admitted_on.
    """
    why = persons.meant(why)
    values: dict[str, str] = {}
    for stated in fields:
        name, equals, value = stated.partition("=")
        if not equals:
            raise UsageError("--set wants FIELD=VALUE.")
        values[name] = secret_word(value, name)
    with persons.intake_of_home() as (intake, _, _):
        who = persons.person_of(intake, person, number, why)
        changed = editing.edit(intake.connection, intake.keys, who, values, who=me(), why=why, now=persons.now())
    if as_json:
        print_json({"id": who, "changed": sorted(changed)})
    else:
        say(f"Changed: {', '.join(sorted(changed))}." if changed else "Nothing changed: it is so already.")


@command.command()
@click.argument("person", type=PERSON, metavar="ID")
@click.option("--union", "union", required=True, metavar="CODE")
@click.option("--position", "position", required=True, metavar="TEXT", help="Such as Chủ tịch, Phó Chủ tịch, UVBCH.")
@click.option("--since", required=True, metavar="DAY")
@click.option("--until", default="", metavar="DAY", help="Left out: still held. State it later to end the position.")
@why_option
@json_option
def position(person: UUID, union: str, position: str, since: str, until: str, why: str, as_json: bool) -> None:
    """State a position in a union. The same union, position and beginning again changes its end."""
    days = [parse_day(since), parse_day(until) if until else ""]
    if None in days:
        raise UsageError("A day is YYYY-MM-DD or DD/MM/YYYY.")
    held = Position(union.strip(), position.strip(), days[0] or "", days[1] or "")
    why = persons.meant(why)
    with persons.intake_of_home() as (intake, _, _):
        who = person.hex
        name = editing.hold_position(intake.connection, intake.keys, who, held, who=me(), why=why, now=persons.now())
    if as_json:
        print_json({"id": who, "position_id": name})
    else:
        say("Stated.")


@command.command()
@click.argument("person", required=False, type=PERSON, metavar="[ID]")
@number_option
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help=".html, or .json.")
@why_option
@json_option
def export(person: UUID | None, number: str | None, out: Path, why: str, as_json: bool) -> None:
    """Write a record for its person: one HTML page in Vietnamese with the same as JSON in it; or JSON alone.

    Readable by its owner alone (mode 0600). Law 91/2025: a request is to be answered within 10 days.
    """
    if out.suffix.lower() not in (".html", ".json"):
        raise UsageError("--out wants a file that ends in .html or .json.")
    why = persons.meant(why)
    with new_file(out), persons.intake_of_home() as (intake, _, _):  # first the file: a read that is logged took place
        who = persons.person_of(intake, person, number, why)
        seen = viewing.view(intake.connection, intake.keys, who, who=me(), why=why, what="export")
        at = persons.now()
        document = json.dumps(exporting.as_document(seen, now=at), ensure_ascii=False, indent=2, default=str) + "\n"
        out.write_text(exporting.as_html(seen, now=at) if out.suffix.lower() == ".html" else document, "utf-8")
    if as_json:
        print_json({"id": who, "file": str(out)})
    else:
        say(f"{out} has the record of {who}. Hand it over, then delete the file.")


@command.command()
@click.argument("person", type=PERSON, metavar="ID")
@json_option
def reads(person: UUID, as_json: bool) -> None:
    """Who read a person's data, when, what and why."""
    with persons.intake_of_home() as (intake, _, _):
        found = viewing.reads_of(intake.connection, person.hex)
    if as_json:
        print_json({"reads": found})
    else:
        print_table(
            ["at", "who", "what", "why"],
            [(local(one["at"]), one["who"], one["what"], one["why"]) for one in found],
        )


@command.command("duplicates")
@click.option(
    "--apart", nargs=2, type=PERSON, metavar="ID ID", help="Looked at: two persons. They are not suggested again."
)
@click.option("--why", default="looking for duplicates", show_default=True, metavar="TEXT")
@json_option
def duplicates_command(apart: tuple[UUID, UUID] | None, why: str, as_json: bool) -> None:
    """Pairs of ids that may be one person. Nothing is merged by itself: look at both, then merge or say --apart.

    \b
    same-name-and-birth   one name, one full date of birth
    old-card-same-birth   the same, and one of the two is known by an old 9-digit card only
    one-digit-off         one name, and numbers that differ by one digit
    digits-swapped        one name, and numbers with two neighbouring digits swapped
    same-card             one membership card
    """
    with persons.intake_of_home() as (intake, _, _):
        if apart:
            one, other = (person.hex for person in apart)
            duplicates.keep_apart(intake.connection, one, other, who=me())
            if as_json:
                print_json({"apart": [one, other]})
            return
        found = duplicates.suggestions(intake.connection, intake.keys, who=me(), why=persons.meant(why))
    if as_json:
        print_json({"pairs": [{"ids": [one.one, one.other], "reasons": list(one.reasons)} for one in found]})
        return
    print_table(["id", "id", "because"], [(one.one, one.other, ", ".join(one.reasons)) for one in found])
    if found:
        say("Look at both with mobility person show, then: mobility person merge LOSER WINNER --why ...")


@command.command()
@click.argument("loser", type=PERSON, metavar="LOSER")
@click.argument("winner", type=PERSON, metavar="WINNER")
@why_option
@json_option
def merge(loser: UUID, winner: UUID, why: str, as_json: bool) -> None:
    """Make two ids one: LOSER's numbers, record and facts become WINNER's. It can't be taken back.

    Files that state LOSER's numbers speak of WINNER from now on; what was counted twice counts once. Where both records
    state a field, WINNER's stands, and LOSER's fills what is empty. A crash is healed by the next merge or ingest.
    """
    gone, kept, why = loser.hex, winner.hex, persons.meant(why)
    with persons.intake_of_home() as (intake, _, _):
        at, day = persons.now(), persons.today()
        with identity_desk(intake, now=at, today=day, say=say) as desk:
            merging.merge(intake.connection, desk.keys, desk.log, gone, kept, who=me(), why=why, now=at, today=day)
    if as_json:
        print_json({"loser": gone, "winner": kept})
    else:
        say(f"{gone} is {kept} from now on.")
