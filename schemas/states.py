"""State that the steps publish: live unit state, alerts, movements; and the receipts of the intake."""

from typing import Literal

from pydantic import Field

from schemas.envelope import DAY, HEX32, Said


class UnitStatus(Said):
    """Live state of a unit on the clock's day, on ``unit.status`` (compacted); ``version`` counts applied changes."""

    unit: str
    kind: Literal["enterprise", "union"]
    day: str = Field(description="the clock's day it speaks of; empty before the first tick")
    version: int = Field(ge=0)
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
    unions: list[str] = Field(default_factory=list, description="codes of the unions whose cover is live")
    partial_cover: bool = Field(default=False, description="covered, but only some branches")
    agreement: bool = False
    party: bool = False
    baseline: Literal["none", "partial", "complete"] = "none"
    dissolved_on: str = Field(default="", description="its counts are 0 from that day")
    unclosed: int = Field(
        default=0, ge=0, description="open spells left at a dissolved enterprise, memberships left in a dissolved union"
    )
    successors: list[str] = Field(default_factory=list)


class ClockPassed(Said):
    """Written to ``unit.status`` under ``clock/PARTITION`` once every unit of the partition lives on that day."""

    partition: int
    day: str = Field(pattern=DAY)


class AlertStep(Said):
    """One transition in the life of an alert; ``on`` is the clock's day."""

    on: str
    state: Literal["open", "acknowledged", "snoozed", "resolved", "confirmed"]
    reason: str = ""
    workers: int = 0
    by: str = ""


class InheritedAlert(Said):
    """An alert of a dissolved predecessor that a successor's alert carries on (meaning, rule 14)."""

    alert: str = Field(pattern=HEX32)
    unit: str = Field(description="the enterprise whose alert it was")
    opened_on: str = Field(pattern=DAY)
    confirmed_on: str = ""
    history: list[AlertStep] = Field(default_factory=list)


class Alert(Said):
    """An alert's full state, on ``alerts`` (compacted). Key: its id."""

    id: str = Field(pattern=HEX32)
    rule: Literal["no-union"]
    unit: str
    tax_code: str
    name: str = ""
    episode: int = Field(ge=1)
    version: int = Field(ge=1, description="counts the transitions")
    state: Literal["open", "acknowledged", "snoozed", "resolved"]
    workers: int = Field(description="at the last transition")
    opened_on: str = Field(pattern=DAY)
    confirmed_on: str = Field(default="", description="second consecutive evaluated month-end at 20 or more")
    resolved_on: str = ""
    reason: str = Field(default="", description="covered, dissolved, shrunk, corrected")
    snoozed_until: str = ""
    by: str = Field(default="", description="who has it in hand")
    history: list[AlertStep] = Field(default_factory=list)
    successors: list[str] = Field(default_factory=list, description="of the enterprise whose end resolved it")
    inherited: list[InheritedAlert] = Field(
        default_factory=list, description="it is as old as the oldest of these, and confirmed if one of them was"
    )


class Movement(Said):
    """A resolved movement of a person, on ``mobility.movements``. A later, better reading supersedes it."""

    movement_id: str = Field(pattern=HEX32)
    version: int = Field(ge=1)
    supersedes: int = Field(default=0, ge=0, description="version it replaces; 0: none")
    person: str = Field(pattern=HEX32)
    what: Literal["joined", "transferred", "departed", "withdrawn"]
    from_unit: str = ""
    to_unit: str = ""
    left_on: str = ""
    started_on: str = ""
    facts: list[str] = Field(default_factory=list, description="leave and start, as far as known")


class Finding(Said):
    """A finding about a person appeared or went away, on ``mobility.findings``. Work for a clerk, no error."""

    person: str = Field(pattern=HEX32)
    fact: str = Field(pattern=HEX32, description="the fact that has no effect, or not the one it claims")
    what: str = Field(description="stable code, such as leave-without-start")
    unit: str = Field(description="unit of the fact; empty for none")
    day: str = Field(pattern=DAY, description="effective day of the fact")
    open: bool = Field(description="true: found; false: no longer so")
    cause: str = Field(pattern=HEX32, description="the fact whose arrival changed it")


class Refused(Said):
    """A row that was not taken in. The row itself is in quarantine, encrypted; here is what anyone may read."""

    line: str
    field: str
    reason: str = Field(description="stable code, such as unknown-movement-code")
    message: str


class Receipt(Said):
    """What became of a dossier, on ``intake.receipts``, written in the transaction of its events."""

    dossier: str
    batch: str = Field(pattern=HEX32, description="one ingestion of one dossier; found again after a crash")
    file: str = Field(description="name of the file, without folders")
    sha256: str
    feed: str
    unit: str = ""
    accepted: int = Field(ge=0)
    unchanged: int = Field(ge=0)
    refused: list[Refused] = Field(default_factory=list, description="the first 1,000; refused_total has the number")
    refused_total: int = Field(default=0, ge=0)
    signed: bool = Field(default=False, description="a signature block is present (not verified)")
    ignored_columns: list[str] = Field(default_factory=list)
    notes: list[str] = Field(
        default_factory=list, description="remarks that refuse nothing, such as the encoding taken"
    )
    fixed: list[str] = Field(
        default_factory=list,
        description="lines refused before, corrected in quarantine and taken in here; at most 1,000",
    )


class DeadRecord(Said):
    """A record that a step could not process, on ``<topic>.dead``."""

    topic: str
    partition: int
    offset: int
    step: str
    reason: str
    key: str = Field(description="base64")
    value: str = Field(description="base64")
