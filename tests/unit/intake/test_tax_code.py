"""Tax codes: shape, check digit, branch (feed description, section f)."""

import pytest

from producers.units.tax_code import Place, check_digit_fits, place_of

VALID = "0200000014"


def test_the_check_digit_is_ten_minus_the_weighted_sum_modulo_eleven() -> None:
    digits, weights = [0, 2, 0, 0, 0, 0, 0, 0, 1], [31, 29, 23, 19, 17, 13, 7, 5, 3]
    check = 10 - sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
    code = "".join(map(str, digits)) + str(check)
    assert check_digit_fits(code)
    assert [check_digit_fits(code[:9] + str(digit)) for digit in range(10)].count(True) == 1


def test_no_code_exists_where_the_remainder_is_zero() -> None:
    nine = next(
        f"{n:09d}"
        for n in range(10**8)
        if sum(int(d) * w for d, w in zip(f"{n:09d}", [31, 29, 23, 19, 17, 13, 7, 5, 3], strict=True)) % 11 == 0 and n
    )
    assert not any(check_digit_fits(nine + digit) for digit in "0123456789")


def test_a_branch_leads_to_its_legal_entity_with_or_without_the_dash() -> None:
    code = next(f"02000000{n:02d}" for n in range(100) if check_digit_fits(f"02000000{n:02d}"))
    assert place_of(code) == Place("e" + code, "")
    assert place_of(code + "-001") == place_of(code + "001") == Place("e" + code, code + "-001")
    assert Place("e" + code, "").key == "e" + code
    assert Place("e" + code, code + "-001").key == code + "-001"


@pytest.mark.parametrize(
    "text", ["", "123", "020000001X", "02000000141", "0200000014-000", "0200000014-1", "٠٢٠٠٠٠٠٠١٤"]
)
def test_other_shapes_are_no_tax_code(text: str) -> None:
    assert place_of(text) is None
