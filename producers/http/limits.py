"""How much is taken at once. Beyond a limit a sender is told so (413, 422, 429, 503), and when to come again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and seconds, unless it says otherwise."""

    rows_bytes: int = 16 << 20
    """A body of rows as JSON."""
    rows: int = 20_000
    """Rows of a batch."""
    value_chars: int = 500
    """Characters of one value of a row."""
    file_bytes: int = 64 << 20
    """A file; what it unpacks to has the readers' own limits."""
    in_flight_bytes: int = 192 << 20
    """Bodies that are being received at the same time, all together."""
    body_seconds: float = 120.0
    """For a body to arrive."""
    queue_posts: int = 5_000
    """Posts that wait for their turn."""
    queue_bytes: int = 1 << 30
    """The same in bytes."""


DEFAULT_LIMITS = Limits()
