"""Facts that the producer adds because of others: what complete rosters imply, and what a replaced dossier drops."""

from typing import TYPE_CHECKING

from producers.index.content import content_of
from producers.index.decide import Offer, Origin, Spoken, state, take_back, withdraw
from producers.index.entry import LISTED, STARTS, UNLISTED, WITHDRAWN, Entry
from producers.index.rosters import DOUBTED, find_unlisted, roster_claim, roster_fact, unlisted_claim
from producers.sql import query
from producers.staging.filing import Filing
from producers.staging.remarks import doubted_rosters, rosters_of_several_days
from producers.units.tax_code import Place
from producers.validate.claims import PersonClaim
from producers.validate.context import Context
from producers.validate.d02 import SOURCE as D02_SOURCE
from schemas.registry import RegistryChange

if TYPE_CHECKING:
    from producers.staging.file import FileStaging

BLOCK = 5_000
LINE = "roster"
"""``line`` of facts that follow from a roster as a whole."""
ROSTER = RegistryChange.ROSTER_STATED.value
FOLLOWING = (UNLISTED, ROSTER)
"""Changes that no line states: no receipt names them."""


def follow(spoken: list[Spoken], origin: Origin, staging: "FileStaging") -> list[Spoken]:
    """What a row's facts bring with them (meaning, rule 10).

    A start dated before a complete roster that does not list the person brings its ``unlisted``; being listed after all
    takes it back. The facts in question were fetched with the block.
    """
    more: list[Spoken] = []
    for said in spoken:
        if said.kind == "cancelled":
            if said.entry.change == LISTED:
                staging.recheck.add((Place(said.entry.unit, said.entry.branch), said.entry.day))
            continue
        claim = said.claim
        if not isinstance(claim, PersonClaim) or claim.change not in STARTS:
            continue
        place = Place(claim.unit, claim.branch)
        if claim.change == LISTED:
            for entry in _standing(UNLISTED, place, said.key, claim.day, staging):
                more += withdraw(entry, entry.version + 1, origin, staging.ledger)
        for as_of in staging.desk.rosters.after(place, claim.day):
            if not _standing(LISTED, place, said.key, as_of, staging):
                more += unlist(place, as_of, said.key, origin, staging)
    return more


def _standing(change: str, place: Place, person: str, as_of: str, staging: "FileStaging") -> list[Entry]:
    """Live facts of a roster's day about a person, under every id that the person ever had. They must be fetched."""
    ids = staging.desk.merges.ids(person)
    found = (staging.ledger.get(roster_fact(change, place, one, as_of)) for one in ids)
    return [entry for entry in found if entry and entry.live]


def unlist(place: Place, as_of: str, person: str, origin: Origin, staging: "FileStaging") -> list[Spoken]:
    """``unlisted`` of a person, unless it stands already. It must have been fetched."""
    if _standing(UNLISTED, place, person, as_of, staging):
        return []
    claim = unlisted_claim(place, as_of)
    fact = roster_fact(UNLISTED, place, person, as_of)
    offer = Offer(claim, fact, person, content_of(claim, person, staging.desk.keys.content))
    return state(offer, staging.ledger.get(fact), origin, staging.ledger)


def state_rosters(staging: "FileStaging", context: Context) -> None:
    """``roster_stated`` for the file's rosters, then ``unlisted`` for everyone whom a complete one leaves out.

    A roster once complete stays so: a later file that adds to it need not list everyone again.
    """
    rosters, desk = staging.desk.rosters, staging.desk
    stated = staging.rosters.rosters()
    dropped = staging.dropped_rosters - {(place, as_of) for place, as_of, _ in stated}
    rosters.fetch([place for place, _, _ in stated] + [place for place, _ in staging.recheck | dropped])
    for place, as_of in dropped:
        rosters.withdraw(place, as_of)
    claims = [roster_claim(place, as_of, complete or rosters.has(place, as_of)) for place, as_of, complete in stated]
    filing = next(iter(staging.filings.values()))
    origin = Origin(filing.batch, filing.dossier, LINE)
    doubted = {roster_fact(ROSTER, place, "", as_of): place for place, as_of in staging.rosters.doubted()}
    doubted = {claim.fact: doubted[claim.fact] for claim in claims if claim.fact in doubted and not claim.complete}
    _take_back_unlisted(dropped, filing, origin, staging)
    for start in range(0, len(claims), BLOCK):
        block = claims[start : start + BLOCK]
        staging.ledger.fetch(claim.fact for claim in block)
        for claim in block:
            before = staging.ledger.get(claim.fact)
            offer = Offer(claim, claim.fact, claim.subject, content_of(claim, claim.subject, desk.keys.content))
            staging.say(filing, origin, state(offer, before, origin, staging.ledger))
            if claim.fact in doubted and not (before and filing.repeat):
                _doubt(claim.fact, origin, staging)
        staging.ledger.store()
    filing.remark(doubted_rosters(doubted.values()))
    if not filing.repeat:
        filing.remark(rosters_of_several_days(staging.rosters.of_several_days(), context.sha256))
    checked = set(staging.recheck)
    for (place, as_of, _), claim in zip(stated, claims, strict=True):
        if claim.complete:
            rosters.state(place, as_of)
            checked.add((place, as_of))
    _unlist_all({(place, as_of) for place, as_of in checked if rosters.has(place, as_of)}, filing, origin, staging)


