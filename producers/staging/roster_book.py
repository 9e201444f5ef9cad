"""The opening rosters of one file: is each stated complete, and may it be believed."""

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
    row would count as not listed. It becomes complete when the corrected rows come in."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Place, str], _Seen] = {}
        self._refused: set[tuple[Place, str]] = set()

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
        place = place_of(values.get("tax_code", "")) or context.place
        as_of = day_of(values.get("as_of", ""))
        if place and as_of:
            self._refused.add((place, as_of))
        elif place:
            self._refused.add((place, ""))

    def rosters(self) -> list[tuple[Place, str, bool]]:
        """(place, as_of, complete and to be believed) of every roster with a good row."""
        return [
            (place, as_of, seen.complete and not self._refused & {(place, as_of), (place, "")})
            for (place, as_of), seen in self._seen.items()
            if seen.good
        ]
