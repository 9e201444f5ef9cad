"""Registers and rosters: defaults of dates, areas, lists of tax codes, identities (register formats; rule 8)."""

from collections.abc import Callable

import pytest

from producers.validate import union
from producers.validate.agreement import agreement_row
from producers.validate.claims import PersonClaim, RegistryClaim, RowFault, Stated
from producers.validate.context import Context
from producers.validate.enterprise import enterprise_row
from producers.validate.member import member_row
from producers.validate.party import party_row
from producers.validate.roster import roster_row
from producers.validate.union import union_row
from schemas.ids import register_fact_id
from tests.unit.intake.context import FIRM, context

Rule = Callable[[dict[str, str], str, Context], Stated]
ENTERPRISE = {"tax_code": FIRM, "name": "Công ty", "registered_on": "2010-01-01"}
MEMBER = {"union_code": "CD1", "change": "admitted", "effective_on": "2026-01-02", "personal_number": "031185000001"}
ROSTER = {"tax_code": FIRM, "personal_number": "031185000001", "from_month": "01/2026", "as_of": "2026-10-01"}


def registry(rule: Rule, row: dict[str, str]) -> list[RegistryClaim]:
    claims = rule(row, "2", context()).claims
    assert all(isinstance(claim, RegistryClaim) for claim in claims)
    return [claim for claim in claims if isinstance(claim, RegistryClaim)]


def fault(rule: Rule, row: dict[str, str]) -> tuple[str, str]:
    with pytest.raises(RowFault) as refused:
        rule(row, "2", context())
    return refused.value.field, refused.value.reason


def test_an_enterprise_row_counts_from_effective_on_else_registered_on() -> None:
    assert registry(enterprise_row, ENTERPRISE)[0].day == "2010-01-01"
    (claim,) = registry(enterprise_row, ENTERPRISE | {"effective_on": "01/07/2025"})
    assert claim.day == "2025-07-01"
    assert claim.fact == register_fact_id("enterprise-register", "e" + FIRM, "", "enterprise_stated", "2025-07-01")
    assert fault(enterprise_row, {"tax_code": FIRM, "name": "Công ty"}) == ("effective_on", "missing-date")


@pytest.mark.parametrize(
    ("rule", "row"),
    [(enterprise_row, ENTERPRISE), (union_row, {"union_code": "CD1", "tax_codes": FIRM, "effective_on": "2026-01-01"})],
)
def test_a_name_of_a_whole_page_is_no_name(rule: Rule, row: dict[str, str]) -> None:
    assert registry(rule, row | {"name": "Ô" * 300})[0].name == "Ô" * 300
    assert fault(rule, row | {"name": "Ô" * 301}) == ("name", "name-too-long")


def test_an_area_is_valid_on_the_day_that_the_row_states() -> None:
    new_only = "10507"
    assert registry(enterprise_row, ENTERPRISE | {"area_code": new_only})[0].area_code == new_only
    assert fault(enterprise_row, ENTERPRISE | {"area_code": "99999"}) == ("area_code", "unknown-area")
    split = {"area_code": "11320", "effective_on": "2026-01-01"}
    assert registry(enterprise_row, ENTERPRISE | {"area_code": new_only, "effective_on": "2026-01-01"})
    gone = fault(enterprise_row, ENTERPRISE | split | {"area_code": "10510"})
    assert gone == ("area_code", "unknown-area")


def test_ownership_and_eligibility_are_closed_words_in_both_languages() -> None:
    (claim,) = registry(enterprise_row, ENTERPRISE | {"ownership": "Nước ngoài", "eligible_party": "có"})
    assert (claim.ownership, claim.eligible_party) == ("foreign", "yes")
    assert fault(enterprise_row, ENTERPRISE | {"ownership": "mine"}) == ("ownership", "bad-value")


def test_a_successor_needs_the_day_of_the_end() -> None:
    assert fault(enterprise_row, ENTERPRISE | {"successor_tax_code": FIRM})[1] == "successor-without-end"


