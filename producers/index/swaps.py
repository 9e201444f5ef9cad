"""A row that withdraws a fact and states another in its place: several records, one cause (meaning, rules 9 and 13).

So it is when a line names another person, or a register's row another day: what it said and what it says have keys, or
identities, of their own. The records say that they belong together, so that rule ``no-union`` never judges a count
between them, which nobody has declared (docs/decisions/0005). Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from producers.validate.claims import PersonClaim
from schemas.ids import swap_id
from schemas.persons import Change

if TYPE_CHECKING:
    from producers.index.decide import Spoken


@dataclass(frozen=True, slots=True)
class Swap:
    """``schemas.swap.Swap``"""

    id: str
    part: int
    parts: int


def mark_swaps(spoken: "Sequence[Spoken]") -> None:
    """Say of what a row speaks which records are one cause at an enterprise; nothing to do for nearly every row.

    Facts that are merely noted count for nobody, and no rule looks at a union.
    """
    if len(spoken) < 2 or all(said.claim for said in spoken):
        return
    by_unit: dict[str, list[Spoken]] = {}
    for said in spoken:
        if unit := _counts_at(said):
            by_unit.setdefault(unit, []).append(said)
    for parts in by_unit.values():
        gone = [said for said in parts if said.claim is None]
        if gone and len(gone) < len(parts):
            identity = swap_id(gone[0].fact, gone[0].version)
            for number, said in enumerate(parts, 1):
                said.swap = Swap(identity, number, len(parts))


def _counts_at(said: "Spoken") -> str:
    """The enterprise at which a person's fact counted, or counts from now on; empty for none."""
    claim, entry = said.claim, said.entry
    if claim is None:
        unit, change, person = entry.unit, entry.change, entry.key != entry.unit
    elif isinstance(claim, PersonClaim):
        unit, change, person = claim.unit, claim.change, True
    else:
        return ""
    return unit if person and unit.startswith("e") and change != Change.NOTED.value else ""
