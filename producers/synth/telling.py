"""What a row of the synthetic city says on the log, where the city itself knows what was said before."""

import csv
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from producers.index.content import content_of
from producers.index.decide import Offer, Origin, Spoken, correct, state
from producers.index.dossiers import Dossiers
from producers.index.entry import LISTED, STARTS, UNLISTED, Entry
from producers.index.ledger import Ledger
from producers.index.rosters import roster_claim, roster_fact, unlisted_claim
from producers.staging.filing import Filing
from producers.synth.people import People
from producers.units.directory import UnitDirectory
from producers.units.tax_code import Place, place_of
from producers.validate.claims import Claim, PersonClaim, RegistryClaim, Stated
from producers.validate.context import Context
from schemas.ids import register_fact_id

SECRET = b"synthetic"


class NoUnits(UnitDirectory):
    """Every dossier of the synthetic city names its tax code."""

    def __init__(self) -> None:
        pass

    def fetch(self, unit_codes: Iterable[str]) -> None:
        """Nothing to have at hand."""

    def place_of(self, unit_code: str, day: str) -> Place | None:
        """Never known."""
        return None

    def holders(self, unit_code: str) -> list[Place]:
        """Nobody."""
        return []


class NoNumbers(Dossiers):
    """No dossier of the synthetic city replaces another one whole."""

    def __init__(self) -> None:
        pass

    def first(self, source: str, place: str, dossier: str) -> str:
        """Itself."""
        return dossier


class _Cited(Ledger):
    """Only what some later row cites; everything else is new whenever it is said."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def get(self, fact: str) -> Entry | None:
        """The entry of a cited fact."""
        return self._entries.get(fact)

    def add(self, entry: Entry) -> None:
        """Not kept: see ``keep``."""

    def touch(self, entry: Entry) -> None:
        """Changed in place."""

    def keep(self, entry: Entry) -> None:
        """This one will be cited."""
        self._entries[entry.fact] = entry


class Teller:
    """Memory: where each person was listed on the opening day (4 bytes), and the few rows and units that a later row
    corrects or a later roster restates, which are looked for beforehand."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.receipts = 0
        self._people = People(seed)
        self._ledger = _Cited()
        self._cited_rows = set(_citations(folder))
        self._rows: dict[tuple[str, str, Place | None], list[Entry]] = defaultdict(list)
        self._restated = set(_restated_places(folder))
        self._known: dict[Place, dict[str, str]] = defaultdict(dict)
        self._listed: dict[tuple[Place, str], set[str]] = defaultdict(set)
        self._places: dict[Place, int] = {}
        self._opening = array("i")
        self._days: dict[Place, list[str]] = defaultdict(list)
        self._rosters: dict[tuple[Place, str], bool] = {}

    def say(self, stated: Stated, filing: Filing, line: str, context: Context) -> Iterator[Spoken]:
        """The versions that an accepted row brings, with what follows for rosters (meaning, rules 9 and 10)."""
        number = self._people.number_of(stated.identifiers) if stated.identifiers else -1
        person = self._people.id_of(number) if stated.identifiers else ""
        offers = [self._offer(claim, person) for claim in stated.claims]
        origin = Origin(filing.batch, stated.dossier, line)
        if stated.place:
            filing.units.add(stated.place.unit)
        if stated.citation:
            cited = self._rows[stated.citation.dossier, stated.citation.line, stated.place]
            yield from correct(offers, stated.citation, cited, origin, self._ledger)
            return
        for offer in offers:
            for said in state(offer, None, origin, self._ledger):
                if (stated.dossier, line) in self._cited_rows:
                    self._ledger.keep(said.entry)
                    self._rows[stated.dossier, line, stated.place].append(said.entry)
                yield said
                if isinstance(offer.claim, PersonClaim) and offer.claim.change in STARTS:
                    yield from self._after_start(offer.claim, number, person, origin)
        if stated.roster:
            place, as_of, complete = stated.roster
            self._rosters[place, as_of] = complete

    def _offer(self, claim: Claim, person: str) -> Offer:
        if isinstance(claim, RegistryClaim):
            return Offer(claim, claim.fact, claim.subject, content_of(claim, claim.subject, SECRET))
        fact = claim.fact or register_fact_id(claim.register, claim.register_key, person, claim.change, claim.on)
        return Offer(claim, fact, person, content_of(claim, person, SECRET))

    def _after_start(self, claim: PersonClaim, number: int, person: str, origin: Origin) -> Iterator[Spoken]:
        place = Place(claim.unit, claim.branch)
        if place in self._restated:
            first = self._known[place].get(person, claim.day)
            self._known[place][person] = min(first, claim.day)
        if claim.change == LISTED:
            self._listed[place, claim.day].add(person) if place in self._restated else self._list(number, place)
        for as_of in self._days.get(place, ()):
            if claim.day < as_of and not self._is_listed(place, as_of, number, person):
                yield from self._unlist(place, as_of, person, origin)

    def _list(self, number: int, place: Place) -> None:
        if number >= len(self._opening):
            self._opening.extend([-1] * (number + 1_000 - len(self._opening)))
        self._opening[number] = self._places.setdefault(place, len(self._places))

    def _is_listed(self, place: Place, as_of: str, number: int, person: str) -> bool:
        if place in self._restated:
            return person in self._listed[place, as_of]
        return number < len(self._opening) and self._opening[number] == self._places.get(place, -2)

    def _unlist(self, place: Place, as_of: str, person: str, origin: Origin) -> list[Spoken]:
        claim = unlisted_claim(place, as_of)
        fact = roster_fact(UNLISTED, place, person, as_of)
        return state(Offer(claim, fact, person, content_of(claim, person, SECRET)), None, origin, self._ledger)

    def roster_facts(self, filing: Filing) -> Iterator[Spoken]:
        """``roster_stated`` of the file's rosters, and ``unlisted`` of everyone whom a complete one leaves out."""
        origin = Origin(filing.batch, filing.dossier, "roster")
        for (place, as_of), complete in self._rosters.items():
            yield from state(self._offer(roster_claim(place, as_of, complete), ""), None, origin, self._ledger)
            if complete:
                self._days[place].append(as_of)
                for person, since in self._known.get(place, {}).items():
                    if since < as_of and person not in self._listed[place, as_of]:
                        yield from self._unlist(place, as_of, person, origin)
        self._rosters = {}


def _citations(folder: Path) -> Iterator[tuple[str, str]]:
    """(dossier, line) of everything that some D02 of a single employer cites; only those in CSV do."""
    for path in folder.glob("dossiers/*/D02_*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file, delimiter=";" if ";" in file.readline() else ","):
                if ":" in row[-1]:
                    dossier, _, line = row[-1].rpartition(":")
                    yield dossier, line.partition("@")[0]


def _restated_places(folder: Path) -> Iterator[Place]:
    """Units that send another roster after the opening one."""
    for path in folder.glob("rosters/sau_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                if place := place_of(row[0]):
                    yield place
