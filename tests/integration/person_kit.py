"""A vault on real services for tests about persons: members who do not exist, found and opened."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from producers.members import finding, merging
from producers.members.desk import identity_desk
from producers.members.holding import Member, opened
from tests.integration.intake_kit import NOW, Kit, person

TODAY = "2026-11-05"


@contextmanager
def empty_kit(dsn: str, kafka: str, folder: object) -> Iterator[Kit]:
    """Empty tables, a new vault key, and a log read from here on."""
    with psycopg.connect(dsn, autocommit=True) as line:
        line.execute("drop schema if exists vault cascade; drop schema if exists intake cascade")
    with Kit(dsn, kafka, folder) as made:  # type: ignore[arg-type]
        yield made


def member(who: int, change: str = "admitted", day: str = "2026-10-02", **more: str) -> dict[str, str]:
    """A row of a member register of union CD1."""
    return {"union_code": "CD1", "change": change, "effective_on": day} | person(who) | more


def id_of(kit: Kit, number: str) -> str:
    """Who has the number."""
    found = finding.by_number(kit.db, kit.intake.keys, number, who="clerk", why="test")
    assert found
    return found


def record_of(kit: Kit, who: str) -> Member:
    """The person, opened."""
    return opened(kit.db, kit.intake.current_keys(), who)


def merge(kit: Kit, loser: str, winner: str) -> None:
    """As the command does it."""
    with identity_desk(kit.intake, now=NOW, today=TODAY, say=print) as desk:
        merging.merge(kit.db, desk.keys, desk.log, loser, winner, who="clerk", why="same person", now=NOW, today=TODAY)
