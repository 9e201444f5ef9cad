"""One block of rows: validate, identify, compare with the index, stage. Each step is a few statements for all rows.

In two halves, so that the database looks up one block while the program stages the one before (see ``FileStaging``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from producers.index.cited import lines_cited, the_one_meant
from producers.index.content import content_of
from producers.index.decide import Offer, Origin, correct, decide
from producers.index.dossiers import ALL
from producers.index.entry import LISTED, STARTS, UNLISTED, Entry
from producers.index.ledger import Lookup
from producers.index.rosters import roster_fact
from producers.readers import Row, RowRefused
from producers.staging.consequences import follow
from producers.staging.erased import without_erased
from producers.staging.filing import Filing
from producers.staging.naming import check_named, known_subjects
from producers.staging.row_facts import corrected_since, declared, facts_of, names_another
from producers.staging.stated_lines import cited_twice, twice
from producers.staging.unit_codes import check_unit_code, note_given_up
from producers.units.tax_code import Place
from producers.validate.claims import Citation, Claim, PersonClaim, RegistryClaim, RowFault, Stated
from producers.validate.context import Context
from producers.validate.d02 import SOURCE as D02_SOURCE
from producers.validate.fields import TWO_IDENTITIES
from producers.validate.rows import Rule, withdrawal
from producers.vault.block import VaultBlock
from schemas.ids import register_fact_id

if TYPE_CHECKING:
    from producers.staging.file import FileStaging


@dataclass(slots=True)
class Item:
    """A valid row with its person, its filing and what it offers."""

    row: Row
    line: str
    stated: Stated
    filing: Filing
    person: str = ""
    offers: list[Offer] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """Valid rows, and what was asked about them of vault and index: the answers may still be on their way."""

    items: list[Item]
    vault: VaultBlock
    declared: Lookup | None


def open_block(rows: Iterable[Row | RowRefused], rule: Rule, context: Context, staging: "FileStaging") -> Block:
    """Validate the rows, and ask in the background who they speak of and what is known of the lines they declare."""
    items = _validate(list(rows), rule, context, staging)
    desk = staging.desk
    vault = VaultBlock(desk.connection, desk.keys, desk.now, desk.sealer)
    vault.ask({identifier for item in items for identifier in item.stated.identifiers})
    declared = {claim.fact for item in items for claim in item.stated.claims if claim.fact}
    return Block(items, vault, staging.ledger.ask(declared))


def stage_block(block: Block, context: Context, staging: "FileStaging") -> int:
    """Stage what was opened, one block after the other; how many rows were valid (some refused against the index)."""
    vault = block.vault
    items = _identify(block.items, vault, context, staging)
    staging.ledger.take_up(block.declared)
    _fetch(items, staging)
    _find_under_former_ids(items, staging)
    known = known_subjects((claim for item in items for claim in item.stated.claims), staging)
    for item in items:
        try:
            _stage(item, vault, context, staging, known)
        except RowFault as fault:
            staging.refuse(context, item.line, item.row.place, item.row.values, fault)
            staging.rosters.refuse(item.row.values, context)
    staging.store_block(vault)
    return len(items)


def _validate(rows: list[Row | RowRefused], rule: Rule, context: Context, staging: "FileStaging") -> list[Item]:
    staging.desk.directory.fetch(row.values.get("unit_code", "") for row in rows)
    items = []
    for row in rows:
        line = staging.line_name(row.line)
        if isinstance(row, RowRefused):
            fault = RowFault(row.field, row.reason, "", "")
            said = f"{context.file}{', ' if row.place else ': '}{row.message}"
            staging.refuse_said(context, line, row.values, fault, said)
            staging.rosters.refuse(row.values, context)
            continue
        try:
            stated = withdrawal(row.values, context) if context.source != D02_SOURCE else None
            stated = stated or rule(row.values, line, context)
            staging.rosters.enter(stated)
        except RowFault as fault:
            staging.refuse(context, line, row.place, row.values, fault)
            staging.rosters.refuse(row.values, context)
        else:
            items.append(Item(row, line, stated, staging.filing(stated.dossier, context)))
    return items


def _identify(items: list[Item], vault: VaultBlock, context: Context, staging: "FileStaging") -> list[Item]:
    """Persons for the rows that speak of one; those whose numbers lead to two are refused."""
    named = [item for item in items if item.stated.identifiers]
    persons = vault.resolve(
        [(item.stated.identifiers, item.stated.claims[0].day) for item in named], staging.added_before
    )
    refused = set()
    for item, person in zip(named, persons, strict=True):
        if person is None:
            refused.add(id(item))
            fault = RowFault("insurance_number", "two-identities", *TWO_IDENTITIES)
            staging.refuse(context, item.line, item.row.place, item.row.values, fault)
            staging.rosters.refuse(item.row.values, context)
        else:
            item.person = person
    kept = without_erased([item for item in items if id(item) not in refused], vault, context, staging)
    secret = staging.desk.keys.content
    for item in kept:
        item.offers = [_offer(claim, item.person, secret) for claim in item.stated.claims]
    return kept


def _offer(claim: Claim, person: str, secret: bytes) -> Offer:
    if isinstance(claim, RegistryClaim):
        return Offer(claim, claim.fact, claim.subject, content_of(claim, claim.subject, secret))
    fact = claim.fact or register_fact_id(claim.register, claim.register_key, person, claim.change, claim.on)
    return Offer(claim, fact, person, content_of(claim, person, secret))


def _fetch(items: list[Item], staging: "FileStaging") -> None:
    """Everything of the index that these rows can touch."""
    starts = [
        (Place(offer.claim.unit, offer.claim.branch), offer)
        for item in items
        for offer in item.offers
        if isinstance(offer.claim, PersonClaim) and offer.claim.change in STARTS
    ]
    rosters = staging.desk.rosters
    rosters.fetch(place for place, _ in starts)
    wanted = {offer.fact for item in items for offer in item.offers}
    for place, offer in starts:
        days = rosters.after(place, offer.claim.day)
        if not days and offer.claim.change != LISTED:
            continue
        for person in staging.desk.merges.ids(offer.key):
            wanted.update(roster_fact(LISTED, place, person, as_of) for as_of in days)
            wanted.update(roster_fact(UNLISTED, place, person, as_of) for as_of in days)
            if offer.claim.change == LISTED:
                wanted.add(roster_fact(UNLISTED, place, person, offer.claim.day))
    staging.ledger.fetch(wanted)


def _find_under_former_ids(items: list[Item], staging: "FileStaging") -> None:
    """Rows of persons who had another id once: what was taken in under that one is the same fact (rule 7).

    A register row's identity and every hash of content have the id in them, so both are tried under each.
    """
    merges, secret = staging.desk.merges, staging.desk.keys.content
    for item in items:
        formers = merges.formers(item.person) if item.person else ()
        if formers:
            others = [[_offer(claim, former, secret) for former in formers] for claim in item.stated.claims]
            staging.ledger.fetch(other.fact for offers in others for other in offers)
            item.offers = [
                _as_known(offer, [offer, *other], staging) for offer, other in zip(item.offers, others, strict=True)
            ]


def _as_known(offer: Offer, candidates: list[Offer], staging: "FileStaging") -> Offer:
    """The offer under the identity and with the content under which the index has it, if it has."""
    known = [(one, entry) for one in candidates if (entry := staging.ledger.get(one.fact))]
    for one, entry in known:
        if entry.says(one.content) or entry.said_before(one.content):
            return Offer(offer.claim, one.fact, offer.key, one.content)
    return Offer(offer.claim, known[0][0].fact, offer.key, offer.content) if known else offer


def _stage(item: Item, vault: VaultBlock, context: Context, staging: "FileStaging", known: set[str]) -> None:
    stated, filing = item.stated, item.filing
    place, dossier = stated.place, stated.dossier
    first = context.identity_dossier(place, dossier) if place and context.source == D02_SOURCE else dossier
    origin = Origin(filing.batch, first, item.line)
    by_line, dossiers = context.source == D02_SOURCE, staging.desk.dossiers
    replaces = ((first,) if by_line else dossiers.family(context.source, context.replaces)) if context.replaces else ()
    cited = _cited(stated, stated.citation, context, staging) if stated.citation else []
    repeat = staging.taken_before(filing, item.line, item.row.values, context)
    if not repeat:
        check_unit_code(stated, staging)
    if stated.citation:
        corrected = partial(_cited_twice, item, stated.citation, cited, staging)
        spoken = correct(item.offers, stated.citation, cited, origin, staging.ledger, repeat=repeat, twice=corrected)
    else:
        check_named(stated.claims, known)
        spoken = decide(
            item.offers,
            origin,
            staging.ledger,
            replaces=replaces,
            repeat=repeat,
            twice=partial(_twice, item, staging),
            derived=context.dossier_derived and not item.row.values.get("dossier_no"),
        )
    for said in spoken:
        if said.kind == "replaced":
            staging.ledger.said_by(said.fact, origin.dossier, origin.line)
    again = stated.roster is not None and staging.desk.rosters.has(*stated.roster[:2])
    if again and stated.roster:
        staging.listed_before.add(stated.roster[:2])
    facts = facts_of(stated, item.offers, cited)
    staging.stated.add(facts, item.row.place)
    if cited:
        staging.corrected.add([entry.fact for entry in cited], item.row.place)
    if context.replaces or again:
        for fact in facts:
            staging.restated(fact, item.line)
    if context.replaces:
        if place and by_line and dossier != first:
            dossiers.replace(context.source, place.key, dossier, first, filing.batch)
        elif not by_line:
            whole = dossiers.first(context.source, ALL, context.replaces)
            dossiers.replace(context.source, ALL, dossier, whole, filing.batch)
    if item.person and (spoken or stated.citation):
        vault.state(item.person, stated.record, f"{dossier}:{item.line}")
    if stated.posts and not repeat:
        staging.hold_posts(item.person, stated.posts, f"{dossier}:{item.line}")
    for said in spoken:
        if isinstance(said.claim, PersonClaim) and said.claim.secret_code:
            vault.keep_code(said.key, said.fact, said.claim.secret_code)
    if place:
        filing.units.add(place.unit)
        staging.places.add(place.key)
        staging.compare_codes(filing, item.line, item.row.values, stated)
        note_given_up(stated, staging)
        if stated.unit_code:
            staging.desk.directory.state(*stated.unit_code, place, filing.batch)
    for claim in stated.claims:
        if isinstance(claim, PersonClaim):
            filing.spoken_of.add(claim.unit)
        else:
            filing.spoken_of.update(covered.unit for covered in claim.places)
    if item.person and names_another(spoken, staging.desk.merges.ids(item.person)):
        filing.other_persons.append(item.line)
    if spoken:
        filing.accepted += 1
        staging.say(filing, origin, [*spoken, *follow(spoken, origin, staging)])
    else:
        staging.unchanged(filing, item.line)
        if repeat and corrected_since(item.offers, cited, staging.ledger):
            filing.kept.append(item.line)


def _twice(item: Item, staging: "FileStaging", entry: Entry) -> RowFault | None:
    """The refusal, where another row of the same file states what this row says otherwise."""
    place = staging.stated_at(entry, item.row.values) if entry.live else None
    if place is None:
        return None
    return twice(item.line, place, item.row.place, numbered=any(map(declared, item.stated.claims)))


def _cited_twice(
    item: Item, citation: Citation, cited: list[Entry], staging: "FileStaging", version: int
) -> RowFault | None:
    """The refusal, where another row of the same file has corrected what this row cites."""
    places = (staging.corrected_at(entry) for entry in cited)
    first = next((place for place in places if place is not None), None)
    return None if first is None else cited_twice(citation, version, first, item.row.place)


def _cited(stated: Stated, citation: Citation, context: Context, staging: "FileStaging") -> list[Entry]:
    """Facts under the citation, of this feed and, where the row speaks for a place, of that place."""
    place = stated.place
    key = place.key if place else ""
    dossiers = dict.fromkeys((citation.dossier, staging.desk.dossiers.first(context.source, key, citation.dossier)))
    asked = [(dossier, citation.line) for dossier in dossiers]

    def of_here(entries: list[Entry]) -> list[Entry]:
        return [
            entry
            for entry in entries
            if entry.source == context.source and (place is None or (entry.unit, entry.branch) == place)
        ]

    answering = of_here([entry for entries in staging.ledger.fetch_cited(asked).values() for entry in entries])
    lines = lines_cited(answering, asked)
    if set(lines) <= set(asked):
        return answering
    whole = staging.ledger.fetch_cited(lines)  # a correction may have restated but one fact of its line
    facts = {line: of_here([entry for entry in whole[line] if (entry.dossier, entry.line) == line]) for line in lines}
    return the_one_meant(facts, asked, citation)
