"""Records that the step registry publishes, as CloudEvents. Ids follow from the fact that caused them."""

from typing import Final

import msgspec

from schemas.envelope import event_type
from streams.registry.facts import Event
from streams.registry.marks import Mark
from streams.step import Output

_MARK: Final = event_type("unit", "mark")
_encode = msgspec.json.Encoder().encode


class MarkData(msgspec.Struct, gc=False):
    """``schemas.changes.Mark`` as this step writes it."""

    kind: str
    sign: int
    about: str
    day: str
    key: str
    branch: str
    on: bool
    detail: dict[str, str]
    fact: str
    more: bool


class MarkEvent(msgspec.Struct, gc=False):
    """``schemas.envelope.CloudEvent`` as this step writes it."""

    id: str
    type: str
    subject: str
    time: str
    data: MarkData
    specversion: str = "1.0"
    source: str = "/streams/registry"
    datacontenttype: str = "application/json"


def mark_record(event: Event, number: int, sign: int, mark: Mark, *, more: bool) -> Output:
    """A mark, keyed by its unit; the ``number``-th that this fact's arrival caused."""
    fact = event.data
    data = MarkData(
        "mark", sign, mark.about, mark.day, mark.key, mark.branch, mark.on, dict(mark.detail), fact.fact, more
    )
    value = _encode(MarkEvent(f"{fact.fact}@{fact.version}.{number}", _MARK, mark.unit, event.time, data))
    return mark.unit.encode(), value
