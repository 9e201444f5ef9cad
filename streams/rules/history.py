"""What an alert has lived through: its own transitions, and what it took over from a predecessor (meaning, rule 14)."""

import msgspec


class Step(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One transition, on the clock's day (ordinal)."""

    on: int
    state: str
    reason: str
    workers: int
    by: str = ""


class Inherited(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An alert of a predecessor, as it stood when the predecessor was dissolved.

    Days are ordinals, 0 for none. ``unit`` is the enterprise whose alert it was, ``on`` the clock's day on which it was
    left behind; ``large`` its consecutive month-ends at the threshold or above. An alert that carries it counts these
    on, and may so confirm it: what is taken back again goes with its own row and date.
    """

    alert: str
    unit: str
    on: int
    opened_on: int
    confirmed_on: int
    large: int
    history: tuple[Step, ...]
