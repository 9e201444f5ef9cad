"""Which facts a row says something of, and what it does to those that others stated."""

from collections.abc import Collection, Sequence

from producers.index.decide import Offer, Spoken
from producers.index.entry import Entry
from producers.index.ledger import Ledger
from producers.validate.claims import Claim, PersonClaim, RowFault, Stated
from producers.validate.context import Context
from producers.validate.fields import correction


def declared(claim: Claim) -> bool:
    """Known by its line; a row of a register is known by what it speaks of (rule 8)."""
    return isinstance(claim, PersonClaim) and not claim.register


def facts_of(stated: Stated, offers: Sequence[Offer], cited: Sequence[Entry]) -> list[str]:
    """A declared row that corrects speaks of the line that it cites, not of its own."""
    own = [offer.fact for offer in offers if not (stated.citation and declared(offer.claim))]
    return list(dict.fromkeys([entry.fact for entry in cited] + own))


def names_another(spoken: Sequence[Spoken], ids: Collection[str]) -> bool:
    """A correction took something from somebody else than the person with these ids (rule 9: cancelled, and new)."""
    return any(said.kind == "cancelled" and said.key not in ids for said in spoken)


def corrected_since(offers: Sequence[Offer], cited: Sequence[Entry], ledger: Ledger) -> bool:
    """What an unchanged row says is not what stands: it stood once."""
    if cited and not offers:
        return any(entry.live for entry in cited)
    known = [(offer, [*cited, ledger.get(offer.fact)]) for offer in offers]
    return any(not any(entry and entry.says(offer.content) for entry in entries) for offer, entries in known)


def cited_line(values: dict[str, str], context: Context) -> str:
    """The line of the dossier under ``--replaces`` that a refused row meant to correct; empty if none."""
    try:
        _, citation = correction(values)
    except RowFault:
        return ""
    ours = citation and citation.dossier in context.dossiers.family(context.source, context.replaces)
    return citation.line if citation and ours else ""