def _doubt(fact: str, origin: Origin, staging: "FileStaging") -> None:
    """Remember that the sender called the roster complete: it is, once the file's last refused row has come in."""
    entry = staging.ledger.get(fact)
    if entry and entry.detail != DOUBTED:
        entry.detail, entry.batch = DOUBTED, origin.batch
        staging.ledger.touch(entry)


def _unlist_all(checked: set[tuple[Place, str]], filing: Filing, origin: Origin, staging: "FileStaging") -> None:
    for block in find_unlisted(staging.desk.connection, sorted(checked)):
        ids = staging.desk.merges.ids
        staging.ledger.fetch(roster_fact(UNLISTED, place, one, as_of) for place, as_of, p in block for one in ids(p))
        for place, as_of, person in block:
            staging.say(filing, origin, unlist(place, as_of, person, origin, staging))
        staging.ledger.store()


def _take_back_unlisted(
    dropped: set[tuple[Place, str]], filing: Filing, origin: Origin, staging: "FileStaging"
) -> None:
    """Rosters that do not stand any more close nobody, whichever file it was that said so of them."""
    for block in find_unlisted(staging.desk.connection, sorted(dropped)):
        ids = staging.desk.merges.ids
        staging.ledger.fetch(roster_fact(UNLISTED, place, one, as_of) for place, as_of, p in block for one in ids(p))
        for place, as_of, person in block:
            for entry in _standing(UNLISTED, place, person, as_of, staging):
                staging.say(filing, origin, withdraw(entry, entry.version + 1, origin, staging.ledger))
        staging.ledger.store()


def drop_lines(staging: "FileStaging", context: Context) -> None:
    """Under ``--replaces``: withdraw the lines of the replaced dossier that the file does not restate.

    A D02 dossier's number may be another employer's too: only the places that the file speaks for are touched.
    A file sent again withdraws nothing twice, and nothing that was stated after it. The receipt names the lines.
    """
    filing = next(iter(staging.filings.values()))
    places: list[str] | None = None
    dossiers = set(staging.desk.dossiers.family(context.source, context.replaces)) - {context.sha256}
    if context.source == D02_SOURCE:
        places = sorted(staging.places)
        dossiers = {staging.desk.dossiers.first(context.source, place, context.replaces) for place in places}
    asked = {"source": context.source, "places": places, "again": context.sha256 if filing.repeat else None}
    for dossier in sorted(dossiers):
        facts = staging.desk.connection.execute(
            query("producers.index", "find_dropped"), {"dossier": dossier} | asked
        ).fetchall()
        for start in range(0, len(facts), BLOCK):
            block = [row[0].hex for row in facts[start : start + BLOCK]]
            staging.ledger.fetch(block)
            for fact in block:
                entry = staging.ledger.get(fact)
                if entry and entry.live and not (filing.repeat and entry.said_before(WITHDRAWN)):
                    origin = Origin(filing.batch, filing.dossier, entry.line)
                    staging.say(filing, origin, take_back(entry, entry.version + 1, origin, staging.ledger))
                    if entry.change == ROSTER:
                        staging.dropped_rosters.add((Place(entry.unit, entry.branch), entry.day))
                    if entry.change not in FOLLOWING:
                        filing.withdrawn.append(entry.line)
                    if entry.change == LISTED:
                        staging.recheck.add((Place(entry.unit, entry.branch), entry.day))
            staging.ledger.store()
