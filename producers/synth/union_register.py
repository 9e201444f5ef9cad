"""Union registers: the opening workbook, and what changed later, by month."""

import csv
import shutil
from pathlib import Path

from producers.synth.city import City, Union
from producers.synth.ledger import Ledger
from producers.synth.months import iso
from producers.synth.sheets import write_workbook

ENGLISH = ("union_code", "name", "tax_codes", "effective_on", "founded_on", "dissolved_on", "upper_union")
VIETNAMESE = (
    "Mã công đoàn",
    "Tên công đoàn cơ sở",
    "Mã số thuế các đơn vị",
    "Hiệu lực từ",
    "Ngày thành lập",
    "Ngày giải thể",
    "Công đoàn cấp trên",
)
UPPER = "LDLD-HP"


class LaterUnions:
    """Unions founded, restated and dissolved, kept until their month's file is written."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self._rows: dict[int, list[tuple[str, ...]]] = {}

    def founded(self, month: int, union: Union) -> None:
        """A new union with the cover that it starts with."""
        self._rows.setdefault(month, []).append(_row(union))

    def restated(self, month: int, union: Union, on: str) -> None:
        """The cover as ``union.covers`` now says, from the ISO day on."""
        self._rows.setdefault(month, []).append(_row(union, effective_on=on))

    def dissolved(self, month: int, union: Union) -> None:
        """It ends on ``union.dissolved_on``: the row restates nothing else, and only ends it."""
        row = (union.code, union.name, "", union.dissolved_on, union.founded_on, union.dissolved_on, UPPER)
        self._rows.setdefault(month, []).append(row)

    def write(self, out: Path, ledger: Ledger) -> None:
        """One file a month that has news."""
        for month, rows in sorted(self._rows.items()):
            path = out / "registers" / f"unions_{iso(month)}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(ENGLISH)
                table.writerows(rows)
            ledger.open(path.relative_to(out).as_posix()).accepted = len(rows)


def write_opening(out: Path, city: City, ledger: Ledger) -> None:
    """``unions.xlsx`` with Vietnamese headers, and the same file once more: sent twice, nothing changes."""
    path = out / "registers" / "unions.xlsx"
    rows = [VIETNAMESE, *(_row(union) for union in city.unions)]
    write_workbook(path, [("Danh sách", enumerate(rows, 1))])
    ledger.open("registers/unions.xlsx").accepted = len(city.unions)
    shutil.copyfile(path, path.with_name("unions_gui-lai.xlsx"))
    ledger.open("registers/unions_gui-lai.xlsx").unchanged = len(city.unions)
    ledger.trap("register-sent-twice", file="registers/unions_gui-lai.xlsx")


def _row(union: Union, effective_on: str = "") -> tuple[str, ...]:
    return (union.code, union.name, ";".join(union.covers), effective_on, union.founded_on, "", UPPER)
