"""A fact as the index has it."""

from dataclasses import dataclass

from schemas.persons import Change

LISTED, UNLISTED = Change.LISTED.value, Change.UNLISTED.value
STARTS = frozenset({Change.JOINED.value, Change.TRANSFERRED_IN.value, Change.RETURNED.value, Change.LISTED.value})
"""Changes that can open a spell: who has one somewhere is known there."""


WITHDRAWN = bytes(16)
"""Stands in ``past`` for "it is not so": a row or a restated dossier has withdrawn the fact once."""


@dataclass(slots=True)
class Entry:
    """One row of ``intake.facts``. ``key``: person id or subject id. ``past``: hashes of earlier versions, joined, and
    ``WITHDRAWN``."""

    fact: str
    key: str
    version: int
    live: bool
    content: bytes
    past: bytes
    batch: str
    source: str
    unit: str
    branch: str
    form: str
    dossier: str
    line: str
    day: str
    change: str
    detail: str = ""

    def says(self, content: bytes) -> bool:
        """It stands, and says just this."""
        return self.live and self.content == content

    def said_before(self, content: bytes) -> bool:
        """An earlier version, or the withdrawn one, said just this."""
        return any(self.past[start : start + 16] == content for start in range(0, len(self.past), 16))
