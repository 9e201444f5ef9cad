"""The opening rosters of one file: is each stated complete, and may it be believed."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from producers.units.tax_code import Place, place_of
from producers.validate.claims import RowFault, Stated
from producers.validate.context import Context
from producers.validate.fields import day_of


@dataclass(slots=True)
class _Seen:
    complete: bool
    good: int = 0


class RosterBook:
    """(place, as_of) → what the file says. A roster with refused rows is not believed complete: whoever is in a refused
    row would count as not listed. It becomes complete when the corrected rows come in.

    A refused row whose tax code is missing, wrong, or that of no roster of the file may belong to any of them, and one
    whose day is that of no roster of its unit to any of that unit: the day may be what is wrong.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[Place, str], _Seen] = {}
        self._before: dict[tuple[Place, str], bool] = {}
        self._refused: set[tuple[Place | None, str]] = set()

    def enter(self, stated: Stated) -> None:
        """A valid row. ``RowFault`` when it says otherwise than the first of its roster whether that is complete."""
        if stated.roster is None:
            return
        place, as_of, complete = stated.roster
        seen = self._seen.setdefault((place, as_of), _Seen(complete))
        if seen.complete != complete:
            raise RowFault(
                "complete",
                "complete-differs",
                "cột complete phải giống nhau ở mọi dòng của một đơn vị. Sửa rồi gửi lại cả danh sách của đơn vị này.",
                "complete must be the same in all rows of a unit. Correct it and send this unit's roster again.",
            )
        seen.good += 1

    def refuse(self, values: dict[str, str], context: Context) -> None:
        """A row of some roster was refused; as far as it says which."""
        as_of = day_of(values.get("as_of", "")) or ""
        tax_code, unit_code = values.get("tax_code"), values.get("unit_code")
        if tax_code:
            place = place_of(tax_code)
        elif unit_code:
            place = context.directory.place_of(unit_code, as_of or context.today)
        else:
            place = context.place_on(as_of or context.today)
        self._refused.add((place, as_of))

    def know(self, place: Place, as_of: str, said_complete: bool) -> None:
        """The file stated this roster when it came; its held rows come in now."""
        self._before[place, as_of] = said_complete

    def rosters(self) -> list[tuple[Place, str, bool]]:
        """(place, as_of, complete and to be believed) of every roster with a good row, and of those stated before that
        are complete now."""
        doubted = self._doubts()
        now = {key: seen.complete for key, seen in self._seen.items() if seen.good}
        come = [key for key, complete in self._before.items() if complete and key not in now and not doubted(key)]
        return [(*key, complete and not doubted(key)) for key, complete in (now | dict.fromkeys(come, True)).items()]

    def doubted(self) -> list[tuple[Place, str]]:
        """Rosters that say that they are complete and are not believed."""
        doubted = self._doubts()
        return [key for key, seen in self._seen.items() if seen.good and seen.complete and doubted(key)]

    def of_several_days(self) -> list[tuple[Place, list[str]]]:
        """Places for which the file has complete rosters of several days, with these: each closes whom it leaves out,
        whoever is on the others."""
        days: dict[Place, list[str]] = defaultdict(list)
        for (place, as_of), seen in self._seen.items():
            if seen.good and seen.complete:
                days[place].append(as_of)
        return [(place, sorted(known)) for place, known in days.items() if len(known) > 1]

    def _doubts(self) -> Callable[[tuple[Place, str]], bool]:
        known = set(self._before) | {key for key, seen in self._seen.items() if seen.good}
        places = {place for place, _ in known}
        if any(place not in places for place, _ in self._refused):
            return lambda _: True
        astray = {place for place, _ in self._refused - known}
        return lambda key: key in self._refused or key[0] in astray
