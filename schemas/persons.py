"""Facts on ``mobility.events``: what somebody declared about one person. Key: person id (32 hex digits)."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.envelope import DAY, HEX32, Said
from schemas.swap import Swap


class Change(StrEnum):
    """What a fact says. The first block speaks of a spell at an enterprise, the second of membership in a union."""

    JOINED = "joined"  # TM, TH; opening roster's from_month
    TRANSFERRED_IN = "transferred_in"  # TC, TD
    TRANSFERRED_OUT = "transferred_out"  # GC, GD
    DEPARTED = "departed"  # GH, GH1, GH2, GH3
    ABSENT = "absent"  # sick, maternity, unpaid: the log does not say which
    RETURNED = "returned"  # ON
    DIED = "died"  # GH4; member register
    LISTED = "listed"  # opening roster's as_of
    UNLISTED = "unlisted"  # complete opening roster without this person
    NOTED = "noted"  # accepted, no effect on counts

    ADMITTED = "admitted"
    MEMBER_TRANSFERRED = "member_transferred"  # shown at the receiving union
    MEMBER_LEFT = "member_left"  # reason: left, struck_off, retired
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"

    IDENTITY_MERGED = "identity_merged"  # on the losing id's key, `winner` is set; its notice there: `through` is
    CANCELLED = "cancelled"  # the fact is withdrawn; `fact` and `version` say which


SPELL_CHANGES = frozenset(list(Change)[:10])
MEMBER_CHANGES = frozenset({"admitted", "member_transferred", "member_left", "suspended", "reinstated"})


class PersonFact(Said):
    """One fact in one version. A correction restates it whole with the next version, or cancels it."""

    fact: str = Field(pattern=HEX32, description="identity of the declared line or row")
    version: int = Field(ge=1, description="1 when first published; each replace or cancel adds one")
    change: Change
    unit: str = Field(description="enterprise id (e...) for spells, union id (u...) for membership")
    branch: str = Field(default="", description="13-character tax code of the branch, empty for the head office")
    day: str = Field(pattern=DAY, description="effective day; of a month, its first")
    precision: Literal["day", "month"] = "month"
    form: str = Field(default="", description="D02, D05, or the register's name")
    code: str = Field(default="", description="movement code; empty where it would tell of health")
    code_class: str = Field(default="", description="class of the code: start, leave, absence, return, death, none")
    code_table: str = Field(default="", description="version of the code table that gave the class")
    short_contract: bool = Field(default=False, description="TH: trial or under three months")
    reason: str = Field(default="", description="member_left: left, struck_off or retired; cancelled: why")
    source: str = Field(description="feed: bhxh, roster, member-register, http; merged: forwarded")
    dossier: str
    line: str
    winner: str = Field(default="", description="identity_merged: the id that stays")
    through: list[str] = Field(
        default_factory=list, description="of a merged identity: the ids that the fact came through to this one"
    )
    swap: Swap | None = Field(
        default=None, description="it is one part of a correction that withdraws and states facts at its enterprise"
    )
