"""What a row claims, and how a row is refused."""

from dataclasses import dataclass, field

from producers.units.tax_code import Place
from producers.vault.identifiers import Identifier


class RowFault(Exception):
    """The row can't be taken in. ``reason`` is a stable code; the sentences say what is wrong and what to do.

    The sentences reach Kafka with the receipt: they never quote a name or a number of a person.
    """

    def __init__(self, field: str, reason: str, vi: str, en: str) -> None:
        super().__init__(reason)
        self.field, self.reason, self.vi, self.en = field, reason, vi, en


class FileFault(Exception):
    """The file as a whole can't be taken in (where the reader could read it): no unit, no dossier, unknown code."""

    def __init__(self, reason: str, vi: str, en: str) -> None:
        super().__init__(reason)
        self.reason, self.vi, self.en = reason, vi, en


@dataclass(slots=True)
class PersonClaim:
    """A fact about a person. ``fact`` is empty until the person is known, where the identity needs the person:
    then it is made from ``register``, ``register_key``, the person, ``change`` and ``on``."""

    source: str
    change: str
    unit: str
    branch: str
    day: str
    precision: str
    form: str
    code: str = ""
    code_class: str = ""
    code_table: str = ""
    short_contract: bool = False
    reason: str = ""
    secret_code: str = ""  # tells of health: to the vault only
    fact: str = ""
    register: str = ""
    register_key: str = ""
    on: str = ""


@dataclass(slots=True)
class RegistryClaim:
    """A fact of a register about a subject; fields as in ``schemas.registry.RegistryFact``."""

    source: str
    change: str
    subject: str
    day: str
    fact: str
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
    places: tuple[Place, ...] = ()
    ends_on: str = ""
    complete: bool = False
    needs_name: bool = False  # of an enterprise that was not stated before


Claim = PersonClaim | RegistryClaim


@dataclass(slots=True)
class Citation:
    """``DOSSIER:LINE[@VERSION]``; version 0: not stated."""

    dossier: str
    line: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """A position in a union, for the vault only. ``since`` is empty where the row does not say it, ``until`` while it
    is held. Days ``YYYY-MM-DD``."""

    union: str
    position: str
    since: str = ""
    until: str = ""


@dataclass(slots=True)
class Stated:
    """A valid row: what it claims, about whom, and whether it corrects something."""

    dossier: str
    place: Place | None
    claims: list[Claim]
    identifiers: tuple[Identifier, ...] = ()
    record: dict[str, str] = field(default_factory=dict)
    action: str = "new"
    citation: Citation | None = None
    unit_code: tuple[str, str] | None = None  # (code, since): the register says that the place has it
    posts: tuple[Post, ...] = ()
    roster: tuple[Place, str, bool] | None = None  # (place, as_of, complete): the roster that the row belongs to
