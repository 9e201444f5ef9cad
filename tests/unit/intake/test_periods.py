"""What ends before it begins is refused: one of the two days is a slip, and it may be the one that counts."""

import pytest

from producers.quarantine.advice import ADVICE
from producers.validate.claims import RowFault
from producers.validate.d02 import d02_row
from producers.validate.enterprise import enterprise_row
from producers.validate.party import party_row
from producers.validate.union import union_row
from tests.unit.intake.context import FIRM, context, d02


@pytest.mark.parametrize(
    ("code", "begin", "end"),
    [
        ("TM", "10/2026", "09/2026"),
        ("DC", "10/2026", "01/2026"),
        ("OF", "01/2026", "12/2025"),
        ("GH", "10/2026", "08/2026"),
        ("GH", "01/2026", "11/2025"),
        ("TM", "2026-10-20", "2026-10-19"),
        ("TM", "20/10/2026", "09/2026"),
    ],
)
def test_a_month_that_ends_before_it_begins_is_refused(code: str, begin: str, end: str) -> None:
    with pytest.raises(RowFault) as refused:
        d02_row(d02(movement_code=code, from_month=begin, to_month=end), "1", context())
    assert (refused.value.field, refused.value.reason) == ("to_month", "ends-before-start")
    assert refused.value.reason in ADVICE


@pytest.mark.parametrize(
    ("code", "begin", "end"),
    [
        ("TM", "10/2026", "10/2026"),
        ("TM", "10/2026", ""),
        ("TM", "10/2026", "12/2099"),
        ("TM", "10/2026", "không thời hạn"),
        ("TM", "2026-10-20", "10/2026"),
        ("GH", "10/2026", "09/2026"),
        ("GD", "01/2026", "12/2025"),
        ("GH4", "10/2026", "09/2026"),
        ("GH", "2026-11-01", "2026-10-31"),
    ],
)
def test_a_leave_may_name_its_last_month_and_others_what_they_like(code: str, begin: str, end: str) -> None:
    assert d02_row(d02(movement_code=code, from_month=begin, to_month=end), "1", context()).claims


def test_a_row_that_only_withdraws_is_not_judged() -> None:
    row = d02(from_month="10/2026", to_month="09/2026", action="cancel", cites="HS-1:1")
    assert d02_row(row, "1", context()).claims == []


def test_nobody_is_dissolved_before_the_day_of_foundation() -> None:
    enterprise = {"tax_code": FIRM, "name": "Công ty", "registered_on": "2020-01-01", "dissolved_on": "2019-12-31"}
    union = {"union_code": "CD1", "founded_on": "2020-01-01", "dissolved_on": "2019-12-31"}
    party = {"organisation_code": "CB1", "tax_codes": FIRM, "founded_on": "2020-01-01", "ended_on": "2019-12-31"}
    for rule, row in ((enterprise_row, enterprise), (union_row, union), (party_row, party)):
        with pytest.raises(RowFault) as refused:
            rule(row, "1", context())
        assert refused.value.reason == "ends-before-start"
        begins = "registered_on" if "tax_code" in row else "founded_on"
        assert rule(row | {begins: "2019-12-31"}, "1", context()).claims
    assert enterprise_row(enterprise | {"registered_on": "1940-01-01", "effective_on": "2019-01-01"}, "1", context())
