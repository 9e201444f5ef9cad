"""Facts, register facts and findings as lines for the database."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec

from consumers.store import envelopes
from consumers.store.chunks import Raw
from consumers.store.lines import NULL, array, escaped, flag, is_plain, stated_day, text

Version = Annotated[int, msgspec.Meta(ge=1, lt=1 << 62)]
Identity = Annotated[str, msgspec.Meta(min_length=32, max_length=32)]
"""That it is hexadecimal the database says, whose type it has; a pattern takes as long as the rest of a record."""
Add = Callable[[str, str], None]
"""``add(table, line)``."""

_IDS: Final = 66
"""Characters of two ids and what follows each."""
_MERGER: Final = "identity_merged"
_MERGED: Final = "merged"
"""Change of a merger, and source of what it passed on: statements that speak of two identities."""


class Fact(msgspec.Struct, gc=False):
    """What is kept of a ``schemas.persons.PersonFact``."""

    fact: Identity
    version: Version
    change: str
    unit: str
    day: str
    source: str
    dossier: str
    line: str
    branch: str = ""
    precision: str = "month"
    form: str = ""
    code: str = ""
    short_contract: bool = False
    reason: str = ""


class Place(msgspec.Struct, gc=False):
    """``schemas.registry.Place``, its branch left out."""

    unit: str


class RegisterFact(msgspec.Struct, gc=False):
    """What is kept of a ``schemas.registry.RegistryFact``."""

    fact: Identity
    version: Version
    change: str
    subject: str
    day: str
    source: str
    dossier: str
    line: str
    name: str = ""
    places: list[Place] = []


class Finding(msgspec.Struct, gc=False):
    """``schemas.states.Finding``"""

    person: Identity
    fact: Identity
    what: str
    unit: str
    day: str
    open: bool
    cause: Identity


class _FactEvent(msgspec.Struct, gc=False):
    type: str
    subject: Identity
    time: str
    data: Fact


class _RegisterEvent(msgspec.Struct, gc=False):
    type: str
    subject: str
    time: str
    data: RegisterFact


class _FindingEvent(msgspec.Struct, gc=False):
    type: str
    time: str
    data: Finding


class _Whole(msgspec.Struct, gc=False):
    data: dict[str, Any]


_fact = msgspec.json.Decoder(_FactEvent).decode
_register = msgspec.json.Decoder(_RegisterEvent).decode
_finding = msgspec.json.Decoder(_FindingEvent).decode
_whole = msgspec.json.Decoder(_Whole).decode
_json = msgspec.json.Encoder().encode


def read_fact(add: Add, partition: int, raw: Raw) -> None:
    """A record of ``mobility.events``, which is kept under the person that it was sent to."""
    value = envelopes.value(raw)
    event = _fact(value)
    envelopes.known(event.type, event.time)
    envelopes.belongs(raw, event.subject)
    person, one = event.subject, event.data
    if not is_plain(value):
        person, one = text(person), escaped(one)
    rest = text(_json(_whole(value).data).decode()) if one.change == _MERGER or one.source == _MERGED else NULL
    add(
        "facts",
        f"{person}\t{one.fact}\t{one.version}\t{raw.offset}\t{event.time}\t{partition}\t{stated_day(one.day)}"
        f"\t{flag(one.precision == 'day')}\t{flag(one.short_contract)}\t{one.change}\t{one.unit}\t{one.branch}"
        f"\t{one.form}\t{one.code}\t{one.reason}\t{one.source}\t{one.dossier}\t{one.line}\t{rest}\n",
    )


def read_register_fact(add: Add, partition: int, raw: Raw) -> None:
    """A record of ``registry.events``."""
    value = envelopes.value(raw)
    event = _register(value)
    envelopes.known(event.type, event.time)
    envelopes.belongs(raw, event.subject)
    envelopes.belongs(raw, event.data.subject)
    one = event.data
    units = array(sorted({one.subject, *(place.unit for place in one.places)}))
    if not is_plain(value):
        one = escaped(one)
    add(
        "register_facts",
        f"{one.fact}\t{one.version}\t{raw.offset}\t{event.time}\t{partition}\t{stated_day(one.day)}\t{one.change}"
        f"\t{one.subject}\t{units}\t{one.name}\t{one.source}\t{one.dossier}\t{one.line}\n",
    )


def read_finding(add: Add, partition: int, raw: Raw) -> None:
    """A record of ``mobility.findings``."""
    value = envelopes.value(raw)
    event = _finding(value)
    envelopes.known(event.type, event.time)
    one = event.data
    if not is_plain(value):
        one = escaped(one)
    add(
        "findings",
        f"{one.person}\t{one.fact}\t{one.what}\t{one.unit}\t{stated_day(one.day)}\t{flag(one.open)}\t{one.cause}"
        f"\t{partition}\t{raw.offset}\t{event.time}\n",
    )


def latest(findings: list[str]) -> tuple[list[str], list[str]]:
    """Lines of findings in the order of the log: the last of each finding, and those before it."""
    last: dict[str, str] = {}
    before = []
    for line in findings:
        finding = line[: line.index("\t", _IDS)]  # person, fact, what
        if finding in last:
            before.append(last[finding])
        last[finding] = line
    return list(last.values()), before
