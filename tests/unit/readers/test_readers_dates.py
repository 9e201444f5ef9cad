"""Days and months as feeds state them."""

import pytest

from producers.readers.cells import text_of
from producers.readers.dates import day_of_serial, month_of_day, parse_day, parse_month


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-05", "2026-10-05"),
        ("05/10/2026", "2026-10-05"),
        ("5/3/1985", "1985-03-05"),
        (" 2026-10-05 00:00:00 ", "2026-10-05"),
        ("29/02/2024", "2024-02-29"),
        ("29/02/2026", None),
        ("31/04/2026", None),
        ("10/2026", None),
        ("2026-10-05 17:30:00", None),
        ("05/10/26", None),
        ("٠٥/١٠/٢٠٢٦", None),
        ("", None),
    ],
)
def test_a_day_is_iso_or_day_first_and_nothing_else(text: str, day: str | None) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("10/2026", ("2026-10-01", "month")),
        ("1/2026", ("2026-01-01", "month")),
        ("2026-10", ("2026-10-01", "month")),
        ("15/10/2026", ("2026-10-15", "day")),
        ("2026-10-15", ("2026-10-15", "day")),
        ("13/2026", None),
        ("tháng 10", None),
    ],
)
def test_a_month_is_its_first_day_and_a_stated_day_stays_a_day(text: str, month: tuple[str, str] | None) -> None:
    assert parse_month(text) == month


def test_spreadsheet_day_numbers_become_days() -> None:
    assert day_of_serial(46296) == "2026-10-01"
    assert day_of_serial(46296.99) == "2026-10-01"
    assert day_of_serial(5) is None
    assert month_of_day("2026-10-01") == "2026-10"
    assert month_of_day("2026-10-15") == "2026-10-15"


@pytest.mark.parametrize(
    ("name", "cell", "text"),
    [
        ("tax_code", 200123456.0, "0200123456"),
        ("insurance_number", 7916123456.0, "7916123456"),
        ("insurance_number", 116123456, "0116123456"),
        ("insurance_number", 31185001234.0, "031185001234"),
        ("insurance_number", 123, "123"),
        ("personal_number", 31185001234.0, "031185001234"),
        ("personal_number", 1185001234, "001185001234"),
        ("personal_number", 311850012, "311850012"),
        ("personal_number", "31185001234", "31185001234"),
        ("line", 1.0, "1"),
        ("birth_date", 1985, "1985"),
        ("birth_date", 31111.0, "1985-03-05"),
        ("from_month", 46296, "2026-10"),
        ("from_month", 32026, "32026"),  # 03/2026 typed without its sign, or 6 September 1987: not guessed
        ("complete", True, "yes"),
        ("sex", True, "1"),
        ("job_title", 32.5, "32.5"),
        ("line", float("inf"), "inf"),
        ("line", float("nan"), "nan"),
    ],
)
def test_number_cells_get_back_what_a_spreadsheet_took_from_them(name: str, cell: object, text: str) -> None:
    assert text_of(name)(cell) == text
