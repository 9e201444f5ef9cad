"""Where units are: asked of the live state, which another package holds."""

from collections.abc import Collection
from typing import Protocol


class Whereabouts(Protocol):
    """Answers for units as they are now; what is not known is left out. May raise psycopg.Error."""

    def areas_of(self, enterprises: Collection[str]) -> dict[str, str]:
        """Unit id → area code, empty where an enterprise is known without one."""

    def covered_by(self, unions: Collection[str]) -> dict[str, set[str]]:
        """Union's unit id → unit ids of the enterprises that it covers."""


class Unknown:
    """Knows nothing: then only units that a key names are covered by it."""

    def areas_of(self, enterprises: Collection[str]) -> dict[str, str]:
        """None of them."""
        return {}

    def covered_by(self, unions: Collection[str]) -> dict[str, set[str]]:
        """None of them."""
        return {}
