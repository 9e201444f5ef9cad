"""Where a fold can begin instead of at a person's first fact."""

import msgspec

from streams.people.membership import Home
from streams.people.turns import Turn


class Checkpoint(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What all facts dated before the day ``before`` leave behind. Part of the changelog: only add fields, at the end.

    ``spells``: enterprise -> branch -> state of the open ones. ``turns``: those, by day, that may still become an end
    of another move than now. ``dead``: whatever is dated later has no effect.
    """

    before: int
    spells: dict[str, dict[str, int]]
    home: Home
    dead: bool
    turns: list[Turn]
