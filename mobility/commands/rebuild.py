"""``mobility rebuild``: the store again, from Kafka."""

import click
import psycopg

from consumers.store import reset
from mobility.endpoints import running_services
from mobility.output import json_option, print_json, progress, say
from mobility.settings import Settings
from mobility.typed import someone_can_be_asked
from mobility.waiting import wait_until_passed


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def command(yes: bool, as_json: bool) -> None:
    """Empty the store's tables and read them anew from Kafka; ends in the same rows. Vault and intake stay."""
    someone_can_be_asked(yes=yes, as_json=as_json)
    settings = Settings()
    at = running_services(settings)
    if not yes:
        click.confirm("Empty the schema store and read everything from Kafka again?", abort=True, err=True)
    with progress(quiet=as_json) as report:
        report("Emptying the store")
        reset(at.postgres)
        report("Reading from Kafka")
        wait_until_passed(at)
    with psycopg.connect(at.postgres) as connection:
        row = connection.execute("select count(*) from store.unit_status").fetchone()
    if as_json:
        print_json({"units": row[0] if row else 0})
    else:
        say(f"The store holds {row[0] if row else 0:,} units again.")
