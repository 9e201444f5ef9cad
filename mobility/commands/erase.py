"""``mobility erase``: a person's numbers, record and key go."""

from uuid import UUID

import click

from mobility import persons
from mobility.errors import MobilityError
from mobility.instants import local
from mobility.named import PERSON
from mobility.output import json_option, print_json, say
from mobility.persons import me, why_option
from mobility.typed import someone_can_be_asked
from mobility.waiting import wait_until_passed
from producers.members import erasing
from producers.members.desk import identity_desk

REMAINS = (
    "What remains: facts on the log and their counts, under an id that leads to nobody; the read log; backups of the"
    " vault that were made before (delete them when their time has come, or erase again after restoring one)."
)


@click.command()
@click.argument("person", type=PERSON, metavar="ID")
@why_option
@click.option("--yes", is_flag=True, help="Don't ask; needed with --json and where nobody can be asked.")
@json_option
def command(person: UUID, why: str, yes: bool, as_json: bool) -> None:
    """Erase a person: numbers, record, history, key and refused rows. It can't be taken back.

    Only when no spell and no membership is open, today or from a day to come. Facts stay on the log under an id that
    leads to nobody, so no count changes. The same number gets another id afterwards. Erasing again does nothing.

    \b
    mobility erase 5f0c...e1 --why "asked for by the person on 2026-11-05"

    Exit codes: 0 erased (or erased before), 1 still working or a member somewhere, or not known, 2 wrong usage (no
    id), 3 a service is away.
    """
    who, why = person.hex, persons.meant(why)
    someone_can_be_asked(yes=yes, as_json=as_json)
    with persons.intake_of_home() as (intake, at, _):
        if not yes and erasing.erased_before(intake.connection, who) is None:
            say(REMAINS)
            click.confirm(f"Erase {who} for good?", abort=True, err=True)
        moment = persons.now()
        with identity_desk(intake, now=moment, today=persons.today(), say=say) as desk:
            if erasing.erased_before(intake.connection, who) is None:
                erasing.ids_of(intake.connection, who)
                wait_until_passed(at)
                units = persons.open_units(at.postgres, who)
                if units:
                    raise MobilityError(
                        f"{who} is still counted at {', '.join(units)}. Nothing was erased: first the leaving must be"
                        f" reported (see mobility explain --person {who})."
                    )
            done = erasing.erase(intake.connection, desk.keys, who, who=me(), why=why, now=moment)
    if as_json:
        print_json({"erased": done.ids, "held_rows": done.held, "at": done.at, "before": done.before})
    elif done.before:
        say(f"{who} was erased on {local(done.at)}. Nothing was done.")
    else:
        say(f"Erased: {', '.join(done.ids)}; {done.held} refused row(s) with it. {REMAINS}")
