"""The citizen number (feed description, section f): what can be one, and where a record disagrees with it."""

import pytest

from producers.synth.identifiers import Citizens
from producers.validate.citizen import PROVINCES, born_in, cannot_be, disagreements
from tests.unit.intake.context import TODAY


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("031185001234", ""), ("001099001234", ""), ("031226001234", ""), ("101085001234", ""), ("999085000614", ""),
        ("005185001234", "province"), ("000185001234", "province"), ("097185001234", "province"),
        ("031485001234", "century"), ("031985001234", "century"), ("031227001234", "future"),
    ],
)  # fmt: skip
def test_what_can_be_a_citizen_number(number: str, word: str) -> None:
    wrong = cannot_be(number, TODAY)
    assert (wrong is None) == (not word)
    if wrong:
        assert word in wrong[1]
        assert number not in "".join(wrong)


def test_every_number_of_the_synthetic_city_can_be_one() -> None:
    citizens = Citizens(7)
    assert len(PROVINCES) == 63
    for one in range(2_000):
        number = citizens.personal_number(one)
        assert cannot_be(number, TODAY) is None
        assert born_in(number) == citizens.birth_year(one)


@pytest.mark.parametrize(
    ("birth", "sex", "count"),
    [
        ("05/03/1985", "Nữ", 0), ("1985", "0", 0), ("03/1985", "", 0), ("", "", 0), ("05/03/1986", "nữ", 1),
        ("05/03/1985", "Nam", 1), ("1984-03-05", "1", 2), ("x", "?", 0),
    ],
)  # fmt: skip
def test_a_disagreement_is_noted(birth: str, sex: str, count: int) -> None:
    record = {"personal_number": "031185001234", "birth_date": birth, "sex": sex}
    assert len(disagreements(record)) == count
    assert disagreements({**record, "personal_number": "031423456"}) == []
