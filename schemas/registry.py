"""Facts on ``registry.events``: what a register says of its subject. Key: subject id."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.envelope import DAY, HEX32, Said


class RegistryChange(StrEnum):
    """Each restates its subject from a day on; what changed against before is derived, not claimed."""

    ENTERPRISE_STATED = "enterprise_stated"
    ENTERPRISE_DISSOLVED = "enterprise_dissolved"  # one successor: merged; several: split
    UNION_STATED = "union_stated"  # founded, renamed, covers: those left out are no longer covered
    UNION_DISSOLVED = "union_dissolved"
    AGREEMENT_SIGNED = "agreement_signed"
    PARTY_FOUNDED = "party_founded"
    PARTY_ENDED = "party_ended"
    ROSTER_STATED = "roster_stated"  # subject: enterprise; its baseline
    CANCELLED = "cancelled"


class Place(Said):
    """An enterprise, or one branch of it, that a union, agreement or organisation reaches."""

    unit: str = Field(description="enterprise id")
    branch: str = Field(default="", description="13-character tax code; empty: the whole legal entity")


class RegistryFact(Said):
    """One fact in one version; fields that its change does not speak of stay empty (empty = not stated)."""

    fact: str = Field(pattern=HEX32)
    version: int = Field(ge=1)
    change: RegistryChange
    subject: str = Field(description="unit id, or a… of an agreement, p… of a Party organisation")
    day: str = Field(pattern=DAY, description="effective from")
    name: str = ""
    tax_code: str = Field(default="", description="enterprise: its current 10-digit code, or the branch's 13")
    unit_code: str = Field(default="", description="enterprise: social-insurance unit code")
    union_code: str = ""
    ownership: Literal["", "state", "private", "foreign", "cooperative", "public_unit"] = ""
    area_code: str = ""
    park: str = ""
    eligible_agreement: Literal["", "yes", "no"] = ""
    eligible_party: Literal["", "yes", "no"] = ""
    upper_union: str = ""
    places: list[Place] = Field(default_factory=list, description="covered enterprises; successors on dissolution")
    ends_on: str = Field(default="", description="agreement: last day in force")
    complete: bool = Field(default=False, description="roster: lists everyone")
    source: str
    dossier: str
    line: str
