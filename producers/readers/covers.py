"""What stands on a cover sheet or above a header: unit code, tax code, dossier number and date, form."""

import re
from collections.abc import Iterable, Sequence

from producers.readers.dates import parse_day
from producers.readers.model import FeedKind
from producers.readers.texts import clean, fold
from producers.readers.vocabulary import name_of

_LABELS = {
    "masothue": "tax_code",
    "mst": "tax_code",
    "taxcode": "tax_code",
    "madonvi": "unit_code",
    "madonvibhxh": "unit_code",
    "masodonvi": "unit_code",
    "unitcode": "unit_code",
    "sohoso": "dossier",
    "mahoso": "dossier",
    "dossierno": "dossier",
    "ngaylap": "dossier_date",
    "ngayhoso": "dossier_date",
    "dossierdate": "dossier_date",
}
COVER_SHEETS = ("bia", "thongtin", "cover", "donvi", "hoso")
_FORM = re.compile(r"\b(DK05|D05|D02)\b")


def _is_title(text: str) -> bool:
    return fold(text.partition(":")[0]) in _LABELS or any(name_of(kind, text) for kind in FeedKind)


def read_cover(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """tax_code, unit_code, dossier, dossier_date, form as stated: ``Mã đơn vị: TA0001A`` or label and value cells.

    The first statement of each wins. Unknown text is passed over, and so is a label beside another title: that is a row
    of titles, which states nothing.
    """
    said: dict[str, str] = {}
    for row in rows:
        cells = [clean(cell) for cell in row if cell]
        for index, cell in enumerate(cells):
            if form := _FORM.search(cell.upper()):
                said.setdefault("form", form.group(1))
            label, colon, value = cell.partition(":")
            name = _LABELS.get(fold(label))
            if name is None:
                continue
            following = cells[index + 1] if index + 1 < len(cells) else ""
            stated = value.strip() if colon and value.strip() else following
            if stated and not _is_title(stated):
                said.setdefault(name, stated)
    if day := parse_day(said.get("dossier_date", "")):
        said["dossier_date"] = day
    return said
