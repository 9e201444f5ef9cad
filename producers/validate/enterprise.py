"""Enterprise register: a legal entity or a branch as it is from a day on, and its end."""

from producers.validate.claims import Claim, RegistryClaim, RowFault, Stated
from producers.validate.context import Context, tax_place
from producers.validate.fields import YES_NO, a_day, a_name, correction, one_of, required_day
from producers.validate.periods import check_days
from schemas.ids import register_fact_id
from schemas.registry import RegistryChange

SOURCE = "enterprise-register"
OWNERSHIP = {
    "state": "state",
    "private": "private",
    "foreign": "foreign",
    "cooperative": "cooperative",
    "public_unit": "public_unit",
    "nhà nước": "state",
    "tư nhân": "private",
    "nước ngoài": "foreign",
    "hợp tác xã": "cooperative",
    "đơn vị sự nghiệp": "public_unit",
}


def enterprise_row(values: dict[str, str], line: str, context: Context) -> Stated:
    """``enterprise_stated`` and, with ``dissolved_on``, ``enterprise_dissolved``: each with an identity of its own,
    so that a later row which only adds the end says nothing else about the beginning. What a row with an end describes
    without any other day is dated to that end."""
    place = tax_place(values.get("tax_code", ""))
    action, citation = correction(values)
    dissolved = a_day(values, "dissolved_on", context)
    check_days(values, "registered_on", "dissolved_on")
    claims: list[Claim] = []
    unit_code = None
    if not dissolved or "name" in values or "effective_on" in values or "registered_on" in values:
        dated = ("effective_on", "registered_on", *(("dissolved_on",) if dissolved else ()))
        day = required_day(values, dated, context)
        claims.append(
            RegistryClaim(
                source=SOURCE,
                change=RegistryChange.ENTERPRISE_STATED.value,
                subject=place.unit,
                day=day,
                fact=register_fact_id(SOURCE, place.key, "", RegistryChange.ENTERPRISE_STATED.value, day),
                name=a_name(values),
                tax_code=place.branch or place.unit[1:],
                unit_code=values.get("unit_code", ""),
                ownership=one_of(values, "ownership", OWNERSHIP),
                area_code=_area(values, day if "effective_on" in values else "", context),
                park=values.get("park", ""),
                eligible_agreement=one_of(values, "eligible_agreement", YES_NO),
                eligible_party=one_of(values, "eligible_party", YES_NO),
                needs_name="name" not in values,
            )
        )
        if "unit_code" in values:
            unit_code = (values["unit_code"], day)
    successors = [code.strip() for code in values.get("successor_tax_code", "").split(";") if code.strip()]
    if successors and not dissolved:
        raise RowFault(
            "dissolved_on",
            "successor-without-end",
            "có đơn vị kế thừa mà không có ngày giải thể. Điền dissolved_on rồi gửi lại dòng này.",
            "successor_tax_code is given without dissolved_on. Fill in the day and send the row again.",
        )
    if dissolved:
        claims.append(
            RegistryClaim(
                source=SOURCE,
                change=RegistryChange.ENTERPRISE_DISSOLVED.value,
                subject=place.unit,
                day=dissolved,
                fact=register_fact_id(SOURCE, place.key, "", RegistryChange.ENTERPRISE_DISSOLVED.value, dissolved),
                tax_code=place.branch or place.unit[1:],
                places=tuple(tax_place(code, "successor_tax_code") for code in successors),
            )
        )
    return Stated(context.sha256, place, claims, action=action, citation=citation, unit_code=unit_code)


def _area(values: dict[str, str], day: str, context: Context) -> str:
    """A ward code that is valid on the stated day. A row that states no ``effective_on`` describes the enterprise as
    it is now, though its fact dates from the registration: then any boundary set will do."""
    code = values.get("area_code", "")
    if code and not context.areas.is_ward(code, day):
        raise RowFault(
            "area_code",
            "unknown-area",
            "mã địa bàn không có trong danh mục xã, phường còn hiệu lực vào ngày đó. Sửa hoặc để trống rồi gửi lại;"
            " địa bàn của tỉnh khác: nạp danh mục trước (mobility areas load).",
            "area_code is not a ward or commune code that is valid on that day. Correct it or leave it empty; of"
            " another province: load its areas first (mobility areas load).",
        )
    return code
