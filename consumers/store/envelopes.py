"""What holds for every record that the store reads, whatever its topic."""

import re
from functools import lru_cache
from typing import Final

from consumers.store.chunks import Raw
from schemas.envelope import TYPE_PREFIX

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII).fullmatch
"""PostgreSQL would also take words such as ``now`` for an instant."""


class UnreadableError(ValueError):
    """The record is not of the form that its topic's schema asks for."""


@lru_cache(maxsize=256)
def _is_ours(kind: str) -> bool:
    return kind.startswith(TYPE_PREFIX) and kind.endswith(".v1")


@lru_cache(maxsize=4096)
def _is_instant(time: str) -> bool:
    """Records of one dossier, and all that follows from them, have one time."""
    return _INSTANT(time) is not None


def known(kind: str, time: str) -> None:
    """Raises UnreadableError for a type of another version, and for a time that is no instant."""
    if not _is_ours(kind):
        raise UnreadableError("the type is not one of version 1 of this program")
    if not _is_instant(time):
        raise UnreadableError("time is not an instant in the form of RFC 3339")


def value(raw: Raw) -> bytes:
    """The record's bytes. Raises UnreadableError for a tombstone."""
    if raw.value is None:
        raise UnreadableError("a record without a value")
    return raw.value


def belongs(raw: Raw, subject: str) -> None:
    """The steps take a record's key for whom it speaks of, and set aside one that names another subject than its key:
    it is on ``<topic>.dead`` and counts nowhere, so it is no row here. Raises UnreadableError."""
    if raw.key != subject.encode():
        raise UnreadableError("the key is not the record's subject: it is on the dead letters of its topic")
