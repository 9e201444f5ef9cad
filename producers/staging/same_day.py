"""A complete roster after another one of the same unit and day: it adds to that one, so nobody is closed (rule 10)."""

from typing import TYPE_CHECKING

from producers.sql import query
from producers.units.tax_code import Place

if TYPE_CHECKING:
    from producers.staging.file import FileStaging


def remark_same_day(staging: "FileStaging") -> None:
    """A note for each such roster of the file that leaves out somebody whom the earlier one lists, and what to do if
    it was meant to take that one's place. Part of the caller's transaction, after the facts are in the index."""
    asked = [(place, day) for place, day, complete in staging.rosters.rosters() if complete]
    asked = [one for one in asked if one in staging.listed_before]
    filing = next(iter(staging.filings.values()))
    if not asked or filing.repeat:
        return
    columns = {
        "units": [place.unit for place, _ in asked],
        "branches": [place.branch for place, _ in asked],
        "days": [day for _, day in asked],
    }
    rows = staging.desk.connection.execute(query("producers.staging", "find_left_listed"), columns).fetchall()
    left: dict[tuple[Place, str], tuple[int, str]] = {}
    for unit, branch, day, dossier, count in rows:
        before, file = left.get((Place(unit, branch), day), (0, dossier))
        left[Place(unit, branch), day] = before + count, file
    filing.remark(_note(place, day, count, file) for (place, day), (count, file) in left.items())


def _note(place: Place, day: str, count: int, file: str) -> str:
    code = place.branch or place.unit[1:]
    persons = (
        "person on it is not listed here and stays" if count == 1 else "persons on it are not listed here and stay"
    )
    return (
        f"{code}: đã có danh sách đầy đủ ngày {day}; {count:,} người trong đó không có trong tệp này và vẫn được giữ."
        f" Nếu tệp này thay cho danh sách đó, hãy gửi lại với --replaces {file}."
        f" / {code}: a complete roster of {day} is known already; {count:,} {persons}."
        f" If this file is to take its place, send it with --replaces {file}."
    )
