"""Rule 3: a worker has an open, compulsorily insured spell, also during absence."""

from tests import build
from tests.unit.streams.world import A, figures, findings, said


def test_an_absent_worker_is_a_worker_and_not_present() -> None:
    facts = said("joined A 2026-01-01", "absent A 2026-02-01", "returned A 2026-03-01")
    assert [figures(facts, A, day)[:2] for day in ("2026-01-31", "2026-02-01", "2026-03-01")] == [
        (1, 1),
        (1, 0),
        (1, 1),
    ]


def test_voluntary_insurance_has_no_effect() -> None:
    facts = [build.person_fact("v", "noted", A, "2026-01-01", form="D05", code="TM", code_class="start")]
    assert figures(facts, A, "2026-01-01") == (0, 0, 0)


def test_a_short_contract_counts_and_is_told() -> None:
    facts = [build.person_fact("s", "joined", A, "2026-01-01", code="TH", short_contract=True)]
    assert figures(facts, A, "2026-01-01") == (1, 1, 0)
    assert findings(facts) == ["short-contract"]
