"""What holds for every record that the store reads, whatever its topic."""

import re
from typing import Final

from consumers.store.chunks import Raw
from schemas.envelope import TYPE_PREFIX

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII).fullmatch
"""PostgreSQL would also take words such as ``now`` for an instant."""


class UnreadableError(ValueError):
    """The record is not of the form that its topic's schema asks for."""


def known(kind: str, time: str) -> None:
    """Raises UnreadableError for a type of another version, and for a time that is no instant."""
    if not kind.startswith(TYPE_PREFIX) or not kind.endswith(".v1"):
        raise UnreadableError("the type is not one of version 1 of this program")
    if _INSTANT(time) is None:
        raise UnreadableError("time is not an instant in the form of RFC 3339")


def value(raw: Raw) -> bytes:
    """The record's bytes. Raises UnreadableError for a tombstone."""
    if raw.value is None:
        raise UnreadableError("a record without a value")
    return raw.value
