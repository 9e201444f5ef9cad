"""Records on ``unit.changes``: the ordered log of one unit. Key: unit id; ``clock`` for ticks, one a partition."""

from typing import Literal

from pydantic import Field

from schemas.envelope import DAY, HEX32, Said
from schemas.states import AlertStep
from schemas.swap import Swap


class Effect(Said):
    """A person's ± on a unit from a day on. At an enterprise all three figures, at a union ``members`` alone."""

    kind: Literal["effect"] = "effect"
    person: str = Field(pattern=HEX32)
    day: str = Field(pattern=DAY)
    workers: int = Field(default=0, ge=-1, le=1)
    present: int = Field(default=0, ge=-1, le=1)
    members: int = Field(default=0, ge=-1, le=1)
    fact: str = Field(default="", description="the fact whose arrival caused it")
    correction: bool = Field(default=False, description="a replaced or cancelled fact caused it, not a movement")
    more: bool = Field(
        default=False, description="the same cause has another effect on this unit: rules wait for the last"
    )
    swap: Swap | None = Field(
        default=None,
        description="one part of a correction, mostly one that names another person: rules take all parts at once",
    )


class Mark(Said):
    """A registry statement on a unit, asserted (``sign`` 1) or taken back (-1). The asserted marks are the truth."""

    kind: Literal["mark"] = "mark"
    sign: Literal[1, -1]
    about: Literal["described", "cover", "agreement", "party", "dissolved", "edge", "baseline"]
    day: str = Field(pattern=DAY)
    key: str = Field(
        default="", description="cover: union code; agreement, party: code; edge: the other unit; else empty"
    )
    branch: str = Field(default="", description="cover of one branch: its 13-character code")
    on: bool = Field(default=True, description="false: ends on that day")
    detail: dict[str, str] = Field(default_factory=dict, description="described: the stated fields; edge: direction")
    fact: str = ""
    more: bool = Field(
        default=False, description="the same cause has another mark on this unit: rules wait for the last"
    )


class AlertAction(Said):
    """What an officer does with an alert; ``by`` is an account name of the watch page."""

    kind: Literal["alert"] = "alert"
    alert: str = Field(pattern=HEX32)
    action: Literal["acknowledge", "snooze", "reopen"]
    by: str = ""
    until: str = Field(default="", description="snooze: the first day it speaks again")


class AlertInherited(Said):
    """A dissolved enterprise hands an alert on to a successor, or (``sign`` -1) takes it back. Key: the successor."""

    kind: Literal["inherited"] = "inherited"
    sign: Literal[1, -1]
    alert: str = Field(pattern=HEX32, description="the alert that is handed on; its id stays with its own unit")
    left_on: str = Field(pattern=DAY, description="the clock's day on which it was left behind")
    sender: str = Field(description="the dissolved enterprise that says it")
    unit: str = Field(default="", description="whose alert it was: the sender, or a predecessor of it")
    opened_on: str = ""
    confirmed_on: str = ""
    month_ends: int = Field(default=0, ge=0, description="consecutive evaluated month-ends at 20 or more by then")
    history: list[AlertStep] = Field(default_factory=list)


class ClockAdvanced(Said):
    """The day in Asia/Ho_Chi_Minh has come. Lower or repeated days are ignored."""

    kind: Literal["clock"] = "clock"
    day: str = Field(pattern=DAY)
    partition: int = Field(ge=0, description="the partition of unit.changes that this tick was sent to")


CLOCK_KEY = "clock"
