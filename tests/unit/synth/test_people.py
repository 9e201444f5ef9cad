"""Made numbers lead back to the person that they were made from."""

import pytest

from producers.synth.identifiers import Citizens
from producers.synth.people import People
from producers.vault.identifiers import Identifier


@pytest.mark.parametrize("seed", [1, 7, 991])
def test_either_number_leads_back(seed: int) -> None:
    citizens, people = Citizens(seed), People(seed)
    for person in (0, 1, 10, 4_711, 912_345, 2_400_000, 9_999_999):
        personal = Identifier("personal", citizens.personal_number(person))
        insurance = Identifier("insurance", citizens.insurance_number(person))
        assert people.number_of([personal]) == people.number_of([insurance]) == person
        assert people.number_of([insurance, personal]) == person


def test_ids_differ_by_person_and_by_seed() -> None:
    ids = {People(seed).id_of(person) for seed in (1, 2) for person in range(1_000)}
    assert len(ids) == 2_000
    assert {len(one) for one in ids} == {32}
