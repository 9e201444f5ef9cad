"""Rule 14: dated names, edges at both ends, spells left at a dissolved enterprise."""

from schemas.changes import Effect
from schemas.topics import CHANGES
from streams import registry
from tests import build
from tests.build import registry_fact
from tests.property.run import data_of, run
from tests.unit.streams.world import A, B, C, Log, U


def test_names_and_codes_are_dated() -> None:
    log = (
        Log()
        .tick("2026-01-31")
        .registered(
            registry_fact("1", "enterprise_stated", A, "2026-01-01", name="An Phát", ownership="private"),
            registry_fact("2", "enterprise_stated", A, "2026-02-01", name="An Phát Mới", tax_code="0200999999"),
        )
    )
    assert (log.status["name"], log.status["tax_code"]) == ("An Phát", A[1:])
    log.tick("2026-02-01")
    assert (log.status["name"], log.status["tax_code"], log.status["ownership"]) == (
        "An Phát Mới",
        "0200999999",
        "private",
    )


def test_a_branchs_row_does_not_rename_the_legal_entity() -> None:
    branch = registry_fact("1", "enterprise_stated", A, "2026-01-01", name="Chi nhánh", tax_code="0200123450-001")
    assert "name" not in Log().tick("2026-01-31").registered(branch).status


def test_an_edge_reaches_both_ends() -> None:
    split = registry_fact("1", "enterprise_dissolved", A, "2026-01-01", places=(B, C))
    _, log = run(registry.step, [build.registry_record(split)])
    edges = {
        (key.decode(), data_of(value)["key"], data_of(value)["detail"]["direction"])
        for key, value in log[CHANGES]
        if data_of(value)["about"] == "edge"
    }
    assert edges == {(A, B, "to"), (A, C, "to"), (B, A, "from"), (C, A, "from")}


def test_spells_left_at_a_dissolved_enterprise_stop_counting_and_are_told() -> None:
    log = Log().tick("2026-01-31").workers(25)
    log.registered(registry_fact("1", "enterprise_dissolved", A, "2026-01-20", places=(C, B)))
    status = log.status
    assert (status["workers"], status["present"], status["members"]) == (0, 0, 0)
    assert (status["unclosed"], status["dissolved_on"], status["successors"]) == (25, "2026-01-20", [B, C])


def test_memberships_left_in_a_dissolved_union_stop_counting_there_and_are_told() -> None:
    log = Log(U).tick("2026-01-31")
    members = [Effect(person=build.person_id(f"p{n}"), day="2025-01-01", members=1) for n in range(7)]
    for number, effect in enumerate(members):
        log._take(build.change_record(U, effect, number))
    log.registered(registry_fact("1", "union_dissolved", U, "2026-01-20"))
    assert (log.status["members"], log.status["unclosed"], log.status["dissolved_on"]) == (0, 7, "2026-01-20")


def test_the_end_of_a_branch_is_not_the_end_of_the_enterprise() -> None:
    branch = registry_fact("1", "enterprise_dissolved", A, "2026-01-01", tax_code="0200123450-001")
    assert Log().tick("2026-01-31").workers(3).registered(branch).status["workers"] == 3


def test_a_dissolution_that_is_withdrawn_counts_again() -> None:
    ended = registry_fact("1", "enterprise_dissolved", A, "2026-01-01")
    withdrawn = registry_fact("1", "cancelled", A, "2026-01-01", version=2)
    log = Log().tick("2026-01-31").workers(3)
    assert log.registered(ended).status["workers"] == 0
    state, _ = run(registry.step, [build.registry_record(ended)])
    for key, value in registry.step(state, [build.registry_record(withdrawn)]).outputs[CHANGES]:
        log.waiting.append(build.Rec(0, key, value))
    assert log.status["workers"] == 3


def test_marks_of_one_cause_are_looked_at_together() -> None:
    """A corrected row moves cover from one day to another: no alert opens between the two marks."""
    log = Log().tick("2026-01-31").workers(20)
    row = registry_fact("1", "union_stated", "uCD1", "2026-01-01", places=(A,))
    log.registered(row)
    life = log.life()
    state, _ = run(registry.step, [build.registry_record(row)])
    moved = row.model_copy(update={"version": 2, "day": "2026-01-05"})
    for key, value in registry.step(state, [build.registry_record(moved)]).outputs[CHANGES]:
        log.waiting.append(build.Rec(0, key, value))
    assert log.status["unions"] == ["CD1"]
    assert log.life() == life
