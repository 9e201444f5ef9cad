"""Spoken facts as CloudEvents in JSON. The structs mirror the models in ``schemas`` (a test holds them together) and
leave out what has its default; encoding so takes a twentieth of the time of the models."""

from datetime import UTC, datetime

import msgspec

from producers.index.decide import Spoken
from producers.index.entry import Entry
from producers.index.swaps import Swap
from producers.validate.claims import Claim, PersonClaim, RegistryClaim
from schemas.envelope import event_type
from schemas.states import Receipt
from schemas.topics import MOVEMENTS_IN, RECEIPTS, REGISTRY_IN

CANCELLED = "cancelled"
PERSON_KEY = 32  # digits of a person id; subjects begin with a letter and are shorter


class PersonData(msgspec.Struct, omit_defaults=True):
    """``schemas.persons.PersonFact``."""

    fact: str
    version: int
    change: str
    unit: str
    day: str
    precision: str
    source: str
    dossier: str
    line: str
    branch: str = ""
    form: str = ""
    code: str = ""
    code_class: str = ""
    code_table: str = ""
    short_contract: bool = False
    reason: str = ""
    swap: Swap | None = None


class PlaceData(msgspec.Struct, omit_defaults=True):
    """``schemas.registry.Place``."""

    unit: str
    branch: str = ""


class RegistryData(msgspec.Struct, omit_defaults=True):
    """``schemas.registry.RegistryFact``."""

    fact: str
    version: int
    change: str
    subject: str
    day: str
    source: str
    dossier: str
    line: str
    name: str = ""
    tax_code: str = ""
    unit_code: str = ""
    union_code: str = ""
    ownership: str = ""
    area_code: str = ""
    park: str = ""
    eligible_agreement: str = ""
    eligible_party: str = ""
    upper_union: str = ""
    places: list[PlaceData] = msgspec.field(default_factory=list)
    ends_on: str = ""
    complete: bool = False


class Event(msgspec.Struct):
    """``schemas.envelope.CloudEvent``."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    data: PersonData | RegistryData | dict[str, object]


_ENCODER = msgspec.json.Encoder()


def recorded(now: datetime) -> str:
    """RFC 3339 in UTC with ``Z``, to the microsecond."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _envelope(name: str, source: str, kind: str, subject: str, time: str, data: Event | object) -> bytes:
    event = Event("1.0", name, f"/feeds/{source}", kind, subject, time, "application/json", data)  # type: ignore[arg-type]
    return _ENCODER.encode(event)


def fact_event(spoken: Spoken, dossier: str, line: str, time: str) -> tuple[str, bytes, bytes]:
    """(topic, key, value). ``dossier`` and ``line`` are those of the row that says this version."""
    claim, entry = spoken.claim, spoken.entry
    person = isinstance(claim, PersonClaim) if claim else len(spoken.key) == PERSON_KEY
    data = (
        _withdrawal(spoken, entry, dossier, line, person) if claim is None else _statement(spoken, claim, dossier, line)
    )
    kind = event_type("person" if person else "registry", data.change if spoken.kind == "stated" else spoken.kind)
    value = _envelope(f"{spoken.fact}@{spoken.version}", entry.source, kind, spoken.key, time, data)
    return MOVEMENTS_IN if person else REGISTRY_IN, spoken.key.encode(), value


def _statement(spoken: Spoken, claim: Claim, dossier: str, line: str) -> PersonData | RegistryData:
    if isinstance(claim, PersonClaim):
        return PersonData(
            spoken.fact,
            spoken.version,
            claim.change,
            claim.unit,
            claim.day,
            claim.precision,
            claim.source,
            dossier,
            line,
            claim.branch,
            claim.form,
            claim.code,
            claim.code_class,
            claim.code_table,
            claim.short_contract,
            claim.reason,
            spoken.swap,
        )
    return _registry(spoken, claim, dossier, line)


def _registry(spoken: Spoken, claim: RegistryClaim, dossier: str, line: str) -> RegistryData:
    return RegistryData(
        spoken.fact,
        spoken.version,
        claim.change,
        claim.subject,
        claim.day,
        claim.source,
        dossier,
        line,
        claim.name,
        claim.tax_code,
        claim.unit_code,
        claim.union_code,
        claim.ownership,
        claim.area_code,
        claim.park,
        claim.eligible_agreement,
        claim.eligible_party,
        claim.upper_union,
        [PlaceData(place.unit, place.branch) for place in claim.places],
        claim.ends_on,
        claim.complete,
    )


def _withdrawal(spoken: Spoken, entry: Entry, dossier: str, line: str, person: bool) -> PersonData | RegistryData:
    if person:
        return PersonData(
            spoken.fact,
            spoken.version,
            CANCELLED,
            entry.unit,
            entry.day,
            "month",
            entry.source,
            dossier,
            line,
            entry.branch,
            entry.form,
            reason="corrected",
            swap=spoken.swap,
        )
    return RegistryData(spoken.fact, spoken.version, CANCELLED, spoken.key, entry.day, entry.source, dossier, line)


def receipt_event(receipt: Receipt, time: str) -> tuple[str, bytes, bytes]:
    """(topic, key, value): the receipt under its dossier; its id is the batch, by which a crash is settled."""
    data = receipt.model_dump(mode="json")
    value = _envelope(receipt.batch, receipt.feed, event_type("intake", "receipt"), receipt.dossier, time, data)
    return RECEIPTS, receipt.dossier.encode(), value
