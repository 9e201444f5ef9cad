"""What the store reads of each record; the shapes are those of ``schemas`` and are held to them by a test.

msgspec decodes about twenty times as fast as the models; days and instants are checked while decoding.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

Figure = Annotated[int, msgspec.Meta(ge=-1, le=1)]
"""One person more, one less, or none."""


class Envelope(msgspec.Struct, gc=False):
    """A CloudEvent whose data is decoded by its topic's own type."""

    type: str
    subject: str
    time: str
    data: msgspec.Raw


class Effect(msgspec.Struct, tag_field="kind", tag="effect", gc=False):
    """``schemas.changes.Effect``"""

    person: str
    day: str
    workers: Figure = 0
    present: Figure = 0
    members: Figure = 0
    fact: str = ""
    correction: bool = False


class Mark(msgspec.Struct, tag_field="kind", tag="mark", gc=False):
    """``schemas.changes.Mark``"""

    sign: Literal[1, -1]
    about: Literal["described", "cover", "agreement", "party", "dissolved", "edge", "baseline"]
    day: date
    key: str = ""
    branch: str = ""
    on: bool = True
    detail: dict[str, str] = {}
    fact: str = ""


class Action(msgspec.Struct, tag_field="kind", tag="alert", gc=False):
    """``schemas.changes.AlertAction``"""

    alert: str
    action: Literal["acknowledge", "snooze", "reopen"]
    by: str = ""
    until: str = ""


class Inherited(msgspec.Struct, tag_field="kind", tag="inherited", gc=False):
    """``schemas.changes.AlertInherited``; the rest of it stands in the successor's alert."""

    sign: Literal[1, -1]
    alert: str
    left_on: date
    sender: str


class Tick(msgspec.Struct, tag_field="kind", tag="clock", gc=False):
    """``schemas.changes.ClockAdvanced``"""

    day: date


class Change(msgspec.Struct, gc=False):
    """A record on ``unit.changes``, whole: there are as many of them as of all others together."""

    type: str
    subject: str
    time: str
    data: Effect | Mark | Action | Inherited | Tick


class Status(msgspec.Struct, gc=False):
    """``schemas.states.UnitStatus``"""

    unit: str
    kind: Literal["enterprise", "union"]
    day: str
    version: int
    workers: int = 0
    present: int = 0
    members: int = 0
    tax_code: str = ""
    union_code: str = ""
    name: str = ""
    ownership: str = ""
    area_code: str = ""
    park: str = ""
    eligible_agreement: str = ""
    eligible_party: str = ""
    upper_union: str = ""
    unions: list[str] = []
    partial_cover: bool = False
    agreement: bool = False
    party: bool = False
    baseline: Literal["none", "partial", "complete"] = "none"
    dissolved_on: str = ""
    unclosed: int = 0
    successors: list[str] = []


class Passed(msgspec.Struct, gc=False):
    """``schemas.states.ClockPassed``"""

    partition: int
    day: date


class Alert(msgspec.Struct, gc=False):
    """``schemas.states.Alert``"""

    id: str
    rule: str
    unit: str
    tax_code: str
    episode: int
    version: int
    state: Literal["open", "acknowledged", "snoozed", "resolved"]
    workers: int
    opened_on: date
    name: str = ""
    confirmed_on: str = ""
    resolved_on: str = ""
    reason: str = ""
    snoozed_until: str = ""
    by: str = ""
    history: list[dict[str, str | int]] = []
    successors: list[str] = []
    inherited: list[dict[str, Any]] = []


class Movement(msgspec.Struct, gc=False):
    """``schemas.states.Movement``"""

    movement_id: str
    version: int
    person: str
    what: Literal["joined", "transferred", "departed", "withdrawn"]
    supersedes: int = 0
    from_unit: str = ""
    to_unit: str = ""
    left_on: str = ""
    started_on: str = ""
    facts: list[str] = []


class Move(msgspec.Struct, gc=False):
    """A record on ``mobility.movements``, whole."""

    type: str
    subject: str
    time: str
    data: Movement


class Refused(msgspec.Struct, gc=False):
    """``schemas.states.Refused``"""

    line: str
    field: str
    reason: str
    message: str


class Receipt(msgspec.Struct, gc=False):
    """``schemas.states.Receipt``"""

    dossier: str
    batch: str
    file: str
    sha256: str
    feed: str
    accepted: int
    unchanged: int
    unit: str = ""
    refused: list[Refused] = []
    refused_total: int = 0
    signed: bool = False
    ignored_columns: list[str] = []
    notes: list[str] = []
    fixed: list[str] = []
