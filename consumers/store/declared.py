"""Facts, register facts and findings as lines for the database."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

import msgspec

from consumers.store import envelopes
from consumers.store.chunks import Raw
from consumers.store.lines import NULL, array, flag, text

Version = Annotated[int, msgspec.Meta(ge=1, lt=1 << 62)]
Identity = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Add = Callable[[str, str], None]
"""``add(table, line)``."""

_TWO_IDENTITIES: Final = re.compile(rb'"(identity_merged|merged)"').search


class Fact(msgspec.Struct, gc=False):
    """What is kept of a ``schemas.persons.PersonFact``."""

    fact: Identity
    version: Version
    change: str
    unit: str
    day: date
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
    day: date
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
    day: date
    open: bool
    cause: Identity


class _FactEvent(msgspec.Struct, gc=False):
    type: str
    subject: Identity
    time: str
    data: Fact


class _RegisterEvent(msgspec.Struct, gc=False):
    type: str
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
    one = event.data
    rest = text(_json(_whole(value).data).decode()) if _TWO_IDENTITIES(value) else NULL
    add(
        "facts",
        f"{event.subject}\t{one.fact}\t{one.version}\t{raw.offset}\t{event.time}\t{partition}\t{one.day}"
        f"\t{flag(one.precision == 'day')}\t{flag(one.short_contract)}\t{text(one.change)}\t{text(one.unit)}"
        f"\t{text(one.branch)}\t{text(one.form)}\t{text(one.code)}\t{text(one.reason)}\t{text(one.source)}"
        f"\t{text(one.dossier)}\t{text(one.line)}\t{rest}\n",
    )


def read_register_fact(add: Add, partition: int, raw: Raw) -> None:
    """A record of ``registry.events``."""
    event = _register(envelopes.value(raw))
    envelopes.known(event.type, event.time)
    one = event.data
    units = array(sorted({one.subject, *(place.unit for place in one.places)}))
    add(
        "register_facts",
        f"{one.fact}\t{one.version}\t{raw.offset}\t{event.time}\t{partition}\t{one.day}\t{text(one.change)}"
        f"\t{text(one.subject)}\t{units}\t{text(one.name)}\t{text(one.source)}\t{text(one.dossier)}"
        f"\t{text(one.line)}\n",
    )


def read_finding(add: Add, partition: int, raw: Raw) -> None:
    """A record of ``mobility.findings``."""
    event = _finding(envelopes.value(raw))
    envelopes.known(event.type, event.time)
    one = event.data
    add(
        "findings",
        f"{one.person}\t{one.fact}\t{text(one.what)}\t{text(one.unit)}\t{one.day}\t{flag(one.open)}\t{one.cause}"
        f"\t{partition}\t{raw.offset}\t{event.time}\n",
    )
