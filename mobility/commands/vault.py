"""``mobility vault``: the vault's key and its backup."""

from pathlib import Path

import click

from mobility import persons
from mobility.new_file import in_a_folder
from mobility.output import json_option, print_json, print_table, progress, say
from producers.members.erasing import LIST
from producers.vault import backing, rotating


@click.group()
def command() -> None:
    """The vault: names and numbers of persons, sealed. It can't be made again from Kafka, so it has its own backup.

    \b
    mobility vault backup --out /backup/vault-2026-11-05.zip
    mobility vault restore /backup/vault-2026-11-05.zip        into an empty database, then checked
    mobility vault rotate                                      a new key, while everything runs
    """


@command.command()
@click.option("--only", type=click.Choice(["numbers", "master"]), help="Only the secret of numbers, or the master key.")
@json_option
def rotate(only: str | None, as_json: bool) -> None:
    """Change the vault's key: numbers are hashed with a new secret, persons' keys wrapped by a new master key.

    The intake may run meanwhile. If it is cut short, everything goes on under both keys; run it again to finish it.
    Then make a new backup of the vault and of vault.key. Backups made before open with the key of their day.
    """
    with persons.intake_of_home() as (intake, _, _), progress(quiet=as_json) as report:
        done = rotating.rotate(
            intake.connection,
            intake.keys,
            numbers=only != "master",
            master=only != "numbers",
            say=say,
            report=lambda count, total: report("Persons", count, total),
        )
    if as_json:
        print_json({"persons": done.persons, "sealed": done.sealed, "finished_earlier": done.finished_earlier})
    elif done.finished_earlier:
        say(f"Finished the change that was cut short: {done.persons:,} persons. For another new key, run it again.")
    else:
        say(f"The key was changed: {done.persons:,} persons, {done.sealed:,} other sealed rows. Back up vault.key now.")


@command.command()
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path))
@json_option
def backup(out: Path, as_json: bool) -> None:
    """Write the vault into one file, consistent in itself, while everything runs. Keep vault.key elsewhere."""
    in_a_folder(out)
    with persons.intake_of_home() as (intake, _, _):
        rows = backing.back_up(intake.connection, intake.keys, out, now=persons.now())
    if as_json:
        print_json({"file": str(out), "rows": rows})
    else:
        print_table(["table", "rows"], list(rows.items()))
        say(f"{out} opens with vault.key alone. Keep the two apart.")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Put a backup into an empty vault and check all of it: sums, rows, and that every person's key opens.

    To check a backup, restore it into an empty database: MOBILITY_POSTGRES=... MOBILITY_HOME=... with that day's
    vault.key in the home folder. A vault with persons in it is never written over.
    """
    with persons.intake_of_home() as (intake, _, settings):
        path = settings.folder / LIST
        erased = set(path.read_text("ascii").split()) if path.exists() else set()
        checked = backing.restore(intake.connection, intake.keys, file, erased)
    if as_json:
        print_json(
            {
                "made_at": checked.made_at,
                "rows": checked.rows,
                "persons_opened": checked.opened,
                "erase_again": checked.erased,
            }
        )
        return
    print_table(["table", "rows"], list(checked.rows.items()))
    say(f"Restored what was backed up on {checked.made_at}; the keys of all {checked.opened:,} persons open.")
    for person in checked.erased:
        say(f"{person} was erased after that. Erase it again: mobility erase {person} --why 'restored from a backup'")
