"""What stands where a unit's code belongs is kept in clear only where it can be nobody's name or number."""

import pytest

from producers.validate.claims import FileFault
from producers.validate.options import check_options, names_a_replaced
from producers.validate.unitnames import names_a_unit, reads_as_unit, shown_unit
from tests.unit.intake.context import FIRM


@pytest.mark.parametrize("text", [FIRM, f"{FIRM}-001", f"{FIRM}001", "DL0001", "TA1234B"])
def test_codes_of_units_are_kept(text: str) -> None:
    assert reads_as_unit(text, {"insurance_number": "7900000001"})
    assert names_a_unit(text)
    assert shown_unit(text) == f" {text}"


@pytest.mark.parametrize("text", ["CD-1", "x", "CDCS-ABC-XYZ", "CĐCS-01", "LĐ1", "CĐCS", "03/1094"])
def test_codes_of_unions_are_taken_and_not_quoted(text: str) -> None:
    assert names_a_unit(text)
    assert shown_unit(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Lệch Cột",
        "Bùi An",
        "Hùng",
        "NguyenVanAn",
        "NGUYEN VAN AN",
        "031098000002",
        "031 094 000 001",
        "031.094.000.001",
        "０３１０９４０００００１",
        "①②③④⑤⑥⑦⑧⑨⑩",
        "0912345678",
        "012345678",
        "0200000199",
    ],
)
def test_names_and_long_numbers_are_not(text: str) -> None:
    assert not names_a_unit(text)
    assert not reads_as_unit(text, {})
    assert shown_unit(text) == ""


def test_a_row_does_not_keep_its_persons_number_as_its_unit() -> None:
    assert reads_as_unit(FIRM, {"phone": "0912345678"})
    assert not reads_as_unit(FIRM, {"insurance_number": FIRM})


@pytest.mark.parametrize(
    "text", ["HS-1", "600.02 ngày 12/7/2026", "031094000001" + "a" * 52, f"a031094000001{'b' * 51}"]
)
def test_a_dossier_or_the_hash_of_a_file_can_be_replaced(text: str) -> None:
    assert names_a_replaced(text)
    check_options(FIRM, text)


@pytest.mark.parametrize("text", ["Bùi Văn Lạc", "031094000001", "HS 031 094 000 001", "031094000001" + "A" * 52])
def test_a_person_cannot(text: str) -> None:
    for options in (("", text), (text, "")):
        with pytest.raises(FileFault) as refused:
            check_options(*options)
        assert text not in refused.value.vi + refused.value.en
