"""Complete opening rosters: where they are, and the facts that follow from them (meaning, rule 10)."""

from collections.abc import Iterable, Iterator

import psycopg

from producers.sql import query
from producers.units.tax_code import Place
from producers.validate.claims import PersonClaim, RegistryClaim
from producers.validate.roster import REGISTER, SOURCE
from schemas.ids import register_fact_id
from schemas.persons import Change
from schemas.registry import RegistryChange

PACKAGE = "producers.index"
BLOCK = 5_000
DOUBTED = "doubted"
"""``detail`` of a roster that says that it is complete and counts as incomplete, because rows were refused."""


def roster_fact(change: str, place: Place, person: str, as_of: str) -> str:
    """Identity of ``listed``, ``unlisted`` (of a person) and ``roster_stated`` (person empty)."""
    return register_fact_id(REGISTER, place.key, person, change, as_of)


def unlisted_claim(place: Place, as_of: str) -> PersonClaim:
    """A complete roster does not list this person: whatever spell was open there is closed on its day."""
    return PersonClaim(
        source=SOURCE,
        change=Change.UNLISTED.value,
        unit=place.unit,
        branch=place.branch,
        day=as_of,
        precision="day",
        form=REGISTER,
    )


def roster_claim(place: Place, as_of: str, complete: bool) -> RegistryClaim:
    """The enterprise (or branch) has a roster as of that day."""
    change = RegistryChange.ROSTER_STATED.value
    return RegistryClaim(
        source=SOURCE,
        change=change,
        subject=place.unit,
        day=as_of,
        fact=roster_fact(change, place, "", as_of),
        tax_code=place.branch or place.unit[1:],
        complete=complete,
    )


class CompleteRosters:
    """Days of the complete rosters of each place, fetched in bulk and kept for the run."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._days: dict[Place, list[str]] = {}

    def fetch(self, places: Iterable[Place]) -> None:
        """Have these at hand: one statement for all that are not yet."""
        wanted = list({place for place in places if place not in self._days})
        if not wanted:
            return
        for place in wanted:
            self._days[place] = []
        units, branches = [place.unit for place in wanted], [place.branch for place in wanted]
        for unit, branch, day in self._connection.execute(query(PACKAGE, "find_rosters"), (units, branches)):
            self._days[Place(unit, branch)].append(day.isoformat())

    def after(self, place: Place, day: str) -> list[str]:
        """Days of complete rosters there, later than a day."""
        return [as_of for as_of in self._days.get(place, ()) if as_of > day]

    def has(self, place: Place, as_of: str) -> bool:
        """There is a complete roster there as of that day. The place must have been fetched."""
        return as_of in self._days.get(place, ())

    def state(self, place: Place, as_of: str) -> None:
        """One has been stated in this run."""
        if not self.has(place, as_of):
            self._days[place] = sorted([*self._days.get(place, ()), as_of])

    def withdraw(self, place: Place, as_of: str) -> None:
        """It does not stand any more. The place must have been fetched."""
        self._days[place] = [day for day in self._days.get(place, ()) if day != as_of]

    def forget(self) -> None:
        """Drop what is at hand."""
        self._days = {}


def rosters_of_file(connection: psycopg.Connection, sha256: str) -> list[tuple[Place, str, bool]]:
    """(place, as_of, said to be complete and not believed) of the rosters that a file stated."""
    rows = connection.execute(query(PACKAGE, "find_rosters_of_file"), {"sha256": sha256}).fetchall()
    return [(Place(unit, branch), day.isoformat(), detail == DOUBTED) for unit, branch, day, detail in rows]


def find_unlisted(
    connection: psycopg.Connection, rosters: Iterable[tuple[Place, str]]
) -> Iterator[list[tuple[Place, str, str]]]:
    """(place, as_of, person) of everyone whom the index knows at a place before a roster's day and who is not listed
    in it; in blocks, from the index as it was when asked."""
    wanted = list(rosters)
    if not wanted:
        return
    columns = [p.unit for p, _ in wanted], [p.branch for p, _ in wanted], [as_of for _, as_of in wanted]
    with connection.cursor(name="unlisted") as cursor:
        cursor.execute(query(PACKAGE, "find_unlisted"), columns)
        while rows := cursor.fetchmany(BLOCK):
            yield [(Place(unit, branch), as_of.isoformat(), key) for unit, branch, as_of, key in rows]
