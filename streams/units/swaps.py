"""Parts of a correction that names another person, until the rule may hear them (meaning, rule 13; decision 0005).

The withdrawal and the new statement stand under two persons, so they reach a unit as two causes, in any order. Each
changes the counts at once; the rule sees the unit without them until the last part is there, then with all of them. A
part that stays alone is seen from the second tick after it came.
"""

from typing import Final

import msgspec

WAITS: Final = 1
"""Days that may begin while a part is missing: a correction may be under way at midnight."""


class Open(msgspec.Struct, array_like=True, gc=False):
    """A correction of which a part is missing. Part of the changelog: only add fields, at the end.

    ``since``: the clock's day (ordinal) on which the first part came; ``heard``: numbers of the parts that are there;
    ``effects``: day and workers of each effect that the rule does not see yet.
    """

    since: int
    heard: list[int]
    effects: list[tuple[int, int]]

    def workers_on(self, day: int) -> int:
        """± workers that are due on a day."""
        return sum(workers for then, workers in self.effects if then <= day)


def unseen(swaps: dict[str, Open], day: int) -> int:
    """± workers on a day that the rule does not see yet."""
    return sum(one.workers_on(day) for one in swaps.values())


def forgotten(swaps: dict[str, Open], day: int) -> list[str]:
    """Those that have waited long enough when this day begins."""
    return [identity for identity, one in swaps.items() if day - one.since > WAITS]
