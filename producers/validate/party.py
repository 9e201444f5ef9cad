"""Party register: an organisation, the enterprises that it is in, its foundation and its end."""

from producers.validate.claims import Claim, RegistryClaim, Stated
from producers.validate.context import Context
from producers.validate.fields import a_code, a_day, correction, required_day
from producers.validate.periods import check_days
from producers.validate.union import covered_places
from schemas.ids import party_id, register_fact_id
from schemas.registry import RegistryChange

SOURCE = "party-register"


def party_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """``party_founded`` and, with ``ended_on``, ``party_ended``; each with an identity of its own."""
    subject = party_id(a_code(values, "organisation_code"))
    ended = a_day(values, "ended_on", context)
    check_days(values, "founded_on", "ended_on")
    action, citation = correction(values)
    dated: list[tuple[RegistryChange, str]] = []
    if not ended or "founded_on" in values:
        dated.append((RegistryChange.PARTY_FOUNDED, required_day(values, ("founded_on",), context)))
    if ended:
        dated.append((RegistryChange.PARTY_ENDED, ended))
    claims: list[Claim] = [
        RegistryClaim(
            source=SOURCE,
            change=change.value,
            subject=subject,
            day=day,
            fact=register_fact_id(SOURCE, subject, "", change.value, day),
            places=covered_places(values),
        )
        for change, day in dated
    ]
    return Stated(context.sha256, None, claims, action=action, citation=citation)
