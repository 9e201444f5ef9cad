"""Opening rosters: who works where before movements are fed; and those that single employers send later."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from producers.synth import names
from producers.synth.city import DECLARED, City, Enterprise
from producers.synth.ledger import Ledger
from producers.synth.months import last_day, stated
from producers.synth.sheets import write_workbook

HEADERS = ("tax_code", "personal_number", "insurance_number", "full_name", "from_month", "as_of", "complete")
_SHEET_LIMIT = 8_000  # larger rosters are sent as CSV: a workbook of 50,000 rows is slow for everyone


def write_opening(out: Path, city: City, ledger: Ledger, rows_per_file: int) -> None:
    """Group the units into files of about ``rows_per_file``; a unit is never cut in two. As of the day before."""
    as_of = last_day(city.first - 1).isoformat()
    group: list[Enterprise] = []
    rows = number = 0
    for enterprise in city.enterprises:
        if enterprise.baseline == "none":
            continue
        group.append(enterprise)
        rows += len(enterprise.crew)
        if rows >= rows_per_file:
            number += 1
            _write_group(out, city, ledger, group, number, rows, as_of)
            group, rows = [], 0
    if group:
        _write_group(out, city, ledger, group, number + 1, rows, as_of)


def write_later(
    path: Path, out: Path, city: City, ledger: Ledger, unit: Enterprise, people: Iterable[tuple[int, int]], as_of: str
) -> None:
    """One employer's roster of a later day: persons and the month since when; complete if ``unit.baseline`` says so."""
    rows = [_row(city, unit, person, stated(month), as_of) for person, month in people]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADERS)
        table.writerows(rows)
    ledger.open(path.relative_to(out).as_posix()).accepted = len(rows)


def since(city: City, person: int) -> int:
    """Month since when somebody on the opening roster works there: up to ten years before."""
    return city.first - 1 - (city.citizens.bits(person) >> 20) % 120


def _write_group(
    out: Path, city: City, ledger: Ledger, group: list[Enterprise], number: int, rows: int, as_of: str
) -> None:
    as_sheet = number % 3 == 0 and rows <= _SHEET_LIMIT
    path = out / "rosters" / f"dau-ky_{number:04d}.{'xlsx' if as_sheet else 'csv'}"
    count = ledger.open(path.relative_to(out).as_posix())

    def counted() -> Iterator[tuple[str, ...]]:
        for unit in group:
            for person in unit.crew:
                if city.flags[person] & DECLARED:
                    count.accepted += 1
                    yield _row(city, unit, person, stated(since(city, person)), as_of)

    if as_sheet:
        write_workbook(path, [("Danh sách", enumerate(_with_header(counted()), 1))])
        return
    semicolons = number % 4 == 0
    with path.open("w", encoding="utf-8-sig" if semicolons else "utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";" if semicolons else ",", lineterminator="\n")
        table.writerows(_with_header(counted()))


def _with_header(rows: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    yield HEADERS
    yield from rows


def _row(city: City, unit: Enterprise, person: int, from_month: str, as_of: str) -> tuple[str, ...]:
    citizens = city.citizens
    bits = citizens.bits(person)
    insurance = citizens.insurance_number(person) if person % 10 == 0 or bits % 5 else ""
    name = names.person_name(bits, male=citizens.is_male(person))
    complete = "yes" if unit.baseline == "complete" else "no"
    return (unit.tax_code, citizens.personal_number(person), insurance, name, from_month, as_of, complete)
