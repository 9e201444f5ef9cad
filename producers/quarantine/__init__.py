"""Refused rows: sealed by the master key, with the reason in clear, until somebody corrects or discards them.

- ``holding``: into quarantine, part of staging a file.
- ``reading``: lists, groups, counts over time, and what rows stated (each look is logged).
- ``correcting``: edit and discard.
- ``resending``: through the intake again, as a fact of the same dossier and line, exactly once.
"""

from producers.quarantine.holding import Refusal, hold
from producers.quarantine.reading import Held, held_counts, held_rows

__all__ = ["Held", "Refusal", "held_counts", "held_rows", "hold"]
