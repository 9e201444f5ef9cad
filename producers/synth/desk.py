"""The desk where dossiers are drawn up: lines in, files out, and the ledger told what each must be answered."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from producers.synth import months
from producers.synth.city import City, Enterprise
from producers.synth.d02_csv import D02Csv
from producers.synth.d02_workbook import write_d02_workbook
from producers.synth.d02_xml import dossier_of, write_envelope
from producers.synth.ledger import FileCount, Ledger, RefusedLine
from producers.synth.lines import FAULTS, Line, Stated, state


class Desk:
    """Files one month at a time. Small employers share a bureau's file, so a month is never held in memory."""

    def __init__(self, out: Path, city: City, ledger: Ledger, bureau_units: int) -> None:
        """``out`` is the city's folder; the dossiers go to ``dossiers/YYYY-MM`` below it."""
        self._out = out
        self._city = city
        self._ledger = ledger
        self._bureau_units = bureau_units
        self._bureau: D02Csv | None = None
        self._bureau_count = FileCount("")
        self._bureau_dossier = ""
        self._clients = self._bureaus = self._bureau_line = 0
        self.month = city.first

    def open_month(self, month: int) -> None:
        """Start on a month's folder; closes the month before."""
        self.close()
        self.month = month
        self._bureaus = 0
        self._folder().mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """Finish the bureau's file that is still open."""
        if self._bureau is not None:
            self._bureau.close()
        self._bureau = None

    def file(self, enterprise: Enterprise, lines: Sequence[Line], *, sequence: int = 1, dossier: str = "") -> str:
        """Draw up the employer's dossier in the employer's own format; answers with its number.

        A second dossier of the same month needs another ``sequence`` (1 to 8); ``dossier`` restates an earlier number.
        """
        if not lines:
            return ""
        if enterprise.channel == "bureau":
            return self._through_bureau(enterprise, lines)
        dated = months.day_in(self.month, 20 if dossier else 19 + sequence)
        number = dossier or f"{enterprise.tax_code}-{months.iso(self.month)}-{sequence:02d}"
        path = self._folder() / f"D02_{enterprise.tax_code}_{sequence:02d}.{enterprise.channel}"
        count = self._ledger.open(self._relative(path))
        rows = [self._row(count, line, place, enterprise) for place, line in enumerate(lines, 1)]
        if enterprise.channel == "xlsx":
            write_d02_workbook(path, rows, number, dated, enterprise.number)
        elif enterprise.channel == "xml":
            number = dossier_of(self.month, dated)
            write_envelope(path, enterprise, self.month, dated, rows)
        else:
            table = D02Csv(path, exported=enterprise.number % 3 == 0)
            for row in rows:
                table.write(row, number, dated)
            table.close()
        return number

    def send_again(self, enterprise: Enterprise, *, sequence: int = 1) -> None:
        """The same file once more, byte for byte: what was accepted is now unchanged."""
        path = self._folder() / f"D02_{enterprise.tax_code}_{sequence:02d}.{enterprise.channel}"
        copy = path.with_name(f"{path.stem}_gui-lai{path.suffix}")
        shutil.copyfile(path, copy)
        first = next(count for count in reversed(self._ledger.files) if count.path == self._relative(path))
        count = self._ledger.open(self._relative(copy))
        count.unchanged, count.refused = first.accepted + first.unchanged, first.refused
        self._ledger.trap(f"file-sent-twice-{enterprise.channel}", file=count.path, tax_code=enterprise.tax_code)

    def _through_bureau(self, enterprise: Enterprise, lines: Sequence[Line]) -> str:
        if self._bureau is None or self._clients >= self._bureau_units:
            self.close()
            self._bureaus += 1
            path = self._folder() / f"dai-ly_{self._bureaus:04d}.csv"
            self._bureau_dossier = f"DL{self._bureaus:04d}-{months.iso(self.month)}"
            self._bureau_count = self._ledger.open(self._relative(path))
            self._bureau = D02Csv(path, exported=self._bureaus % 4 == 0)
            self._clients = self._bureau_line = 0
        self._clients += 1
        dated = months.day_in(self.month, 25)
        for line in lines:
            self._bureau_line += 1
            row = self._row(self._bureau_count, line, self._bureau_line, enterprise)
            self._bureau.write(row, self._bureau_dossier, dated)
        return self._bureau_dossier

    def _row(self, count: FileCount, line: Line, place: int, enterprise: Enterprise) -> Stated:
        row = state(line, line.number or place, enterprise.tax_code, self._city.citizens)
        if line.fault:
            field, reason = FAULTS[line.fault]
            count.refused.append(RefusedLine(row.line, field, reason))
            self._ledger.trap(line.fault, file=count.path, line=row.line, tax_code=enterprise.tax_code)
        elif line.unchanged:
            count.unchanged += 1
        else:
            count.accepted += 1
        if line.trap:
            self._ledger.trap(line.trap, file=count.path, line=row.line, tax_code=enterprise.tax_code)
        return row

    def _folder(self) -> Path:
        return self._out / "dossiers" / months.iso(self.month)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._out).as_posix()