def test_a_row_that_only_states_an_end_says_nothing_of_the_beginning() -> None:
    claims = registry(enterprise_row, {"tax_code": FIRM, "dissolved_on": "2026-01-01"})
    assert [claim.change for claim in claims] == ["enterprise_dissolved"]
    named = registry(enterprise_row, {"tax_code": FIRM, "dissolved_on": "2026-01-01", "name": "Công ty"})
    assert [(claim.change, claim.day) for claim in named] == [
        ("enterprise_stated", "2026-01-01"),
        ("enterprise_dissolved", "2026-01-01"),
    ]
    dated = registry(enterprise_row, ENTERPRISE | {"dissolved_on": "2026-01-01"})
    assert [claim.day for claim in dated] == ["2010-01-01", "2026-01-01"]
    claims = registry(union_row, {"union_code": "CD1", "dissolved_on": "2026-01-01", "name": "CĐCS"})
    assert [claim.change for claim in claims] == ["union_dissolved"]
    claims = registry(party_row, {"organisation_code": "CB1", "ended_on": "2026-01-01", "tax_codes": FIRM})
    assert [claim.change for claim in claims] == ["party_ended"]


def test_a_union_covers_every_valid_tax_code_once() -> None:
    row = {"union_code": "CD1", "founded_on": "2020-01-01", "tax_codes": f"{FIRM};{FIRM}-001; {FIRM} ;"}
    assert [place.key for place in registry(union_row, row)[0].places] == ["e" + FIRM, FIRM + "-001"]
    assert fault(union_row, row | {"tax_codes": "123"}) == ("tax_codes", "bad-tax-code")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(union, "PLACES", 1)
        assert fault(union_row, row) == ("tax_codes", "too-many-units")
    assert fault(union_row, {"founded_on": "2020-01-01"}) == ("union_code", "missing-code")


def test_an_agreement_ends_after_it_is_signed_also_years_ahead() -> None:
    row = {"agreement_code": "TU1", "tax_codes": FIRM, "signed_on": "2026-01-01"}
    assert registry(agreement_row, row | {"ends_on": "2029-12-31"})[0].ends_on == "2029-12-31"
    assert fault(agreement_row, row | {"ends_on": "2025-12-31"}) == ("ends_on", "ends-before-start")


def test_a_member_row_names_its_union_or_the_user_does() -> None:
    (claim,) = member_row(MEMBER, "2", context()).claims
    assert isinstance(claim, PersonClaim)
    assert (claim.unit, claim.day, claim.precision) == ("uCD1", "2026-01-02", "day")
    unnamed = {name: value for name, value in MEMBER.items() if name != "union_code"}
    assert fault(member_row, unnamed) == ("union_code", "missing-unit")
    (claim,) = member_row(unnamed, "2", context(option="CD9")).claims
    assert isinstance(claim, PersonClaim)
    assert claim.unit == "uCD9"
    assert fault(member_row, MEMBER | {"change": ""})[1] == "bad-value"


def test_an_old_identity_card_of_nine_digits_names_a_member_too() -> None:
    stated = member_row(MEMBER | {"personal_number": "031185001"}, "2", context())
    assert [identifier.kind for identifier in stated.identifiers] == ["id9"]


def test_a_roster_row_starts_before_the_roster_and_belongs_to_it() -> None:
    stated = roster_row(ROSTER | {"complete": "Có"}, "2", context())
    assert [(claim.change, claim.day) for claim in stated.claims] == [
        ("listed", "2026-10-01"),
        ("joined", "2026-01-01"),
    ]
    assert stated.roster is not None
    assert stated.roster[1:] == ("2026-10-01", True)
    assert fault(roster_row, ROSTER | {"from_month": "11/2026"}) == ("from_month", "start-after-roster")
    assert fault(roster_row, ROSTER | {"as_of": ""}) == ("as_of", "missing-date")
