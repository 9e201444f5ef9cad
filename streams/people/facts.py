"""A declared fact as the step keeps it, and the numbers of what it may say."""

from typing import Final

import msgspec

# The numbers are written to the changelog: never renumber, only add.
JOINED: Final = 1
TRANSFERRED_IN: Final = 2
TRANSFERRED_OUT: Final = 3
DEPARTED: Final = 4
ABSENT: Final = 5
RETURNED: Final = 6
DIED: Final = 7
LISTED: Final = 8
UNLISTED: Final = 9
NOTED: Final = 10
ADMITTED: Final = 11
MEMBER_TRANSFERRED: Final = 12
MEMBER_LEFT: Final = 13
SUSPENDED: Final = 14
REINSTATED: Final = 15
IDENTITY_MERGED: Final = 16
CANCELLED: Final = 17

KNOWN: Final = {
    "joined": (JOINED, "e"),
    "transferred_in": (TRANSFERRED_IN, "e"),
    "transferred_out": (TRANSFERRED_OUT, "e"),
    "departed": (DEPARTED, "e"),
    "absent": (ABSENT, "e"),
    "returned": (RETURNED, "e"),
    "died": (DIED, ""),
    "listed": (LISTED, "e"),
    "unlisted": (UNLISTED, "e"),
    "noted": (NOTED, ""),
    "admitted": (ADMITTED, "u"),
    "member_transferred": (MEMBER_TRANSFERRED, "u"),
    "member_left": (MEMBER_LEFT, "u"),
    "suspended": (SUSPENDED, "u"),
    "reinstated": (REINSTATED, "u"),
    "identity_merged": (IDENTITY_MERGED, ""),
    "cancelled": (CANCELLED, ""),
}
"""Change -> its number, and what the id of its unit begins with: an enterprise, a union, or either."""


class Fact(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The latest version of one declared fact; ``day`` is an ordinal, ``exact`` tells a day from a month."""

    id: bytes
    version: int
    change: int
    unit: str
    branch: str
    day: int
    exact: bool
    short: bool = False
