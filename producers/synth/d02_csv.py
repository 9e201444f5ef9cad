"""D02 as CSV: the product's English headers, or the field codes of the workbook, as bureaus export them."""

import csv
from pathlib import Path
from typing import TextIO

from producers.synth.lines import Stated

ENGLISH: tuple[str, ...] = ("tax_code", "dossier_no", "dossier_date", "form", "line", "full_name", "insurance_number")
ENGLISH += ("personal_number", "movement_code", "from_month", "to_month", "note", "action", "cites")
WORKBOOK: tuple[str, ...] = ("tax_code", "dossier_no", "dossier_date", "form", "STT", "HoTen", "MasoBHXH")
WORKBOOK += ("CMND", "PA", "TuThang", "DenThang", "Ghichu", "action", "cites")


class D02Csv:
    """One file, open for writing. ``exported`` gives the other dress: workbook field codes, semicolons, BOM."""

    def __init__(self, path: Path, *, exported: bool = False) -> None:
        """Write the header line; the folder exists."""
        self._file: TextIO = path.open("w", encoding="utf-8-sig" if exported else "utf-8", newline="")
        self._csv = csv.writer(self._file, delimiter=";" if exported else ",", lineterminator="\n")
        self._csv.writerow(WORKBOOK if exported else ENGLISH)

    def write(self, row: Stated, dossier: str, dated: str) -> None:
        """Add a line; ``dated`` is the dossier's ISO day."""
        self._csv.writerow(
            (
                row.tax_code,
                dossier,
                dated,
                row.form,
                row.line,
                row.full_name,
                row.insurance_number,
                row.personal_number,
                row.code,
                row.from_month,
                "",
                "",
                row.action,
                row.cites,
            )
        )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
