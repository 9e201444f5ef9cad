"""Enterprise registers: the opening ones, and what changed later, by month."""

import csv
from collections.abc import Sequence
from pathlib import Path

from producers.synth.city import City, Enterprise
from producers.synth.ledger import Ledger, RefusedLine
from producers.synth.months import iso, slashed
from producers.synth.wards import wards

ENGLISH = (
    "tax_code",
    "unit_code",
    "name",
    "effective_on",
    "ownership",
    "area_code",
    "park",
    "eligible_agreement",
    "eligible_party",
    "registered_on",
    "dissolved_on",
    "successor_tax_code",
)
VIETNAMESE = (
    "Mã số thuế",
    "Mã đơn vị",
    "Tên doanh nghiệp",
    "Hiệu lực từ",
    "Loại hình",
    "Mã địa bàn",
    "Khu công nghiệp",
    "Đủ điều kiện ký TƯLĐTT",
    "Đủ điều kiện lập tổ chức Đảng",
    "Ngày đăng ký",
    "Ngày giải thể",
    "Kế thừa bởi",
)
_DATES = (3, 9, 10)

EnterpriseRow = tuple[str, str, str, str, str, str, str, str, str, str, str, str]
"""One value for each of :data:`ENGLISH`; dates are ISO."""


def row_of(
    enterprise: Enterprise, *, effective_on: str = "", dissolved_on: str = "", successors: Sequence[Enterprise] = ()
) -> EnterpriseRow:
    """The register's row of an enterprise; ``effective_on`` restates it from that day, in that day's ward codes."""
    stated_on, change = enterprise.effective_on or enterprise.registered_on, wards().changed_on
    area_code = enterprise.area_code
    if effective_on and (effective_on < change) != (stated_on < change):
        area_code = wards().on(effective_on, enterprise.number)
    return (
        enterprise.tax_code,
        enterprise.unit_code,
        enterprise.name,
        effective_on or enterprise.effective_on,
        enterprise.ownership,
        area_code,
        enterprise.park,
        enterprise.eligible_agreement,
        enterprise.eligible_party,
        enterprise.registered_on,
        dissolved_on,
        ";".join(successor.tax_code for successor in successors),
    )


class LaterEnterprises:
    """Restated and dissolved enterprises, kept until their month's file is written. They are few."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self._rows: dict[int, list[tuple[EnterpriseRow, str]]] = {}

    def add(self, month: int, row: EnterpriseRow, fault: str = "") -> None:
        """A row of that month's file; ``fault`` is the class of the reason for which it must be refused."""
        self._rows.setdefault(month, []).append((row, fault))

    def write(self, out: Path, ledger: Ledger) -> None:
        """One file a month that has news."""
        for month, rows in sorted(self._rows.items()):
            _write(out / "registers" / f"enterprises_thay-doi_{iso(month)}.csv", out, ledger, rows, vietnamese=False)


def write_opening(out: Path, city: City, ledger: Ledger) -> None:
    """``enterprises.csv`` in English, and the western part of the city with Vietnamese headers, semicolons and BOM."""
    east = [(row_of(e), "") for e in city.enterprises if not e.tax_code.startswith("08")]
    west = [(row_of(e), "") for e in city.enterprises if e.tax_code.startswith("08")]
    _write(out / "registers" / "enterprises.csv", out, ledger, east, vietnamese=False)
    _write(out / "registers" / "enterprises_hai-duong.csv", out, ledger, west, vietnamese=True)


def _write(
    path: Path, out: Path, ledger: Ledger, rows: Sequence[tuple[EnterpriseRow, str]], *, vietnamese: bool
) -> None:
    count = ledger.open(path.relative_to(out).as_posix())
    with path.open("w", encoding="utf-8-sig" if vietnamese else "utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";" if vietnamese else ",", lineterminator="\n")
        table.writerow(VIETNAMESE if vietnamese else ENGLISH)
        for line, (row, fault) in enumerate(rows, 2):
            table.writerow([slashed(v) if vietnamese and v and i in _DATES else v for i, v in enumerate(row)])
            if fault:
                count.refused.append(RefusedLine(str(line), "tax_code", fault))
                ledger.trap(f"register-{fault}", file=count.path, line=str(line), tax_code=row[0])
            else:
                count.accepted += 1
