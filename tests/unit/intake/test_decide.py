"""A row against the index, as a pure rule (meaning, rules 8 and 9)."""

from typing import Any, cast

import pytest

from producers.index.content import content_of
from producers.index.decide import Offer, Origin, Spoken, correct, decide
from producers.index.ledger import Ledger
from producers.validate.claims import Citation, PersonClaim, RowFault
from schemas.ids import swap_id

ORIGIN = Origin("b" * 32, "HS-1", "1")


def offer(
    key: str = "p1",
    day: str = "2026-10-01",
    fact: str = "f1",
    change: str = "joined",
    unit: str = "e1",
    register: str = "",
) -> Offer:
    claim = PersonClaim("bhxh", change, unit, "", day, "month", "D02", fact=fact, register=register)
    return Offer(claim, fact, key, content_of(claim, key, b"k"))


@pytest.fixture
def ledger() -> Ledger:
    """Nothing is behind it: only what the test states is known."""
    return Ledger(cast(Any, None))


def test_a_row_is_all_or_nothing(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    with pytest.raises(RowFault, match="conflict"):
        decide([offer(fact="f2"), offer(day="2026-09-01")], ORIGIN, ledger)
    assert ledger.get("f2") is None


def test_versions_only_grow_whoever_the_line_speaks_of(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    seen = []
    for person in ("p2", "p1", "p2"):
        entry = ledger.get("f1")
        assert entry is not None
        spoken = correct([offer(key=person)], Citation("HS-1", "1", entry.version), [entry], ORIGIN, ledger)
        seen += [(said.kind, said.key, said.version) for said in spoken]
    assert seen == [
        *(("cancelled", "p1", 2), ("replaced", "p2", 3)),
        *(("cancelled", "p2", 4), ("replaced", "p1", 5)),
        *(("cancelled", "p1", 6), ("replaced", "p2", 7)),
    ]


def test_a_withdrawn_line_can_be_stated_again_by_citing_it(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    entry = ledger.get("f1")
    assert entry is not None
    assert [said.kind for said in correct([], Citation("HS-1", "1", 1), [entry], ORIGIN, ledger)] == ["cancelled"]
    with pytest.raises(RowFault, match="stale-citation"):
        correct([offer()], Citation("HS-1", "1", 1), [entry], ORIGIN, ledger)
    (said,) = correct([offer()], Citation("HS-1", "1", 2), [entry], ORIGIN, ledger)
    assert (said.kind, said.version, entry.live) == ("replaced", 3, True)


def test_a_repeat_knows_earlier_versions_but_a_new_file_does_not(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    entry = ledger.get("f1")
    assert entry is not None
    correct([offer(day="2026-09-01")], Citation("HS-1", "1"), [entry], ORIGIN, ledger)
    assert decide([offer()], ORIGIN, ledger, repeat=True) == []
    with pytest.raises(RowFault, match="conflict"):
        decide([offer()], ORIGIN, ledger)
    with pytest.raises(RowFault, match="conflict"):
        decide([offer(day="2026-08-01")], ORIGIN, ledger, repeat=True)


def test_what_was_said_before_is_said_again_only_with_its_version(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    entry = ledger.get("f1")
    assert entry is not None
    cited, day = [entry], "2026-09-01"
    correct([offer(day=day)], Citation("HS-1", "1"), cited, ORIGIN, ledger)
    correct([], Citation("HS-1", "1"), cited, ORIGIN, ledger)
    for old in ([offer(day=day)], [offer()]):
        with pytest.raises(RowFault, match="stale-citation") as told:
            correct(old, Citation("HS-1", "1"), cited, ORIGIN, ledger)
        assert "HS-1:1@3" in told.value.vi
        for version in (0, 1):
            assert correct(old, Citation("HS-1", "1", version), cited, ORIGIN, ledger, repeat=True) == []
    correct([offer()], Citation("HS-1", "1", 3), cited, ORIGIN, ledger)
    assert correct([], Citation("HS-1", "1"), cited, ORIGIN, ledger, repeat=True) == [], "withdrawn once, by this file"
    with pytest.raises(RowFault, match="stale-citation"):
        correct([], Citation("HS-1", "1"), cited, ORIGIN, ledger)
    assert entry.live


def test_a_repeat_restates_nothing_that_was_corrected_since_in_its_dossier(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    decide([offer(day="2026-09-01")], ORIGIN, ledger, replaces="HS-1")
    assert decide([offer()], ORIGIN, ledger, replaces="HS-1", repeat=True) == []
    (said,) = decide([offer()], ORIGIN, ledger, replaces="HS-1")
    assert (said.kind, said.version) == ("replaced", 3)


def parts(spoken: list[Spoken]) -> list[tuple[str, str, int, int]]:
    """Kind, person, part and parts of what is part of a correction that names another person."""
    return [(said.kind, said.key, said.swap.part, said.swap.parts) for said in spoken if said.swap]


def test_a_correction_that_names_another_person_is_one_cause(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    entry = ledger.get("f1")
    assert entry is not None
    seen = set()
    for version, (was, now) in enumerate([("p1", "p2"), ("p2", "p3"), ("p3", "p1")]):
        spoken = correct([offer(key=now)], Citation("HS-1", "1", entry.version), [entry], ORIGIN, ledger)
        assert parts(spoken) == [("cancelled", was, 1, 2), ("replaced", now, 2, 2)]
        (identity,) = {said.swap.id for said in spoken if said.swap}
        assert identity == swap_id("f1", 2 * version + 2)
        seen.add(identity)
    assert len(seen) == 3
    assert parts(decide([offer(key="p2", day="2026-09-01")], ORIGIN, ledger, replaces="HS-1")) == [
        ("cancelled", "p1", 1, 2),
        ("replaced", "p2", 2, 2),
    ]


def test_other_corrections_are_causes_of_their_own(ledger: Ledger) -> None:
    decide([offer()], ORIGIN, ledger)
    entry = ledger.get("f1")
    assert entry is not None
    assert parts(correct([offer(day="2026-09-01")], Citation("HS-1", "1"), [entry], ORIGIN, ledger)) == []
    moved = correct([offer(key="p2", unit="e2")], Citation("HS-1", "1", 2), [entry], ORIGIN, ledger)
    assert (len(moved), parts(moved)) == (2, []), "another enterprise: each hears one of the two"
    assert parts(correct([], Citation("HS-1", "1", 4), [entry], ORIGIN, ledger)) == []
    noted = decide([offer(fact="f2", change="noted")], ORIGIN, ledger)
    told = correct([offer(key="p2", fact="f2", change="noted")], Citation("", ""), [noted[0].entry], ORIGIN, ledger)
    assert (len(told), parts(told)) == (2, []), "nobody counts by it"
    union = decide([offer(fact="f3", change="admitted", unit="u1")], ORIGIN, ledger)
    told = correct([offer(key="p2", fact="f3", unit="u1")], Citation("", ""), [union[0].entry], ORIGIN, ledger)
    assert (len(told), parts(told)) == (2, []), "no rule looks at a union"


def test_a_row_of_several_facts_is_one_cause_too(ledger: Ledger) -> None:
    """A roster's row is a start and `listed`, whose identity is the person's."""
    decide([offer(fact="f1", register="roster"), offer(fact="f2", register="roster")], ORIGIN, ledger)
    cited = [entry for entry in map(ledger.get, ("f1", "f2")) if entry]
    other = [offer(key="p2", fact=fact, register="roster") for fact in ("f3", "f4")]
    assert parts(correct(other, Citation("HS-1", "1", 1), cited, ORIGIN, ledger)) == [
        ("cancelled", "p1", 1, 4),
        ("cancelled", "p1", 2, 4),
        ("stated", "p2", 3, 4),
        ("stated", "p2", 4, 4),
    ]
