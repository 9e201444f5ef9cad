"""Member registers: who was admitted before the opening day, then one file a month."""

import csv
from pathlib import Path
from typing import TextIO

from producers.synth import names
from producers.synth.city import City
from producers.synth.ledger import FileCount, Ledger, RefusedLine
from producers.synth.months import iso, slashed

ENGLISH = ("personal_number", "insurance_number", "full_name", "union_code", "change", "effective_on", "decision_no")
VIETNAMESE = ("Số định danh", "Mã số BHXH", "Họ và tên", "Mã công đoàn", "Biến động", "Ngày hiệu lực", "Số quyết định")


class MemberRegister:
    """Rows go straight to the open file; a file that is full is followed by the next."""

    def __init__(self, out: Path, city: City, ledger: Ledger, rows_per_file: int) -> None:
        """Files go to ``registers`` below ``out``."""
        self._out, self._city, self._ledger, self._full = out, city, ledger, rows_per_file
        self._file: TextIO | None = None
        self._count = FileCount("")
        self._month = self._number = self._line = 0
        self._vietnamese = False

    def open_month(self, month: int) -> None:
        """The next row starts this month's file. A month without rows has no file."""
        self.close()
        self._month, self._number = month, 0

    def write(self, person: int, change: str, union: int, on: str, fault: str = "") -> None:
        """Add a row; ``change`` as the register names it, ``on`` an ISO day, ``fault``: a bad personal number."""
        if self._file is None or self._line > self._full:
            self._next_file()
        self._line += 1
        citizens = self._city.citizens
        personal, insurance = citizens.personal_number(person), citizens.insurance_number(person)
        if fault:
            personal, insurance = personal[:11], ""
            self._count.refused.append(RefusedLine(str(self._line), "personal_number", fault))
            self._ledger.trap(f"register-{fault}", file=self._count.path, line=str(self._line))
        else:
            self._count.accepted += 1
        name = names.person_name(citizens.bits(person), male=citizens.is_male(person))
        code = self._city.unions[union].code
        day = slashed(on) if self._vietnamese else on
        self._table.writerow((personal, insurance, name, code, change, day, f"{person % 900 + 100}/QĐ-LĐLĐ"))

    def close(self) -> None:
        """Finish the open file."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _next_file(self) -> None:
        self.close()
        self._number += 1
        self._vietnamese = (self._month + self._number) % 3 == 0
        path = self._out / "registers" / f"members-{iso(self._month)}_{self._number:03d}.csv"
        self._file = path.open("w", encoding="utf-8-sig" if self._vietnamese else "utf-8", newline="")
        self._table = csv.writer(self._file, delimiter=";" if self._vietnamese else ",", lineterminator="\n")
        self._table.writerow(VIETNAMESE if self._vietnamese else ENGLISH)
        self._count = self._ledger.open(path.relative_to(self._out).as_posix())
        self._line = 1
