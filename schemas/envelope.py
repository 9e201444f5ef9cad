"""The CloudEvents envelope that every record on the log wears (CloudEvents 1.0, structured JSON mode)."""

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

TYPE_PREFIX = "vn.union-mobility"
"""Reverse-DNS prefix of every event type; the major version closes it: ``vn.union-mobility.person.joined.v1``."""

DAY = r"^\d{4}-\d{2}-\d{2}$"
HEX32 = r"^[0-9a-f]{32}$"


class Said(BaseModel):
    """A closed record: unknown fields are refused when writing, so that a typing error can't travel."""

    model_config = ConfigDict(extra="forbid", frozen=True)


DataT = TypeVar("DataT", bound=BaseModel)


class CloudEvent(Said, Generic[DataT]):
    """One record of the log. ``time`` is when the fact was recorded (UTC, RFC 3339), never when it was true."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, description="unique within source; a fact is FACT_ID@VERSION")
    source: str = Field(min_length=1, description="URI reference of the feed or step that says it")
    type: str = Field(pattern=rf"^{TYPE_PREFIX}\.[a-z.\-_]+\.v\d+$")
    subject: str = Field(min_length=1, description="the record's key: person, unit, dossier or alert")
    time: str = Field(description="recorded time, RFC 3339, UTC")
    datacontenttype: Literal["application/json"] = "application/json"
    data: DataT


def event_type(family: str, change: str, major: int = 1) -> str:
    """``event_type("person", "joined")`` -> ``vn.union-mobility.person.joined.v1``."""
    return f"{TYPE_PREFIX}.{family}.{change}.v{major}"
