"""Files of areas: boundary sets, crosswalk and union groupings, as rows for the store. Formats: docs/areas.md."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

SCHEMES: Final = {"new": "2025", "old": "before-2025", "parks": "parks", "union-groups": "union-groups"}
"""What a file calls a boundary set -> its name here; the names themselves may be used too."""
BOUNDARIES: Final = ("2025", "before-2025", "parks", "union-groups")

_AREAS: Final = ("scheme", "level", "code", "name", "unit_type", "parent_code", "valid_from", "valid_to")
_LINKS: Final = ("old_province_code", "old_ward_code", "new_ward_code")
_GROUPS: Final = ("group_code", "group_name", "ward_code")


AreaRow = tuple[str, str, str, str, str, str, str, date | None, date | None]
"""Scheme, code, level, name, unit type, parent, province, first and last day."""


class AreaFileError(ValueError):
    """A file of areas that can't be read; the message names file, line and what to do."""


@dataclass(slots=True)
class Areas:
    """Rows for the tables ``store.areas``, ``area_links`` and ``area_members``."""

    areas: list[AreaRow] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)


def read(name: str, text: str, provinces: Sequence[str] = ()) -> Areas:
    """The rows of one file; its header says which kind it is. ``provinces``: of these alone (by their scheme's code).

    Raises AreaFileError.
    """
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    header = set(reader.fieldnames or ())
    rows = list(reader)
    if set(_AREAS) <= header:
        return Areas(areas=_areas(name, rows, provinces))
    if set(_LINKS) <= header:
        kept = [row for row in rows if not provinces or row["old_province_code"] in provinces]
        sure = [row for row in kept if (row.get("pair_in_nso_table") or "1") == "1" and row["old_ward_code"]]
        return Areas(links=[(row["old_ward_code"], row["new_ward_code"]) for row in sure])
    if set(_GROUPS) <= header:
        return _groups(rows)
    wanted = "; ".join(", ".join(columns) for columns in (_AREAS, _LINKS, _GROUPS))
    raise AreaFileError(f"{name}, line 1: no file of areas has these columns. Needed is one of: {wanted}.")


def read_path(path: Path, provinces: Sequence[str] = ()) -> Areas:
    """As ``read``. Raises AreaFileError, OSError."""
    try:
        return read(path.name, path.read_text("utf-8"), provinces)
    except UnicodeDecodeError as error:
        raise AreaFileError(f"{path.name}: not UTF-8. Save it as CSV UTF-8 and load it again.") from error


def _areas(name: str, rows: Iterable[dict[str, str]], provinces: Sequence[str]) -> list[AreaRow]:
    kept = list(rows)
    parents = {(row["scheme"], row["code"]): row["parent_code"] for row in kept}
    found: list[AreaRow] = []
    for line, row in enumerate(kept, start=2):
        scheme = SCHEMES.get(row["scheme"], row["scheme"])
        if scheme not in BOUNDARIES:
            raise AreaFileError(f"{name}, line {line}: scheme {row['scheme']!r} is none of {', '.join(SCHEMES)}.")
        if not row["code"] or not row["name"]:
            raise AreaFileError(f"{name}, line {line}: code and name are needed.")
        top = row["code"] if row["level"] == "province" else row["parent_code"]
        while parents.get((row["scheme"], top)):
            top = parents[row["scheme"], top]
        if provinces and top not in provinces:
            continue
        said = (scheme, row["code"], row["level"], row["name"], row["unit_type"] or "", row["parent_code"] or "", top)
        found.append((*said, _day(name, line, row["valid_from"]), _day(name, line, row["valid_to"])))
    return found


def _groups(rows: Iterable[dict[str, str]]) -> Areas:
    kept = list(rows)
    names = {row["group_code"]: row["group_name"] for row in kept}
    return Areas(
        areas=[("union-groups", code, "group", said, "", "", "", None, None) for code, said in names.items()],
        members=[(row["group_code"], row["ward_code"]) for row in kept],
    )


def _day(name: str, line: int, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AreaFileError(f"{name}, line {line}: {text!r} is no day; write YYYY-MM-DD.") from error
