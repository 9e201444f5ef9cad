"""A correction that withdraws a fact and states another in its place, mostly of another person: records with keys of
their own that are one cause (meaning, rules 9 and 13; docs/decisions/0005)."""

from pydantic import Field

from schemas.envelope import HEX32, Said


class Swap(Said):
    """Which part of the correction this is. Rule ``no-union`` takes all its parts at an enterprise at once."""

    id: str = Field(pattern=HEX32, description="of the correction; the same in all its parts")
    part: int = Field(ge=1, description="which one this is, from 1")
    parts: int = Field(ge=2, description="how many there are")
