"""Rule 12: twenty workers of the legal entity, any live cover of any branch, not for public units."""

from tests.build import registry_fact
from tests.unit.streams.world import A, B, Log, U


def test_nineteen_are_not_twenty() -> None:
    assert Log().tick("2026-01-10").workers(19).alert() == {}
    assert Log().tick("2026-01-10").workers(20).alert()["state"] == "open"


def test_cover_of_one_branch_covers_and_is_told_as_partial() -> None:
    log = Log().tick("2026-01-10").cover(branch="0200123450-001").workers(20)
    assert log.alert() == {}
    assert (log.status["unions"], log.status["partial_cover"]) == (["CD1"], True)
    assert log.cover().status["partial_cover"] is False


def test_a_public_unit_is_not_watched() -> None:
    log = Log().tick("2026-01-10").mark("described", detail={"ownership": "public_unit"}).workers(25)
    assert log.alert() == {}


def test_a_public_unit_that_is_stated_later_resolves_the_alert_as_corrected() -> None:
    log = Log().tick("2026-01-10").workers(25).mark("described", detail={"ownership": "public_unit"})
    assert (log.alert()["state"], log.alert()["reason"]) == ("resolved", "corrected")


def test_a_union_has_no_alert() -> None:
    log = Log(U).tick("2026-01-10").workers(30)
    assert log.flush().alerts == {}


def test_a_unions_row_restates_its_enterprises() -> None:
    both = registry_fact("1", "union_stated", U, "2026-01-01", places=(A, B))
    one = registry_fact("2", "union_stated", U, "2026-02-01", places=(B,))
    unnamed = registry_fact("3", "union_stated", U, "2026-03-01", upper_union="LĐ1")
    log = Log().tick("2026-01-31").registered(both, one, unnamed)
    assert log.status["unions"] == ["CD1"]
    assert log.tick("2026-02-01", "2026-03-02").status["unions"] == []


def test_a_row_without_enterprises_says_nothing_of_them() -> None:
    log = Log().tick("2026-03-01")
    log.registered(
        registry_fact("1", "union_stated", U, "2026-01-01", places=(A,)),
        registry_fact("2", "union_stated", U, "2026-02-01", upper_union="LĐ1"),
    )
    assert log.status["unions"] == ["CD1"]


def test_of_two_rows_on_one_day_the_last_speaks() -> None:
    """It names the enterprise again that the other left out: no break in its cover."""
    rows = [registry_fact(name, "union_stated", U, "2026-02-01", places=(B,)) for name in "12"]
    low, high = sorted(rows, key=lambda fact: fact.fact)
    high = high.model_copy(
        update={"places": [*registry_fact("x", "union_stated", U, "2026-02-01", places=(A,)).places]}
    )
    first = registry_fact("0", "union_stated", U, "2026-01-01", places=(A,))
    assert Log().tick("2026-03-01").registered(first, low, high).status["unions"] == ["CD1"]


def test_a_dissolved_union_covers_nobody_from_that_day() -> None:
    log = Log().tick("2026-01-31").workers(20)
    log.registered(
        registry_fact("1", "union_stated", U, "2026-01-01", places=(A,)),
        registry_fact("2", "union_dissolved", U, "2026-02-01"),
    )
    assert log.status["unions"] == ["CD1"]
    log.tick("2026-02-01")
    assert log.status["unions"] == []
    assert log.life()[-1] == ("2026-02-01", "open", "returned")


def test_a_renewed_agreement_holds_on_beyond_the_end_of_the_first() -> None:
    log = (
        Log()
        .tick("2026-05-01")
        .registered(
            registry_fact("1", "agreement_signed", "aTU1", "2025-01-01", places=(A,), ends_on="2026-03-31"),
            registry_fact("2", "agreement_signed", "aTU1", "2026-03-01", places=(A,), ends_on="2026-05-31"),
        )
    )
    assert log.status["agreement"] is True
    assert log.tick("2026-05-31").status["agreement"] is True
    assert log.tick("2026-06-01").status["agreement"] is False


def test_a_party_organisation_holds_until_its_end() -> None:
    log = (
        Log()
        .tick("2026-01-31")
        .registered(
            registry_fact("1", "party_founded", "pDB1", "2025-01-01", places=(A,)),
            registry_fact("2", "party_ended", "pDB1", "2026-02-01"),
        )
    )
    assert log.status["party"] is True
    assert log.tick("2026-02-01").status["party"] is False


def test_the_baseline_is_none_until_a_roster_is_stated() -> None:
    log = Log().tick("2026-03-01").workers(1)
    assert log.status["baseline"] == "none"
    assert log.registered(registry_fact("1", "roster_stated", A, "2026-01-31")).status["baseline"] == "partial"
    log.registered(registry_fact("2", "roster_stated", A, "2026-02-28", complete=True))
    assert log.status["baseline"] == "complete"
