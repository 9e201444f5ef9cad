"""Areas as a key names them: provinces and wards of the boundary set that holds today, and what lies in what."""

from csv import DictReader
from functools import cache
from importlib.resources import files


@cache
def _parents() -> dict[str, str]:
    """Code → the code of the area around it, empty for a province. Only areas without an end: a code of before
    2025-07-01 may name another place today (``schemas/areas``), so it grants nothing."""
    found: dict[str, str] = {}
    for entry in sorted((files("schemas") / "areas").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith("_areas.csv"):
            with entry.open(encoding="utf-8") as lines:
                found |= {row["code"]: row["parent_code"] for row in DictReader(lines) if not row["valid_to"]}
    return found


def is_area(code: str) -> bool:
    """Whether there is such a province or ward today."""
    return code in _parents()


def lies_in(code: str, areas: frozenset[str]) -> bool:
    """Whether the area is one of these or in one of them."""
    parents, seen = _parents(), set[str]()
    while code in parents and code not in seen:
        if code in areas:
            return True
        seen.add(code)
        code = parents[code]
    return False
