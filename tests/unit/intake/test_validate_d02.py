"""D02 rows: codes, forms, months, numbers (meaning, rules 2, 3 and 8)."""

import pytest

from producers.units.tax_code import Place
from producers.validate.claims import PersonClaim, RowFault
from producers.validate.d02 import d02_row
from schemas.codes import code_table
from schemas.ids import line_fact_id
from tests.unit.intake.context import FIRM, context, d02


def claim_of(**more: str) -> PersonClaim:
    (claim,) = d02_row(d02(**more), "7", context()).claims
    assert isinstance(claim, PersonClaim)
    return claim


def fault_of(**more: str) -> tuple[str, str]:
    with pytest.raises(RowFault) as refused:
        d02_row(d02(**more), "7", context())
    return refused.value.field, refused.value.reason


@pytest.mark.parametrize("code", [code for code in code_table().values() if code.form == "D02"], ids=lambda c: c.code)
def test_every_code_of_d02_gives_its_class_and_health_codes_stay_out(code: object) -> None:
    entry = next(known for known in code_table().values() if known is code)
    claim = claim_of(movement_code=entry.code.lower())
    assert (claim.change, claim.code_class) == (entry.change.value, entry.code_class)
    assert claim.short_contract == (entry.code == "TH")
    assert (claim.code, claim.secret_code) == (("", entry.code) if entry.health else (entry.code, ""))


def test_voluntary_insurance_is_noted_whatever_its_code() -> None:
    for code in ("TM", "DL", "GC", "GD", "GH"):
        assert claim_of(form="D05-TS", movement_code=code).change == "noted"


def test_a_month_means_its_first_day_and_a_day_of_death_is_exact() -> None:
    assert (claim_of().day, claim_of().precision) == ("2026-10-01", "month")
    claim = claim_of(movement_code="GH4", died_on="15/09/2026")
    assert (claim.day, claim.precision) == ("2026-09-15", "day")
    assert claim_of(movement_code="GH", died_on="15/09/2026").day == "2026-10-01"
    claim = claim_of(movement_code="GH4", from_month="", to_month="08/2026", died_on="15/09/2026")
    assert (claim.day, claim.precision) == ("2026-09-15", "day")


def test_the_identity_is_the_declared_line_of_the_dossier_at_the_unit() -> None:
    assert claim_of().fact == line_fact_id("bhxh", "e" + FIRM, "HS-1", "D02", "7")
    branch = FIRM + "-001"
    assert claim_of(tax_code=branch).fact == line_fact_id("bhxh", branch, "HS-1", "D02", "7")


def test_the_unit_and_the_dossier_come_from_the_row_before_the_file() -> None:
    place = Place("e0000000000", "")
    file = context(place=place, dossier="600/10-2026/2026-11-03", form="D02")
    (claim,) = d02_row(d02(tax_code="", dossier_no=""), "1", file).claims
    assert isinstance(claim, PersonClaim)
    assert claim.unit == "e0000000000"
    stated = d02_row(d02(), "1", file)
    assert (stated.place, stated.dossier) == (Place("e" + FIRM, ""), "HS-1")


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"movement_code": "GX"}, "movement_code", "unknown-movement-code"),
        ({"movement_code": ""}, "movement_code", "missing-movement-code"),
        ({"movement_code": "DT"}, "movement_code", "unknown-movement-code"),
        ({"form": "DK05"}, "form", "refused-form"),
        ({"form": "TK1-TS"}, "form", "refused-form"),
        ({"from_month": ""}, "from_month", "missing-month"),
        ({"from_month": "", "movement_code": "GH", "died_on": "15/09/2026"}, "from_month", "missing-month"),
        ({"from_month": "", "movement_code": "GH4"}, "from_month", "missing-month"),
        ({"from_month": "13/2026", "movement_code": "GH4", "died_on": "15/09/2026"}, "from_month", "bad-month"),
        ({"from_month": "13/2026"}, "from_month", "bad-month"),
        ({"from_month": "10/1949"}, "from_month", "day-out-of-range"),
        ({"from_month": "12/2028"}, "from_month", "day-out-of-range"),
        ({"insurance_number": "790000000"}, "insurance_number", "bad-insurance-number"),
        (
            {"insurance_number": "7900000001", "personal_number": "03118500000"},
            "personal_number",
            "bad-personal-number",
        ),
        ({"insurance_number": "", "personal_number": "000000000000"}, "personal_number", "bad-personal-number"),
        ({"insurance_number": ""}, "personal_number", "missing-number"),
        ({"insurance_number": "031185000001", "personal_number": "031185000002"}, "personal_number", "two-identities"),
        ({"tax_code": FIRM[:9] + str((int(FIRM[9]) + 1) % 10)}, "tax_code", "bad-tax-code"),
        ({"tax_code": "", "unit_code": "TA0001A"}, "unit_code", "unknown-unit-code"),
        ({"tax_code": ""}, "tax_code", "missing-unit"),
        ({"dossier_no": ""}, "dossier_no", "missing-dossier"),
        ({"dossier_no": "x" * 101}, "dossier_no", "bad-dossier"),
        ({"action": "replace"}, "cites", "missing-citation"),
        ({"action": "replace", "cites": "HS-1"}, "cites", "bad-citation"),
        ({"action": "replace", "cites": "HS-1:3@x"}, "cites", "bad-citation"),
        ({"cites": "HS-1:3"}, "action", "citation-without-action"),
        ({"action": "fix", "cites": "HS-1:3"}, "action", "bad-value"),
    ],
)
def test_a_faulty_row_is_refused_with_its_field_and_reason(more: dict[str, str], field: str, reason: str) -> None:
    assert fault_of(**more) == (field, reason)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0000000000", "is all zeros"),
        ("\uff17\uff19\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff11", "other than the digits 0 to 9"),
        ("79000OOO01", "other than the digits 0 to 9"),
        ("790000000", "has 9 characters; 10 or 12 digits are needed"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_without_it(number: str, said: str) -> None:
    with pytest.raises(RowFault) as fault:
        d02_row(d02(insurance_number=number), "1", context())
    assert said in fault.value.en
    assert number not in fault.value.vi + fault.value.en


def test_future_months_up_to_two_years_are_accepted() -> None:
    assert claim_of(from_month="10/2028").day == "2028-10-01"


def test_a_citation_is_dossier_line_and_version_also_when_the_dossier_has_colons() -> None:
    stated = d02_row(d02(action="thay thế", cites="A:B/10-2026:12@3"), "1", context())
    assert stated.citation is not None
    assert (stated.citation.dossier, stated.citation.line, stated.citation.version) == ("A:B/10-2026", "12", 3)
    assert stated.action == "replace"


@pytest.mark.parametrize("field", ["movement_code", "from_month", "form", "tax_code", "unit_code", "action", "cites"])
@pytest.mark.parametrize("secret", ["TRẦN VĂN BÍ", "TRAN", "031185000009", "7900000009", "031 185 000 009"])
def test_no_refusal_quotes_what_could_be_a_name_or_a_number(field: str, secret: str) -> None:
    more = {field: secret} | ({"tax_code": ""} if field == "unit_code" else {})
    try:
        d02_row(d02(**more), "1", context())
    except RowFault as fault:
        assert secret not in fault.vi
        assert secret not in fault.en


def test_an_empty_movement_code_is_called_missing_not_unknown() -> None:
    with pytest.raises(RowFault) as refused:
        d02_row(d02(movement_code=""), "1", context())
    assert refused.value.vi.startswith("thiếu mã phương án")
    assert refused.value.en.startswith("the movement code is missing")
