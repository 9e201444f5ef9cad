"""Union register: a grassroots union, the enterprises that it covers from a day on, and its end."""

from producers.units.tax_code import Place
from producers.validate.claims import Claim, RegistryClaim, RowFault, Stated
from producers.validate.context import Context, tax_place
from producers.validate.fields import a_code, a_day, a_name, correction, required_day
from producers.validate.periods import check_days
from schemas.ids import register_fact_id, union_id
from schemas.registry import RegistryChange

SOURCE = "union-register"
PLACES = 5_000
"""Units in one row: the fact must fit a Kafka record of 1 MiB."""


def covered_places(values: dict[str, str]) -> tuple[Place, ...]:
    """``tax_codes`` separated by ``;``, in their order, each once. ``RowFault`` when one is not valid."""
    codes = [code.strip() for code in values.get("tax_codes", "").split(";")]
    places = tuple(dict.fromkeys(tax_place(code, "tax_codes") for code in codes if code))
    if len(places) > PLACES:
        raise RowFault(
            "tax_codes",
            "too-many-units",
            f"một dòng nêu tối đa {PLACES} đơn vị. Tách dòng rồi gửi lại.",
            f"one row may name {PLACES} units at most. Split the row and send it again.",
        )
    return places


def union_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """``union_stated`` (those left out of ``tax_codes`` are no longer covered) and, with ``dissolved_on``, its end."""
    code = a_code(values, "union_code")
    subject = union_id(code)
    action, citation = correction(values)
    upper = a_code(values, "upper_union") if "upper_union" in values else ""
    dissolved = a_day(values, "dissolved_on", context)
    check_days(values, "founded_on", "dissolved_on")
    claims: list[Claim] = []
    if not dissolved or "effective_on" in values or "founded_on" in values:
        day = required_day(values, ("effective_on", "founded_on"), context)
        claims.append(
            RegistryClaim(
                source=SOURCE,
                change=RegistryChange.UNION_STATED.value,
                subject=subject,
                day=day,
                fact=register_fact_id(SOURCE, subject, "", RegistryChange.UNION_STATED.value, day),
                name=a_name(values),
                union_code=code,
                upper_union=upper,
                places=covered_places(values),
            )
        )
    if dissolved:
        claims.append(
            RegistryClaim(
                source=SOURCE,
                change=RegistryChange.UNION_DISSOLVED.value,
                subject=subject,
                day=dissolved,
                fact=register_fact_id(SOURCE, subject, "", RegistryChange.UNION_DISSOLVED.value, dissolved),
                union_code=code,
            )
        )
    return Stated(context.sha256, None, claims, action=action, citation=citation)
