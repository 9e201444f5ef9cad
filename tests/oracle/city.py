"""The counts of every unit, from all facts of all persons."""

from collections import defaultdict

from schemas.persons import PersonFact
from tests.oracle import persons

Counts = tuple[int, int, int]


def open_counts_on(said: dict[str, list[PersonFact]], day: str) -> dict[str, Counts]:
    """Unit -> workers, present, members, whatever became of the unit; ``said``: the facts of each person."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for facts in said.values():
        for unit, figures in persons.figures(facts, day).items():
            for place, figure in enumerate(figures):
                total[unit][place] += figure
    return {unit: (at[0], at[1], at[2]) for unit, at in total.items()}
