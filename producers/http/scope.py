"""What a key may speak for. Nothing that is not named in it."""

from dataclasses import dataclass

from producers.readers import FeedKind

FEEDS = tuple(kind.value for kind in FeedKind)
WHOLE_REGISTERS = (FeedKind.AGREEMENT, FeedKind.PARTY)
"""Registers of which a row may restate somebody else's subject: only a key for everywhere may send them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``feeds``: values of FeedKind. ``everywhere``: any enterprise and union; else those named by tax code (of the
    legal entity: its branches too), by union code, or by the area (province or ward) that they are in."""

    feeds: frozenset[str]
    everywhere: bool = False
    areas: frozenset[str] = frozenset()
    enterprises: frozenset[str] = frozenset()
    unions: frozenset[str] = frozenset()

    def names(self, unit: str) -> bool:
        """Whether the unit (``e0200123456``, ``uCD-1``) is covered without asking where it is."""
        if self.everywhere:
            return True
        kind, code = unit[:1], unit[1:]
        return (kind == "e" and code in self.enterprises) or (kind == "u" and code in self.unions)

    def may_send(self, kind: FeedKind) -> bool:
        """Whether this feed is taken from it."""
        return kind.value in self.feeds and (self.everywhere or kind not in WHOLE_REGISTERS)
