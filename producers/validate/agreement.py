"""Agreement register: a collective agreement, the enterprises that it covers, its first and last day in force."""

from producers.validate.claims import RegistryClaim, Stated
from producers.validate.context import Context
from producers.validate.fields import a_code, a_day, correction, required_day
from producers.validate.periods import check_days
from producers.validate.union import covered_places
from schemas.ids import agreement_id, register_fact_id
from schemas.registry import RegistryChange

SOURCE = "agreement-register"


def agreement_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """``agreement_signed``. ``RowFault`` when it ends before it is signed."""
    subject = agreement_id(a_code(values, "agreement_code"))
    day = required_day(values, ("signed_on",), context)
    ends_on = a_day(values, "ends_on", context, far=True)
    check_days(values, "signed_on", "ends_on")
    action, citation = correction(values)
    claim = RegistryClaim(
        source=SOURCE,
        change=RegistryChange.AGREEMENT_SIGNED.value,
        subject=subject,
        day=day,
        fact=register_fact_id(SOURCE, subject, "", RegistryChange.AGREEMENT_SIGNED.value, day),
        places=covered_places(values),
        ends_on=ends_on,
    )
    return Stated(context.sha256, None, [claim], action=action, citation=citation)
